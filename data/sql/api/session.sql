-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is connected and what he may do; how a function refuses. Every function of schema api begins with one of
-- rules.need, rules.need_any, rules.signed_in. Source: ledger.md, Who decides.

create function rules.api_version() returns bigint
language plpgsql immutable parallel safe as $$
begin
    return 1::bigint;
end $$;

-- Refusals ---------------------------------------------------------------------------------------------------

-- SQLSTATE p_code with the parameters' lines name=value as DETAIL; the client has the sentence. Lines come ready,
-- as rules.card_view.params and the like keep them.
create function rules.refuse_lines(p_code text, p_lines text) returns void
language plpgsql as $$
begin
    raise exception using errcode = p_code, message = p_code,
        detail = concat_ws(E'\n', nullif(p_lines, ''), 'slot=' || nullif(current_setting('onecard.slot', true), ''));
end $$;

-- What is refused from now on, in this transaction, is about the sub-meter of this slot; null: about none.
create function rules.about_slot(p_slot bigint) returns void
language plpgsql as $$
begin
    perform set_config('onecard.slot', coalesce(p_slot::text, ''), true);
end $$;

-- Names and values alternate; a null value is an empty one.
create function rules.refuse(p_code text, variadic p_params text[] default '{}') returns void
language plpgsql as $$
declare
    lines text;
begin
    select string_agg(p_params[i] || '=' || replace(replace(coalesce(p_params[i + 1], ''), '\', '\\'), E'\n', '\n'), E'\n' order by i)
    into lines
    from generate_series(1, coalesce(array_length(p_params, 1), 0), 2) i;
    perform rules.refuse_lines(p_code, lines);
end $$;

-- Who ------------------------------------------------------------------------------------------------------------

-- Whether a role has one of the permissions; an administrator's has all.
create function rules.role_may(p_role int, p_permissions text[]) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from role r
        where r.id = p_role
            and (r.is_administrator
                or exists (select from role_permission p where p.role = r.id and p.permission = any (p_permissions))));
end $$;

create type rules.caller as (operator onecard.operator, may boolean);

-- The operator who is connected, in whatever state, and whether he has one of the permissions. OC080: the login is no operator's. Everybody
-- asks here first: from here to the end of the transaction days and months are those of the database's place, whatever the session was told.
create function rules.caller(p_permissions text[]) returns rules.caller
language plpgsql stable as $$
declare
    digits constant text := substring(session_user from '_([1-9][0-9]{3,5})$');
    x record;
begin
    select o as operator, m.time_zone,
        r.is_administrator or exists (select from role_permission p where p.role = r.id and p.permission = any (p_permissions)) as may
    into x
    from operator o
    join role r on r.id = o.role
    cross join meta m
    where o.number = digits::int and session_user = m.role_prefix || '_' || digits;
    if x.time_zone is null then
        perform rules.refuse('OC080');
    end if;
    if current_setting('TimeZone') <> x.time_zone then
        perform set_config('TimeZone', x.time_zone, true);
    end if;
    return row(x.operator, x.may)::rules.caller;
end $$;

create function rules.me() returns onecard.operator
language plpgsql stable as $$
begin
    return (rules.caller('{}')).operator;
end $$;

-- Refuses who may not work now: locked (OC002), with a password that must be changed (OC003).
create function rules.check_working(p_operator onecard.operator) returns void
language plpgsql stable as $$
begin
    if p_operator.state <> 'active' then
        perform rules.refuse('OC002');
    end if;
    if p_operator.must_change then
        perform rules.refuse('OC003');
    end if;
end $$;

-- The operator who is connected and may work.
create function rules.signed_in() returns onecard.operator
language plpgsql stable as $$
declare
    o constant operator := rules.me();
begin
    perform rules.check_working(o);
    return o;
end $$;

-- Whether who is connected may; for what is masked, not refused.
create function rules.may(p_permission text) returns boolean
language plpgsql stable as $$
declare
    x constant caller := rules.caller(array[p_permission]);
begin
    perform rules.check_working(x.operator);
    return x.may;
end $$;

-- Refuses who has none of the permissions; answers who is connected.
create function rules.need_any(variadic p_permissions text[]) returns onecard.operator
language plpgsql stable as $$
declare
    x constant caller := rules.caller(p_permissions);
begin
    perform rules.check_working(x.operator);
    if not x.may then
        perform rules.refuse('OC001', 'permission', p_permissions[1]);
    end if;
    return x.operator;
end $$;

-- Whoever may write cards may end what was begun.
create function rules.need_card_act() returns onecard.operator
language sql stable
return rules.need_any('purchase', 'open-account', 'replace-card', 're-purchase', 'replace-meter', 'clear-card', 'close-account', 'unfinished');

create function rules.need(p_permission text) returns onecard.operator
language sql stable
return rules.need_any(p_permission);

-- Station and process that said hello on this connection; null: none did, or what is there is no uuid. They say who
-- writes a card, never what somebody may.
create function rules.uuid_of(p_text text) returns uuid
language sql immutable
return case when p_text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end;

create function rules.my_station() returns uuid
language sql stable
return rules.uuid_of(current_setting('onecard.station', true));

create function rules.my_process() returns uuid
language sql stable
return rules.uuid_of(current_setting('onecard.process', true));

-- A hint that the versions in api.state grew; never one a trade, it would serialise the commits.
create function rules.notify(p_topic text) returns void
language sql as $$
    select pg_notify('onecard', p_topic)
$$;

-- Session --------------------------------------------------------------------------------------------------------

-- First call of every connection: notes station and process, answers who the operator is and what the site uses.
-- permissions: codes with a space between. OC002 locked, OC004 another version of api. Answers also while the password must be changed.
-- sessions_version: when it grows everybody signs in again; sessions_reason and sessions_operator say why and who made it grow.
create function api.hello(p_api bigint, p_station uuid, p_station_name text, p_process uuid)
returns table (
    operator bigint, operator_name text, branch bigint, branch_name text, role text, administrator boolean, permissions text,
    must_change boolean, unit_name text, unit_address text, unit_phone text, database text, card_family text, area_number bigint,
    opening_fee numeric, replacement_fee numeric, meter_change_fee numeric, allow_balance boolean, lease_seconds bigint,
    settings_version bigint, roles_version bigint, operators_version bigint, sessions_version bigint, sessions_reason text, sessions_operator text,
    server_time timestamptz)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o onecard.operator := rules.me();
begin
    if p_api is distinct from rules.api_version() then
        perform rules.refuse('OC004');
    end if;
    if o.state <> 'active' then
        perform rules.refuse('OC002');
    end if;
    perform set_config('TimeZone', (select time_zone from meta), false);   -- also for what is sent without a zone
    perform set_config('onecard.station', coalesce(p_station::text, ''), false);
    perform set_config('onecard.process', coalesce(p_process::text, ''), false);
    if p_station is not null and not pg_is_in_recovery() then
        insert into station as s (id, name)
        values (p_station, left(coalesce(p_station_name, ''), 200))
        on conflict (id) do update
        set name = excluded.name, last_seen = now()
        where s.name <> excluded.name or s.last_seen < now() - interval '1 minute';
    end if;
    return query
    select o.number::bigint, o.name, b.number::bigint, b.name, r.name, r.is_administrator,
        (select string_agg(x.code, ' ' order by x.ord) from permission x
         where r.is_administrator or x.code in (select rp.permission from role_permission rp where rp.role = r.id)),
        o.must_change, u.name, u.address, u.phone, current_database()::text, p.card_family, p.area_number::bigint,
        p.opening_fee, p.replacement_fee, p.meter_change_fee, p.allow_balance, p.lease_seconds::bigint,
        (select version from state where topic = 'settings'), (select version from state where topic = 'roles'),
        (select version from state where topic = 'operators'), e.version, x.reason, x.operator, clock_timestamp()
    from branch b, role r, unit u, parameters p, state e
    left join sign_out x on x.version = e.version
    where e.topic = 'sessions' and b.number = o.branch and r.id = o.role and u.one and p.one;
end $$;

-- The version numbers that grow with every change of settings, roles, operators.
create function api.state() returns table (topic text, version bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query select s.topic, s.version from state s order by s.topic;
end $$;

-- One's own password. The verifier is made on the station, where also the length was checked (OC081).
create function api.change_password(p_verifier text) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o operator := rules.me();
begin
    if o.state <> 'active' then
        perform rules.refuse('OC002');
    end if;
    perform roles.set_password(o.number, p_verifier);
    update operator set verifier = p_verifier, must_change = false where number = o.number;
    perform rules.note_change('password', 'operators', o.number, rules.setting_document('operators', o.number));
end $$;

-- Figures of the home screen, one row: today's purchases (with the first one of an account), takings and openings of the operator's branch,
-- its unfinished writes, customers in all. Sums of money only for who may query.
create function api.home()
returns table (purchases bigint, received numeric, opened bigint, customers bigint, unfinished bigint, unfinished_all bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o onecard.operator := rules.signed_in();
    sees constant boolean := rules.may('query');
begin
    return query
    select t.n, case when sees then t.received end, t.opened,
        (select count(*) from customer where state = 'open'),
        (select count(*) from card_job j where j.state = 'pending' and j.branch = o.branch),
        case when rules.may('unfinished-all') then (select count(*) from card_job j where j.state = 'pending') end
    from (
        select count(*) filter (where x.kind = 'purchase') as n, coalesce(sum(x.received), 0) as received,
            count(*) filter (where x.kind = 'open') as opened
        from trade x
        where x.at >= date_trunc('day', now()) and x.branch = o.branch and x.state <> 'void') t;
end $$;
