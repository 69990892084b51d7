-- SPDX-License-Identifier: GPL-3.0-or-later
-- Finding customers by whatever they say at the counter.

-- An identity number as an operator without see-identity may see it: its last four characters.
create function rules.masked(p_text text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select case when length(p_text) > 4 then repeat('*', length(p_text) - 4) || right(p_text, 4) else p_text end
$$;

-- Numbers of customers whom p_text may mean, likeliest first: customer number, meter number, card, permanent number, then any
-- part of name, address or telephone; a single character is the beginning of a name.
create function rules.customers_like(p_text text, p_limit int) returns bigint[]
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    t constant text := lower(btrim(coalesce(p_text, '')));
    found_ids bigint[] := '{}';
begin
    if t ~ '^[0-9]{1,12}$' then
        found_ids := found_ids
            || array(select number from customer where number = t::bigint)
            || array(select customer from meter where number = lpad(t, 12, '0') and state <> 'void' order by id desc limit p_limit);
    end if;
    if t ~ '^[0-9a-f]{16}$' then
        found_ids := found_ids || array(select customer from card where serial = decode(t, 'hex') and state <> 'void');
    end if;
    if length(t) = 1 then
        found_ids := found_ids
            || array(select number from customer where starts_with(lower(name) collate "C", t) limit p_limit);
    elsif length(t) > 1 then
        -- a thousand first, whatever they are: sorting comes after, or the planner would walk the customers in order
        found_ids := found_ids || array(
            with hit as materialized (
                select number
                from customer
                where onecard.pieces(lower(name || chr(10) || address || chr(10) || phone)) @> onecard.pieces(t)
                    and strpos(lower(name || chr(10) || address || chr(10) || phone), t) > 0
                limit 1000)
            select number from hit order by number limit p_limit);
    end if;
    return found_ids;
end $$;

-- At most p_limit (50) customers. An empty text finds the newest ones.
create function api.customers_find(p_text text, p_limit bigint)
returns table (
    customer bigint, name text, address text, phone text, id_kind text, id_number text, district text, household bigint,
    permanent_number text, balance numeric, state text, opened_at timestamptz, meters text)
language plpgsql stable security definer set search_path = onecard, rules, pg_temp as $$
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
        (select string_agg(m.number, ' ' order by m.slot) from meter m where m.customer = c.number and m.state in ('pending', 'open'))
    from (select id, min(ord) as ord from unnest(ids) with ordinality as x(id, ord) group by id) x
    join onecard.customer c on c.number = x.id
    where c.state <> 'void'
    order by x.ord
    limit n;
end $$;
