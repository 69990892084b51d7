-- SPDX-License-Identifier: GPL-3.0-or-later
-- What only a superuser can lay in a new database (db/install.c, as superuser in that database, one transaction).
-- May be run again.

-- A cheap function in pg_temp could look behind a view's filter, so nobody makes temporary objects.
revoke all on database :"db" from public;
grant connect, temporary on database :"db" to :"db_owner";
grant connect on database :"db" to :"db_operator", :"db_backup";
alter database :"db" owner to :"db_owner";

drop schema if exists public;

-- Large objects can be made by anyone otherwise: an operator could fill the disk.
revoke execute on function pg_catalog.lo_creat(integer) from public;
revoke execute on function pg_catalog.lo_create(oid) from public;
revoke execute on function pg_catalog.lo_from_bytea(oid, bytea) from public;

create schema if not exists ext;
revoke all on schema ext from public;
grant usage on schema ext to :"db_owner";
create extension if not exists pgcrypto schema ext;
create extension if not exists pg_trgm schema ext;

-- Before anything is created: no function of these two is executable by everyone.
alter default privileges for role :"db_owner" revoke execute on functions from public;
alter default privileges for role :"db_roles" revoke execute on functions from public;

create schema if not exists onecard authorization :"db_owner";
grant usage on schema onecard to :"db_roles";

-- Which files of sql/tables ran, with their hashes; number 0 is api, admin and the card layouts together.
create table if not exists onecard.schema_version (
    number integer primary key,
    file text not null,
    sha256 text not null,
    program text not null,
    installed_at timestamptz not null default now()
);
alter table onecard.schema_version owner to :"db_owner";

create schema if not exists roles authorization :"db_roles";
revoke all on schema roles from public;
grant usage on schema roles to :"db_owner";

-- The role of an operator's number, who must be in onecard.operator.
create or replace function roles.role_of(p_number bigint)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from onecard.operator where number = p_number) then
        raise exception 'no operator %', p_number using errcode = 'no_data_found';
    end if;
    return :'db' || '_' || p_number::text;
end
$$;

-- Raises unless p_verifier is a SCRAM-SHA-256 verifier: a password in clear must never get here.
create or replace function roles.check_verifier(p_verifier text)
returns void
language plpgsql
immutable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_verifier is null
        or p_verifier !~ '^SCRAM-SHA-256\$[1-9][0-9]{3,6}:[A-Za-z0-9+/]{22,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'
    then
        raise exception 'not a SCRAM-SHA-256 verifier' using errcode = 'invalid_parameter_value';
    end if;
end
$$;

-- Makes the login of an operator, member of the operators' group.
create or replace function roles.create_login(p_number bigint, p_verifier text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    role text := roles.role_of(p_number);
begin
    perform roles.check_verifier(p_verifier);
    execute format('create role %I login inherit nocreaterole nocreatedb noreplication password %L in role %I',
        role, p_verifier, :'db_operator');
end
$$;

-- Ends the sessions and drops the login; the operator's number stays used.
create or replace function roles.drop_login(p_number bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    role text := roles.role_of(p_number);
begin
    perform roles.end_sessions(p_number);
    execute format('drop role if exists %I', role);
end
$$;

-- Commit this, then end_sessions: who is in must not come back between the two.
create or replace function roles.lock_login(p_number bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('alter role %I nologin', roles.role_of(p_number));
end
$$;

create or replace function roles.unlock_login(p_number bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('alter role %I login', roles.role_of(p_number));
end
$$;

create or replace function roles.set_password(p_number bigint, p_verifier text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform roles.check_verifier(p_verifier);
    execute format('alter role %I password %L', roles.role_of(p_number), p_verifier);
end
$$;

-- Ends every session of the operator but the caller's own; answers how many.
create or replace function roles.end_sessions(p_number bigint)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    role text := roles.role_of(p_number);
    ended bigint;
begin
    select count(*) filter (where pg_terminate_backend(pid))
    into ended
    from pg_stat_activity
    where usename = role and pid <> pg_backend_pid();
    return ended;
end
$$;

alter function roles.role_of(bigint) owner to :"db_roles";
alter function roles.check_verifier(text) owner to :"db_roles";
alter function roles.create_login(bigint, text) owner to :"db_roles";
alter function roles.drop_login(bigint) owner to :"db_roles";
alter function roles.lock_login(bigint) owner to :"db_roles";
alter function roles.unlock_login(bigint) owner to :"db_roles";
alter function roles.set_password(bigint, text) owner to :"db_roles";
alter function roles.end_sessions(bigint) owner to :"db_roles";

revoke all on all functions in schema roles from public;
grant execute on function
    roles.create_login(bigint, text),
    roles.drop_login(bigint),
    roles.lock_login(bigint),
    roles.unlock_login(bigint),
    roles.set_password(bigint, text),
    roles.end_sessions(bigint)
to :"db_owner";
