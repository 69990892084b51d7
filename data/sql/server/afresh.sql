-- SPDX-License-Identifier: GPL-3.0-or-later
-- Before the files of api/ and admin/: these schemas hold no data, so they are made whole again every time.

drop schema if exists api, admin, rules cascade;
create schema rules;
create schema api;
create schema admin;

-- The names that these files use. Functions of api and admin, which are called from outside, fix the same; those of rules are reached from them
-- only, and do not pay for it once more at every call.
set local search_path = onecard, rules, ext, pg_temp;

do $$
begin
    execute format('grant usage on schema api to %I', onecard.role_prefix() || '_operator');
end
$$;
