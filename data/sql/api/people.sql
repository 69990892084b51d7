-- SPDX-License-Identifier: GPL-3.0-or-later
-- Branches, roles, operators. An operator is a PostgreSQL login; the six functions of schema roles make, lock and drop it. Nobody gives what he
-- does not have: whoever is no administrator can't touch an operator whose role may more than his own.

create function api.branches() returns table (number bigint, name text, active boolean)
language plpgsql stable security definer set search_path = onecard, rules, pg_temp as $$
begin
    perform rules.signed_in();
    return query select b.number::bigint, b.name, b.active from branch b order by b.number;
end $$;

-- permissions: codes with a space between.
create function api.roles() returns table (name text, administrator boolean, permissions text)
language plpgsql stable security definer set search_path = onecard, rules, pg_temp as $$
begin
    perform rules.need_any('operators', 'roles');
    return query
    select r.name, r.is_administrator,
        coalesce((select string_agg(x.code, ' ' order by x.ord) from permission x
            where r.is_administrator or x.code in (select rp.permission from role_permission rp where rp.role = r.id)), '')
    from role r
    order by r.id;
end $$;

create function api.operators()
returns table (
    operator bigint, name text, sex text, phone text, role text, branch bigint, branch_name text, state text, must_change boolean,
    created_at timestamptz)
language plpgsql stable security definer set search_path = onecard, rules, pg_temp as $$
begin
    perform rules.need('operators');
    return query
    select o.number::bigint, o.name, o.sex, o.phone, r.name, b.number::bigint, b.name, o.state, o.must_change, o.created_at
    from onecard.operator o
    join onecard.role r on r.id = o.role
    join onecard.branch b on b.number = o.branch
    order by o.number;
end $$;

-- OC080 unless who is connected may all that p_role may.
create function rules.check_above(p_role int) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    mine constant int := (rules.me()).role;
begin
    if not exists (select from role where id = mine and is_administrator)
        and (exists (select from role where id = p_role and is_administrator)
            or exists (
                select permission from role_permission where role = p_role
                except
                select permission from role_permission where role = mine)) then
        perform rules.refuse('OC080');
    end if;
end $$;

-- The operator to be changed, locked against others: one who exists, is not deleted, may not more than oneself, and (p_other) is not oneself.
create function rules.operator_for_change(p_number bigint, p_other boolean) returns onecard.operator
language plpgsql set search_path = onecard, rules, pg_temp as $$
declare
    o operator;
begin
    perform rules.need('operators');
    select * into o from operator where number = p_number for update;
    if o.number is null or o.state = 'deleted' or (p_other and o.number = (rules.me()).number) then
        perform rules.refuse('OC080');
    end if;
    perform rules.check_above(o.role);
    return o;
end $$;

-- What a form of an operator says: branch and role that exist, texts that can be kept.
create function rules.operator_form(p_branch bigint, p_role text, p_name text, p_sex text, p_phone text) returns onecard.operator
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    o operator;
begin
    select number into o.branch from branch where number = p_branch and active;
    if o.branch is null then
        perform rules.refuse('OC047', 'what', 'branch', 'name', coalesce(p_branch, 0)::text, 'field', 'branch');
    end if;
    select id into o.role from role where name = p_role;
    if o.role is null then
        perform rules.refuse('OC047', 'what', 'role', 'name', coalesce(p_role, ''), 'field', 'role');
    end if;
    perform rules.check_above(o.role);
    o.name := rules.check_text(p_name, 50, 'name');
    if o.name = '' then
        perform rules.refuse('OC040');
    end if;
    o.sex := coalesce(p_sex, '');
    if o.sex not in ('', 'male', 'female') then
        perform rules.refuse('OC047', 'what', 'sex', 'name', o.sex, 'field', 'sex');
    end if;
    o.phone := rules.check_text(p_phone, 50, 'phone');
    return o;
end $$;

-- Raises unless p_verifier is a SCRAM-SHA-256 verifier, before any constraint could repeat a password in clear in a log.
create function rules.check_verifier(p_verifier text) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    if p_verifier is null or p_verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a SCRAM-SHA-256 verifier' using errcode = 'invalid_parameter_value';
    end if;
end $$;

-- A new operator, who must choose a password of his own at first. A number is never used again (OC080).
create function api.operator_create(p_number bigint, p_branch bigint, p_role text, p_name text, p_sex text, p_phone text, p_verifier text)
returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator;
begin
    perform rules.need('operators');
    o := rules.operator_form(p_branch, p_role, p_name, p_sex, p_phone);
    if p_number is null or p_number not between 1001 and 999999 or exists (select from operator where number = p_number) then
        perform rules.refuse('OC080');
    end if;
    perform rules.check_verifier(p_verifier);
    insert into operator (number, branch, role, name, sex, phone, verifier)
    values (p_number, o.branch, o.role, o.name, o.sex, o.phone, p_verifier);
    perform roles.create_login(p_number, p_verifier);
end $$;

-- Nobody changes his own role.
create function api.operator_save(p_number bigint, p_branch bigint, p_role text, p_name text, p_sex text, p_phone text) returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    was operator := rules.operator_for_change(p_number, false);
    o operator := rules.operator_form(p_branch, p_role, p_name, p_sex, p_phone);
begin
    if o.role <> was.role and was.number = (rules.me()).number then
        perform rules.refuse('OC080');
    end if;
    update operator
    set branch = o.branch, role = o.role, name = o.name, sex = o.sex, phone = o.phone
    where number = p_number;
end $$;

-- Locking is two calls: this one is committed, then api.operator_end_sessions; who is in must not come back between the two.
create function api.operator_lock(p_number bigint) returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator := rules.operator_for_change(p_number, true);
begin
    update operator set state = 'locked' where number = o.number;
    perform roles.lock_login(o.number);
end $$;

create function api.operator_unlock(p_number bigint) returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator := rules.operator_for_change(p_number, true);
begin
    update operator set state = 'active' where number = o.number;
    perform roles.unlock_login(o.number);
end $$;

-- Ends the sessions of an operator, except one's own connection; answers how many.
create function api.operator_end_sessions(p_number bigint) returns table (ended bigint)
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator := rules.operator_for_change(p_number, true);
begin
    return query select roles.end_sessions(o.number);
end $$;

-- The operator stays in the ledger, his login goes.
create function api.operator_delete(p_number bigint) returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator := rules.operator_for_change(p_number, true);
begin
    update operator set state = 'deleted' where number = o.number;
    perform roles.drop_login(o.number);
end $$;

-- A password for somebody else, who must choose his own at the next login.
create function api.operator_reset_password(p_number bigint, p_verifier text) returns void
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    o operator := rules.operator_for_change(p_number, true);
begin
    perform rules.check_verifier(p_verifier);
    update operator set verifier = p_verifier, must_change = true where number = o.number;
    perform roles.set_password(o.number, p_verifier);
end $$;
