-- SPDX-License-Identifier: GPL-3.0-or-later
-- One field finds customers by any part of name, address or telephone. Names of two or three characters defeat
-- trigrams, so texts are cut in pieces of two characters.

create function onecard.pieces(p_text text) returns text[]
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select coalesce(array_agg(distinct substr(t, i, 2)), '{}')
    from lower(p_text) t, generate_series(1, length(t) - 1) i
$$;

create index customer_pieces on onecard.customer using gin (onecard.pieces(lower(name || chr(10) || address || chr(10) || phone)));
create index customer_name on onecard.customer (lower(name) collate "C");
