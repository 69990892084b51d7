-- SPDX-License-Identifier: GPL-3.0-or-later
-- What IT asks first. Owner only.

-- The time zone of the database's place: of its functions, and for whoever else looks into it. A null one: as it was. Owner only.
create function admin.set_time_zone(p_zone text) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    was constant text := (select time_zone from meta);
    zone constant text := coalesce(p_zone, was);
begin
    if p_zone is not null and not exists (select from pg_timezone_names where name = p_zone) then
        raise exception 'no time zone "%"', p_zone using errcode = 'invalid_parameter_value';
    end if;
    if zone <> was then
        update meta set time_zone = zone;
        insert into audit (operator, station, what, key, before, after)
        values (session_user, '', 'meta', 'time_zone', jsonb_build_object('time_zone', was), jsonb_build_object('time_zone', zone));
    end if;
    execute format('alter database %I set timezone = %L', current_database(), zone);
end $$;

-- server: PostgreSQL's version; schema: the newest table file and the program that installed api; size in bytes;
-- connections: sessions to this database, the asker's own not counted.
create function admin.status() returns table (server text, schema text, size bigint, connections bigint, time_zone text)
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select current_setting('server_version'),
        (select max(v.number)::text || ' (' || coalesce((select a.program from schema_version a where a.number = 0), '') || ')'
         from schema_version v),
        pg_database_size(current_database()),
        (select count(*) from pg_stat_activity s
         where s.datname = current_database() and s.backend_type = 'client backend' and s.pid <> pg_backend_pid()),
        (select m.time_zone from meta m)
$$;
