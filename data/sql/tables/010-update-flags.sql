-- SPDX-License-Identifier: GPL-3.0-or-later
-- What rules.load_layout prepares of a layout's update flags: the ranges of bytes that each bit follows, in order, four lists side by
-- side. They are compared three times a sale.
alter table onecard.card_layout
    add flag_bits int[] not null default '{}',
    add flag_sfis int[] not null default '{}',
    add flag_ats int[] not null default '{}',
    add flag_lengths int[] not null default '{}';
