-- SPDX-License-Identifier: GPL-3.0-or-later
-- Three digits are a piece too: cut in two, each half of them is in every other telephone number, and thousands have both without having them
-- in a row.

drop index onecard.customer_pieces;
drop index onecard.pre_registered_pieces;
create or replace function onecard.pieces(p_text text) returns text[]
language sql immutable parallel safe cost 1000 set search_path = pg_catalog, pg_temp as $$
    select array(select substr(p_text, i, 2) from generate_series(1, length(p_text) - 1) i)
        || array(
            select substr(digits[1], i, n)
            from regexp_matches(p_text, '[0-9]{3,}', 'g') digits, generate_series(3, 4) n, generate_series(1, length(digits[1]) - n + 1) i)
$$;
create index customer_pieces on onecard.customer using gin (onecard.pieces(onecard.search_text(name, address, phone, initials)) collate "C");
create index pre_registered_pieces on onecard.pre_registered
    using gin (onecard.pieces(onecard.search_text(name, address, phone, initials)) collate "C") where customer is null;
