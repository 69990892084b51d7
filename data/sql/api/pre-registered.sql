-- SPDX-License-Identifier: GPL-3.0-or-later
-- Customers registered before they have an account: typed one by one, or a file of them at once.

-- Those who wait, whom p_text may mean (as api.customers_find); an empty text finds the newest.
create function api.pre_registered_find(p_text text, p_limit bigint)
returns table (
    pre_registered bigint, row_version bigint, name text, address text, phone text, id_kind text, id_number text, district text, household bigint,
    permanent_number text, note text, branch bigint, branch_name text, operator_name text, created_at timestamptz)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    n constant int := least(greatest(coalesce(p_limit, 50), 1), 1000);
    t constant text := lower(btrim(coalesce(p_text, '')));
    p constant text[] := rules.pieces_of(t);
    ids bigint[];
    sees boolean;
begin
    perform rules.need_any('pre-registered', 'open-account');
    sees := rules.may('see-identity');
    if t = '' then
        ids := array(select x.number from onecard.pre_registered x where x.customer is null order by x.number desc limit n);
    else
        ids := array(select x.number from onecard.pre_registered x where t ~ '^[0-9]{1,18}$' and x.number = t::bigint and x.customer is null)
            || array(select x.number from onecard.pre_registered x where starts_with(lower(x.name) collate "C", t) and x.customer is null limit n);
        if length(t) > 1 then
            ids := ids || array(
                select x.number
                from onecard.pre_registered x
                where onecard.pieces(onecard.search_text(x.name, x.address, x.phone, x.initials)) collate "C" @> p
                    and strpos(onecard.search_text(x.name, x.address, x.phone, x.initials), t) > 0
                    and x.customer is null
                limit n);
        end if;
    end if;
    return query
    select x.number, x.row_version, x.name, x.address, x.phone, x.id_kind, case when sees then x.id_number else rules.masked(x.id_number) end,
        x.district, x.household::bigint, x.permanent_number, x.note, b.number::bigint, b.name, o.name, x.created_at
    from (select id, min(ord) as ord from unnest(ids) with ordinality as u(id, ord) group by id) u
    join onecard.pre_registered x on x.number = u.id
    join onecard.branch b on b.number = x.branch
    join onecard.operator o on o.number = x.operator
    order by u.ord
    limit n;
end $$;

-- One who waits, locked. OC154: nobody does, by that number.
create function rules.pre_registered_for_change(p_number bigint) returns onecard.pre_registered
language plpgsql as $$
declare
    p pre_registered;
begin
    select * into p from pre_registered where number = p_number and customer is null for update;
    if p.number is null then
        perform rules.refuse('OC154', 'number', coalesce(p_number, 0)::text);
    end if;
    return p;
end $$;

-- p_number null: a new one. Of an old one what is null stays, and p_row_version is what the form was filled from (null: whatever it is).
-- OC153: the same name and address waits already.
create function api.pre_registered_save(p_number bigint, p_row_version bigint, p_name text, p_address text, p_phone text, p_id_kind text,
    p_id_number text, p_district text, p_household bigint, p_permanent_number text, p_note text)
returns table (pre_registered bigint, row_version bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    me onecard.operator;
    p onecard.pre_registered;
begin
    perform rules.need('pre-registered');
    me := rules.me();
    if p_number is not null then
        p := rules.pre_registered_for_change(p_number);
        perform rules.check_version(p_row_version, p.row_version, 'pre_registered', p.number::text);
    end if;
    p.name := btrim(coalesce(p_name, p.name, ''));
    p.address := btrim(coalesce(p_address, p.address, ''));
    p.phone := btrim(coalesce(p_phone, p.phone, ''));
    p.id_kind := btrim(coalesce(p_id_kind, p.id_kind, ''));
    p.id_number := btrim(coalesce(p_id_number, p.id_number, ''));
    p.district := btrim(coalesce(p_district, p.district, ''));
    p.permanent_number := btrim(coalesce(p_permanent_number, p.permanent_number, ''));
    p.note := btrim(coalesce(p_note, p.note, ''));
    perform rules.check_customer(p.name, p.address, p.phone, p.id_kind, p.id_number, p.district, p_household, p.permanent_number, p.note);
    if p_number is null then
        return query
        insert into onecard.pre_registered as x (name, address, phone, id_kind, id_number, district, household, permanent_number, note, branch, operator)
        values (p.name, p.address, p.phone, p.id_kind, p.id_number, p.district, p_household, p.permanent_number, p.note, me.branch, me.number)
        returning x.number, x.row_version;
    else
        return query
        update onecard.pre_registered x
        set name = p.name, address = p.address, phone = p.phone, id_kind = p.id_kind, id_number = p.id_number, district = p.district,
            household = coalesce(p_household, x.household), permanent_number = p.permanent_number, note = p.note
        where x.number = p_number
        returning x.number, x.row_version;
    end if;
exception when unique_violation then
    perform rules.refuse('OC153', 'number',
        (select x.number::text from onecard.pre_registered x where x.name = p.name and x.address = p.address and x.customer is null));
end $$;

create function api.pre_registered_delete(p_number bigint, p_row_version bigint) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    p onecard.pre_registered;
begin
    perform rules.need('pre-registered');
    p := rules.pre_registered_for_change(p_number);
    perform rules.check_version(p_row_version, p.row_version, 'pre_registered', p.number::text);
    delete from pre_registered where number = p.number;
end $$;

-- Some lines of a file (the arrays are parallel; households as they were written, '' for none): takes those that are right and answers what is
-- wrong with the others, {code, name=value lines}. The whole file is one transaction of the caller, who gives it up when anything was
-- wrong, or when it was only to be checked.
create function api.pre_registered_import(p_import uuid, p_line bigint[], p_name text[], p_address text[], p_phone text[], p_id_kind text[],
    p_id_number text[], p_district text[], p_household text[], p_permanent_number text[], p_note text[])
returns table (line bigint, code text, params text)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    me onecard.operator;
begin
    perform rules.need('pre-registered');
    me := rules.me();
    return query
    with given as (
        select u.line, btrim(u.name) as name, btrim(u.address) as address, btrim(u.phone) as phone, btrim(u.id_kind) as id_kind,
            btrim(u.id_number) as id_number, btrim(u.district) as district, btrim(u.permanent_number) as permanent_number, btrim(u.note) as note,
            case when btrim(u.household) = '' then null when btrim(u.household) ~ '^[0-9]{1,2}$' then btrim(u.household)::bigint else 0 end as household
        from unnest(p_line, p_name, p_address, p_phone, p_id_kind, p_id_number, p_district, p_household, p_permanent_number, p_note)
            as u(line, name, address, phone, id_kind, id_number, district, household, permanent_number, note)),
    judged as materialized (
        select g.*, min(g.line) over (partition by g.name, g.address) as first_line, x.number as there, x.import, x.import_line,
            rules.customer_fault(g.name, g.address, g.phone, g.id_kind, g.id_number, g.district, g.household, g.permanent_number, g.note) as fault
        from given g
        left join onecard.pre_registered x on x.name = g.name and x.address = g.address and x.customer is null),
    taken as (
        insert into onecard.pre_registered (name, address, phone, id_kind, id_number, district, household, permanent_number, note, import, import_line, branch,
            operator)
        select j.name, j.address, j.phone, j.id_kind, j.id_number, j.district, j.household, j.permanent_number, j.note, p_import, j.line, me.branch, me.number
        from judged j
        where j.fault is null and j.there is null and j.line = j.first_line
        order by j.line)
    select j.line,
        case when j.fault is not null then j.fault[1] when j.there is null or j.import = p_import then 'OC157' else 'OC153' end,
        case when j.fault is not null then j.fault[2] when j.there is null then 'line=' || j.first_line
            when j.import = p_import then 'line=' || j.import_line else 'number=' || j.there end
    from judged j
    where j.fault is not null or j.there is not null or j.line <> j.first_line
    order by j.line;
end $$;

-- How many lines of that file are in: after an answer that was lost.
create function api.pre_registered_imported(p_import uuid) returns table (lines bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.need('pre-registered');
    return query select count(*) from pre_registered where import = p_import;
end $$;
