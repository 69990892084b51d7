-- SPDX-License-Identifier: GPL-3.0-or-later
-- What rules.load_layout prepares of a layout's fields, so that a record is taken apart and put together without looking up its
-- fields one by one: every sale does that a dozen times.
alter table onecard.card_area
    add mask text not null default '',          -- the record in hex, as a pattern of LIKE: what is always the same, _ elsewhere
    add digits int[] not null default '{}',     -- runs of decimal digits in that hex: {position, length} each
    add sum_at int,                             -- where its checksum is, null: it has none
    add step_at int,                            -- where its sampling step is
    add blank bytea not null default '',        -- the record with nothing in it but what is always the same
    add names text[] not null default '{}',     -- the fields that hold values, in order; with the five lists below
    add encodings text[] not null default '{}',
    add ats int[] not null default '{}',
    add lengths int[] not null default '{}',
    add units numeric[] not null default '{}';  -- what a count of 1 is worth, null: the sampling step

alter table onecard.card_area alter mask drop default, alter digits drop default, alter blank drop default, alter names drop default,
    alter encodings drop default, alter ats drop default, alter lengths drop default, alter units drop default;
