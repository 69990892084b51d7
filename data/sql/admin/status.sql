-- SPDX-License-Identifier: GPL-3.0-or-later
-- What IT asks first. Owner only.

-- server: PostgreSQL's version; schema: the newest table file and the program that installed api; size in bytes;
-- connections: sessions to this database, the asker's own not counted.
create function admin.status() returns table (server text, schema text, size bigint, connections bigint)
language sql stable set search_path = onecard, pg_temp as $$
    select current_setting('server_version'),
        (select max(v.number)::text || ' (' || coalesce((select a.program from schema_version a where a.number = 0), '') || ')'
         from schema_version v),
        pg_database_size(current_database()),
        (select count(*) from pg_stat_activity s
         where s.datname = current_database() and s.backend_type = 'client backend' and s.pid <> pg_backend_pid())
$$;
