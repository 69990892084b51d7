-- SPDX-License-Identifier: GPL-3.0-or-later
-- The cluster's roles of one database, made by the database administrator (db/install.c, in database postgres).
-- Names begin with the database's name; :"db…" and :'db…' are filled in as quoted identifier and literal.
-- May be run again: after a half-finished creation, or to set a new owner's password.

do $roles$
declare
    owner constant text := :'db_owner';
    roles constant text := :'db_roles';
    operator constant text := :'db_operator';
    backup constant text := :'db_backup';
    name text;
begin
    foreach name in array array[owner, roles, operator, backup] loop
        if not exists (select from pg_catalog.pg_roles where rolname = name) then
            execute format('create role %I nologin noinherit', name);
        end if;
    end loop;

    -- Owns everything, may upgrade, may not make roles: CREATEROLE is nearly superuser on PostgreSQL 15.
    execute format('alter role %I login inherit nocreaterole nocreatedb nosuperuser noreplication password %L',
        owner, :'verifier');
    -- Nobody can be this role; it only owns the six functions of schema roles.
    execute format('alter role %I nologin inherit createrole nocreatedb nosuperuser noreplication', roles);
    execute format('alter role %I nologin noinherit', operator);
    execute format('alter role %I nologin inherit', backup);

    -- From PostgreSQL 16 on, CREATEROLE gives only away what it has with ADMIN OPTION.
    execute format('grant %I to %I with admin option', operator, roles);
    execute format('grant pg_signal_backend to %I', roles);
end
$roles$;
