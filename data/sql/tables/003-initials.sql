-- SPDX-License-Identifier: GPL-3.0-or-later
-- Names are found by their pinyin initials too (吴敏 by wm), whoever wrote them. The letters come from
-- data/pinyin-initials.txt (rules.load_initials), 64 characters a row as there.

create table onecard.pinyin_initial (
    block int primary key,  -- code of the first character / 64
    letters text not null check (letters ~ '^[a-z-]{64}$')
);

-- As oc_text_initials () of the programs: letters and digits stay, of a Chinese character its first letter, nothing of the rest.
create function onecard.initials(p_text text) returns text
language plpgsql stable set search_path = onecard, pg_temp as $$
begin
    return (
        select coalesce(string_agg(case when c ~ '^[A-Za-z0-9]$' then lower(c) else nullif(substr(p.letters, ascii(c) % 64 + 1, 1), '-') end, '' order by n), '')
        from unnest(string_to_array(p_text, null)) with ordinality x(c, n)
        left join pinyin_initial p on p.block = ascii(c) / 64);
end $$;

-- What one field finds a customer by.
create function onecard.search_text(p_name text, p_address text, p_phone text, p_initials text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select lower(p_name || chr(10) || p_address || chr(10) || p_phone || chr(10) || p_initials)
$$;

alter table onecard.customer add initials text not null default '';

create function onecard.set_initials() returns trigger
language plpgsql set search_path = onecard, pg_temp as $$
begin
    new.initials := onecard.initials(new.name);
    return new;
end $$;
create trigger customer_initials before insert or update of name on onecard.customer for each row execute function onecard.set_initials();

-- All pieces of two characters; and of four digits, for two digits are in every other telephone number. (The cost makes the planner look
-- at it last.) Collation C: compared as bytes, the index is made in half the time.
drop index onecard.customer_pieces;
create or replace function onecard.pieces(p_text text) returns text[]
language sql immutable parallel safe cost 1000 set search_path = pg_catalog, pg_temp as $$
    select array(select substr(p_text, i, 2) from generate_series(1, length(p_text) - 1) i)
        || array(
            select substr(digits[1], i, 4)
            from regexp_matches(p_text, '[0-9]{4,}', 'g') digits, generate_series(1, length(digits[1]) - 3) i)
$$;
create index customer_pieces on onecard.customer using gin (onecard.pieces(onecard.search_text(name, address, phone, initials)) collate "C");
create index customer_initials on onecard.customer (initials collate "C");
create index customer_permanent_number on onecard.customer (permanent_number);
