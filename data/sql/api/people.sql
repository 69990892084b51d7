-- SPDX-License-Identifier: GPL-3.0-or-later
-- Branches, roles, operators. An operator is a PostgreSQL login; the six functions of schema roles make, lock and drop it. Nobody gives what he
-- does not have: whoever is no administrator can't touch a role or an operator that may more than he. Forms come by api.setting_save.

create function api.branches() returns table (id bigint, row_version bigint, number bigint, name text, active boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query select b.number::bigint, b.row_version, b.number::bigint, b.name, b.active from branch b order by b.number;
end $$;

-- The tree of permissions: grp is the branch that code hangs on, both in the order of the screens.
create function api.permissions() returns table (code text, grp text, ord bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.signed_in();
    return query select p.code, p.grp, p.ord::bigint from permission p order by p.ord;
end $$;

-- Codes with a space between; an administrator's role has all.
create function rules.permissions_of(p_role int) returns text
language plpgsql stable as $$
begin
    return (
        select coalesce(string_agg(p.code, ' ' order by p.ord), '')
        from permission p
        where exists (select from role r where r.id = p_role and r.is_administrator)
            or p.code in (select rp.permission from role_permission rp where rp.role = p_role));
end $$;

-- in_use: how many operators have the role and are not deleted.
create function api.roles() returns table (id bigint, row_version bigint, name text, administrator boolean, permissions text, in_use bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.need_any('operators', 'roles');
    return query
    select r.id::bigint, r.row_version, r.name, r.is_administrator, rules.permissions_of(r.id),
        (select count(*) from operator o where o.role = r.id and o.state <> 'deleted')
    from role r
    order by r.id;
end $$;

create function api.operators()
returns table (
    id bigint, row_version bigint, operator bigint, name text, sex text, phone text, role text, branch bigint, branch_name text, state text, must_change boolean,
    created_at timestamptz)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.need('operators');
    return query
    select o.number::bigint, o.row_version, o.number::bigint, o.name, o.sex, o.phone, r.name, b.number::bigint, b.name, o.state, o.must_change, o.created_at
    from onecard.operator o
    join onecard.role r on r.id = o.role
    join onecard.branch b on b.number = o.branch
    order by o.number;
end $$;

-- OC086 unless who is connected may all that p_role may: nobody gives or takes what he does not have.
create function rules.check_above(p_role int) returns void
language plpgsql stable as $$
declare
    mine constant int := (rules.me()).role;
begin
    if not exists (select from role where id = mine and is_administrator)
        and (exists (select from role where id = p_role and is_administrator)
            or exists (
                select permission from role_permission where role = p_role
                except
                select permission from role_permission where role = mine)) then
        perform rules.refuse('OC086');
    end if;
end $$;

-- Roles ----------------------------------------------------------------------------------------------------------

-- permissions: codes with blanks between, or a list. Neither what the role may now nor what it is given is more than who changes it may, so
-- nobody gives himself more; and an administrator can't stop being one by his own role (OC084).
create function rules.save_role(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    mine constant int := (rules.me()).role;
    was role;
    f role;
    codes text[];
    other text;
begin
    perform rules.check_fields(p_form, '{name,administrator,permissions}', '{in_use}');
    select * into was from role where id = p_id;
    f := was;
    f.name := rules.text_field(p_form, 'name', 50, true, was.name);
    f.is_administrator := rules.truth_field(p_form, 'administrator', coalesce(was.is_administrator, false));
    codes := case jsonb_typeof(p_form -> 'permissions')
        when 'array' then array(select jsonb_array_elements_text(p_form -> 'permissions'))
        else regexp_split_to_array(btrim(coalesce(p_form ->> 'permissions', '')), '[[:space:]]+') end;
    select c into other from unnest(codes) c where c <> '' and c not in (select code from permission) limit 1;
    if other is not null then
        perform rules.refuse_choice('permissions', 'permission', other);
    end if;
    -- before anything is written: his own role may be the one that is changed
    if not exists (select from role where id = mine and is_administrator)
        and (f.is_administrator or exists (select c from unnest(codes) c where c <> '' except select permission from role_permission where role = mine)) then
        perform rules.refuse('OC086');
    end if;
    if p_id is null then
        insert into role (name, is_administrator) values (f.name, f.is_administrator) returning id into f.id;
    else
        perform rules.check_above(f.id);
        if was.is_administrator and not f.is_administrator and f.id = (rules.me()).role then
            perform rules.refuse('OC084', 'field', 'administrator');
        end if;
        update role set name = f.name, is_administrator = f.is_administrator where id = f.id;
    end if;
    if p_form ? 'permissions' then
        delete from role_permission where role = f.id and not permission = any (codes);
        insert into role_permission (role, permission)
        select f.id, p.code from permission p where p.code = any (codes)
        on conflict do nothing;
    end if;
    return f.id;
end $$;

-- Operators ------------------------------------------------------------------------------------------------------

-- The operator to be changed, locked against others: one who exists (OC080), is not deleted, may not more than oneself (OC086), and (p_other)
-- is not oneself (OC084).
create function rules.operator_for_change(p_number bigint, p_other boolean) returns onecard.operator
language plpgsql as $$
declare
    o operator;
begin
    perform rules.need('operators');
    select * into o from operator where number = p_number for update;
    if o.number is null or o.state = 'deleted' then
        perform rules.refuse('OC080');
    end if;
    if p_other and o.number = (rules.me()).number then
        perform rules.refuse('OC084', 'field', 'operator');
    end if;
    perform rules.check_above(o.role);
    return o;
end $$;

-- Raises unless p_verifier is a SCRAM-SHA-256 verifier, before any constraint could repeat a password in clear in a log.
create function rules.check_verifier(p_verifier text) returns void
language plpgsql immutable as $$
begin
    if p_verifier is null or p_verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a SCRAM-SHA-256 verifier' using errcode = 'invalid_parameter_value';
    end if;
end $$;

-- Makes (p_id null; verifier: of the first password, which must be changed at the first login) or changes an operator. A number is given once
-- for ever. Nobody changes his own role.
create function rules.save_operator(p_id bigint, p_form jsonb) returns bigint
language plpgsql as $$
declare
    o operator;
    was operator;
    role_name text;
begin
    perform rules.check_fields(p_form, '{operator,branch,role,name,sex,phone,verifier}', '{branch_name,state,must_change,created_at}');
    if p_id is not null then
        was := rules.operator_for_change(p_id, false);
        o := was;
    end if;
    o.number := rules.number_field(p_form, 'operator', 0, 1001, 999999, true, p_id);
    perform rules.check_unused('operator', o.number <> p_id, 1);
    o.branch := rules.number_field(p_form, 'branch', 0, 0, 99999, true, was.branch);
    if o.branch is distinct from was.branch and not exists (select from branch where number = o.branch and active) then
        perform rules.refuse('OC047', 'what', 'branch', 'name', o.branch::text, 'field', 'branch');
    end if;
    role_name := rules.choice_field(p_form, 'role', 'role', array(select name from role), (select name from role where id = was.role));
    select id into o.role from role where name = role_name;
    perform rules.check_above(o.role);
    o.name := rules.text_field(p_form, 'name', 50, true, was.name);
    o.sex := rules.text_field(p_form, 'sex', 50, false, was.sex);
    if o.sex not in ('', 'male', 'female') then
        perform rules.refuse('OC047', 'what', 'sex', 'name', o.sex, 'field', 'sex');
    end if;
    o.phone := rules.text_field(p_form, 'phone', 50, false, was.phone);
    if p_id is null then
        perform rules.check_verifier(p_form ->> 'verifier');
        insert into operator (number, branch, role, name, sex, phone, verifier)
        values (o.number, o.branch, o.role, o.name, o.sex, o.phone, p_form ->> 'verifier');
        perform roles.create_login(o.number, p_form ->> 'verifier');
        return o.number;
    end if;
    if o.role <> was.role and was.number = (rules.me()).number then
        perform rules.refuse('OC084', 'field', 'role');
    end if;
    update operator
    set branch = o.branch, role = o.role, name = o.name, sex = o.sex, phone = o.phone
    where number = p_id;
    return p_id;
end $$;

-- The operator stays in the ledger, his login goes.
create function rules.delete_operator(p_number bigint) returns void
language plpgsql as $$
declare
    o constant operator := rules.operator_for_change(p_number, true);
begin
    update operator set state = 'deleted' where number = o.number;
    perform rules.notify('ended ' || o.number || ' deleted');
    perform roles.drop_login(o.number);
end $$;

-- Locking is two calls: this one is committed, then api.operator_end_sessions; who is in must not come back between the two.
create function api.operator_lock(p_number bigint) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o constant operator := rules.operator_for_change(p_number, true);
    was constant jsonb := rules.setting_document('operators', p_number);
begin
    update operator set state = 'locked' where number = o.number;
    perform roles.lock_login(o.number);
    perform rules.notify('ended ' || o.number || ' locked');
    perform rules.note_change('lock', 'operators', p_number, was);
end $$;

create function api.operator_unlock(p_number bigint) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o constant operator := rules.operator_for_change(p_number, true);
    was constant jsonb := rules.setting_document('operators', p_number);
begin
    update operator set state = 'active' where number = o.number;
    perform roles.unlock_login(o.number);
    perform rules.note_change('unlock', 'operators', p_number, was);
end $$;

-- Ends the sessions of an operator, except one's own connection, and lets him in again who is not locked; answers how many. A moment first, in
-- which his stations hear why; and a moment between: whoever was being let in meanwhile is not in the list of sessions at once.
create function api.operator_end_sessions(p_number bigint) returns table (ended bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o constant operator := rules.operator_for_change(p_number, true);
    n bigint;
begin
    perform pg_sleep(0.1);
    n := roles.end_sessions(o.number);
    perform pg_sleep(0.2);
    perform pg_stat_clear_snapshot();
    n := n + roles.end_sessions(o.number);
    if o.state = 'active' then
        perform roles.unlock_login(o.number);
    end if;
    return query select n;
end $$;

-- A password for somebody else, who must choose his own at the next login. As locking it is two calls: until the second nobody comes in,
-- or who is at the door with the old password could choose the new one.
create function api.operator_reset_password(p_number bigint, p_verifier text) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    o constant operator := rules.operator_for_change(p_number, true);
begin
    perform rules.check_verifier(p_verifier);
    update operator set verifier = p_verifier, must_change = true where number = o.number;
    perform roles.set_password(o.number, p_verifier);
    perform roles.lock_login(o.number);
    perform rules.notify('ended ' || o.number || ' password');
    perform rules.note_change('reset-password', 'operators', p_number, rules.setting_document('operators', p_number));
end $$;
