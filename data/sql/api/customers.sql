-- SPDX-License-Identifier: GPL-3.0-or-later
-- Finding customers by whatever they say at the counter.

-- Takes data/pinyin-initials.txt: lines of a code in hexadecimal and 64 letters. Where they changed, names get theirs anew.
create function rules.load_initials(p_text text) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    changed bigint;
begin
    with line as (
        select ('x' || lpad(split_part(l, ' ', 1), 8, '0'))::bit(32)::int / 64 as block, split_part(l, ' ', 2) as letters
        from string_to_table(p_text, chr(10)) l
        where l ~ '^[0-9a-f]+ '),
    gone as (
        delete from pinyin_initial p
        where not exists (select from line where line.block = p.block)
        returning p.block),
    laid as (
        insert into pinyin_initial as p (block, letters)
        select block, letters from line
        on conflict (block) do update set letters = excluded.letters where p.letters <> excluded.letters
        returning p.block)
    select (select count(*) from gone) + (select count(*) from laid) into changed;
    if changed > 0 then
        update customer set initials = onecard.initials(name) where initials <> onecard.initials(name);
        update pre_registered set initials = onecard.initials(name) where initials <> onecard.initials(name);
    end if;
end $$;

-- An identity number as an operator without see-identity may see it: its last four characters.
create function rules.masked(p_text text) returns text
language sql immutable parallel safe as $$
    select case when length(p_text) > 4 then repeat('*', length(p_text) - 4) || right(p_text, 4) else p_text end
$$;

-- The pieces (onecard.pieces) by which a text is looked up: few and rare ones.
create function rules.pieces_of(p_text text) returns text[]
language sql immutable parallel safe as $$
    select case when p_text ~ '^[0-9]{3}$' then array[p_text]
        when p_text ~ '^[0-9]{4,}$' then array(select substr(p_text, i, 4) from generate_series(1, length(p_text) - 3) i)
        else array(select substr(p_text, i, 2) from generate_series(1, length(p_text) - 1) i) end
$$;

-- Numbers of customers whom p_text may mean, likeliest first: customer number, meter number, card, permanent number, then the
-- beginning of a name or of its initials, then any part of name, initials, address or telephone. A single character is a beginning only.
create function rules.customers_like(p_text text, p_limit int) returns bigint[]
language plpgsql stable set work_mem = '32MB' set plan_cache_mode = force_custom_plan as $$
declare
    t constant text := lower(btrim(coalesce(p_text, '')));
    p constant text[] := rules.pieces_of(t);
    found_ids bigint[] := '{}';
begin
    if t ~ '^[0-9]{1,12}$' then
        found_ids := found_ids
            || array(select number from customer where number = t::bigint)
            || array(select customer from meter where number = lpad(t, 12, '0') and state <> 'void' order by id desc limit p_limit);
    end if;
    if t ~ '^[0-9a-f]{16}$' then
        found_ids := found_ids || array(select customer from card where serial = decode(t, 'hex') and state not in ('cleared', 'void'));
    end if;
    if length(t) > 1 then
        found_ids := found_ids || array(select number from customer where permanent_number = btrim(p_text) limit p_limit);
    end if;
    found_ids := found_ids || array(select number from customer where starts_with(lower(name) collate "C", t) limit p_limit);
    if t ~ '^[a-z]+$' then
        found_ids := found_ids || array(select number from customer where starts_with(initials collate "C", t) limit p_limit);
    end if;
    if length(t) > 1 and cardinality(found_ids) < p_limit then
        found_ids := found_ids || array(
            select number
            from customer
            where onecard.pieces(onecard.search_text(name, address, phone, initials)) collate "C" @> p
                and strpos(onecard.search_text(name, address, phone, initials), t) > 0
            limit p_limit);
    end if;
    return found_ids;
end $$;

-- At most p_limit (50) customers. An empty text finds the newest ones.
create function api.customers_find(p_text text, p_limit bigint)
returns table (
    customer bigint, name text, address text, phone text, id_kind text, id_number text, district text, household bigint,
    permanent_number text, balance numeric, state text, opened_at timestamptz, meters text, note text, row_version bigint, card_state text, barred text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    n constant int := least(greatest(coalesce(p_limit, 50), 1), 1000);
    ids bigint[];
    sees boolean;
begin
    perform rules.need_any('query', 'open-account', 'purchase', 'replace-card', 'read-card', 'reprint', 'close-account');
    sees := rules.may('see-identity');
    if btrim(coalesce(p_text, '')) = '' then
        ids := array(select c.number from onecard.customer c where c.state <> 'void' order by c.number desc limit n);
    else
        ids := rules.customers_like(p_text, n);
    end if;
    return query
    select c.number, c.name, c.address, c.phone, c.id_kind, case when sees then c.id_number else rules.masked(c.id_number) end,
        c.district, c.household::bigint, c.permanent_number, c.balance, c.state, c.opened_at,
        (select string_agg(m.number, ' ' order by m.slot) from meter m where m.customer = c.number and m.state in ('pending', 'open')),
        c.note, c.row_version,
        (select k.state from card k where k.customer = c.number and k.state in ('pending', 'current', 'lost') order by k.id desc limit 1),
        onecard.barred_by(c.number, null)
    from (select id, min(ord) as ord from unnest(ids) with ordinality as x(id, ord) group by id) x
    join onecard.customer c on c.number = x.id
    where c.state <> 'void'
    order by x.ord
    limit n;
end $$;
