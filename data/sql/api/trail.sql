-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who changed what, before and after. What came by a form or an act on an operator is one row of onecard.change; what was written past them
-- (the owner's own SQL) shows by the rows of onecard.audit, with a negative id. Verifiers are in neither.

-- The leaves of a document, named by the way to them: "tiers.2.upper_limit"; an element that names an item goes by that name, a picture by its size.
create function rules.leaves(p_document jsonb) returns table (field text, value text)
language plpgsql immutable as $$
begin
    return query
    with recursive node(way, value) as (
        select '', p_document
        union all
        select concat_ws('.', nullif(n.way, ''), e.name), e.value
        from node n
        cross join lateral (
            select o.key as name, case when o.key = 'logo' and length(o.value #>> '{}') > 100
                then to_jsonb('[' || length(o.value #>> '{}') * 3 / 4 || ' bytes, ' || left(md5(o.value #>> '{}'), 8) || ']') else o.value end as value
            from jsonb_each(case when jsonb_typeof(n.value) = 'object' then n.value else '{}' end) o
            union all
            select coalesce(a.value ->> 'item', a.place::text), case when a.value ? 'item' then a.value -> 'unit_price' else a.value end
            from jsonb_array_elements(case when jsonb_typeof(n.value) = 'array' then n.value else '[]' end) with ordinality a(value, place)) e
    )
    select node.way, case when jsonb_typeof(node.value) = 'number' then trim_scale((node.value #>> '{}')::numeric)::text else coalesce(node.value #>> '{}', '') end
    from node
    where jsonb_typeof(node.value) not in ('object', 'array');
end $$;

-- A table as the settings call it.
create function rules.kind_of_table(p_table text) returns text
language sql immutable parallel safe as $$
    select case p_table when 'sub_meter_slot' then 'sub-meters' when 'meter_model' then 'meter-models' when 'user_type' then 'user-types'
        when 'price_item' then 'price-items' when 'price' then 'prices' when 'branch' then 'branches' when 'role' then 'roles'
        when 'operator' then 'operators' when 'customer' then 'customers' when 'meter' then 'meters' when 'meta' then 'database' else p_table end;
$$;

-- Newest first. p_text: anywhere in what, name, who or the values. p_before and p_below: time and id of the last row of the page above; null: from
-- the newest. An operator who is none is the owner of the database, who has neither number nor name.
create function api.trail(p_from timestamptz, p_to timestamptz, p_text text, p_before timestamptz, p_limit bigint, p_below bigint default null)
returns table (
    id bigint, "time" timestamptz, operator bigint, operator_name text, station text, act text, kind text, setting bigint, name text,
    approved_by bigint, approved_name text, undoes bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    t constant text := lower(btrim(coalesce(p_text, '')));
    prefix constant text := (select role_prefix || '_' from meta);
begin
    perform rules.need('query-all');
    return query
    select x.id, x.at, o.number::bigint, coalesce(o.name, 'database-owner'), s.name, x.act, x.kind, x.setting, x.name, x.approved_by, a.name, x.undoes
    from (
        select c.id, c.at, prefix || c.operator as login, c.station, c.act, c.kind, c.setting, c.name, c.approved_by::bigint, c.undoes,
            concat_ws(' ', c.before, c.after) as values
        from change c
        union all
        select -u.id, u.at, u.operator, rules.uuid_of(u.station), case when u.before is null then 'insert' when u.after is null then 'delete' else 'save' end,
            rules.kind_of_table(u.what), null, case when u.what in ('parameters', 'unit') then '' else u.key end, null, null,
            concat_ws(' ', u.before, u.after)
        from audit u
        where not exists (select from change c where c.transaction = u.transaction and c.at = u.at)) x
    left join onecard.operator o on prefix || o.number = x.login
    left join onecard.station s on s.id = x.station
    left join onecard.operator a on a.number = x.approved_by
    where (p_from is null or x.at >= p_from) and (p_to is null or x.at < p_to)
        and (p_before is null or x.at < p_before or (x.at = p_before and x.id < p_below))
        and (t = '' or strpos(lower(concat_ws(' ', x.kind, x.name, x.login, o.name, x.act, x.values)), t) > 0)
    order by x.at desc, x.id desc
    limit least(greatest(coalesce(p_limit, 500), 1), 10000);
end $$;

-- What differs between before and after, field by field; null: it was not there. Identity numbers are masked without see-identity.
create function api.trail_fields(p_id bigint) returns table (field text, before text, after text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    was jsonb;
    is_now jsonb;
    sees boolean;
begin
    perform rules.need('query-all');
    sees := rules.may('see-identity');
    if p_id > 0 then
        select c.before, c.after into was, is_now from change c where c.id = p_id;
    else
        select u.before, u.after into was, is_now from audit u where u.id = -p_id;
    end if;
    return query
    select coalesce(b.field, a.field), case when sees or b.field <> 'id_number' then b.value else rules.masked(b.value) end,
        case when sees or a.field <> 'id_number' then a.value else rules.masked(a.value) end
    from rules.leaves(coalesce(was, '{}')) b
    full join rules.leaves(coalesce(is_now, '{}')) a on a.field = b.field
    where a.value is distinct from b.value
    order by 1;
end $$;
