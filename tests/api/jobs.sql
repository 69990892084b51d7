-- SPDX-License-Identifier: GPL-3.0-or-later
-- After sale.sql: the steps of a card job one by one, for tests that stop between them or do them wrongly.
create table test.kept (job uuid primary key, rows rules.job_row[]);
grant all on test.kept to public;

create function test.serial(p_name text) returns bytea language sql as $$
    select case when p_name = 'cpu' then '\x1122334455667788'::bytea end
$$;
create function test.keep(p_job uuid, p_rows rules.job_row[]) returns text language sql as $$
    insert into test.kept values (p_job, p_rows) on conflict (job) do update set rows = excluded.rows;
    select 'attempt ' || max(attempt) || ', steps ' || count(*) filter (where part = 'step' and target is not null)
        || ', keys ' || count(key_mac) || ' ' || coalesce(max(state), '')
    from unnest(p_rows)
$$;
-- Begins, and answers what there is to do.
create function test.begin(p_name text, p_job uuid, p_amount numeric) returns text language sql as $$
    select test.keep(p_job, array(select x from api.purchase_begin(p_job, p_name, '24c04', test.serial(p_name), test.areas(p_name), test.bytes(p_name),
        case p_name when 'cpu' then 11 else 22 end, p_amount, null, null, p_amount, 'cash', null) x))
$$;
create function test.resume(p_name text, p_job uuid) returns text language sql as $$
    select test.keep(p_job, array(select x from api.job_resume(p_job, p_name, '24c04', test.serial(p_name), test.areas(p_name), test.bytes(p_name)) x))
$$;
-- Writes the first p_steps of what there is to do (null: all), of the last one only half when p_torn.
create function test.put(p_name text, p_job uuid, p_steps int, p_torn boolean) returns text language sql as $$
    with step as (
        select x.area, x.target, row_number() over () as ord
        from test.kept k, unnest(k.rows) x
        where k.job = p_job and x.part = 'step' and x.target is not null)
    update test.card c
    set bytes = case when p_torn and s.ord = coalesce(p_steps, (select max(ord) from step))
        then substring(s.target from 1 for length(s.target) / 2) || substring(c.bytes from length(s.target) / 2 + 1)
        else s.target end
    from step s
    where c.name = p_name and c.area = s.area and s.ord <= coalesce(p_steps, s.ord);
    select 'put'
$$;
-- Ends the job with what is on the card (p_seen false: it could not be read): state and verdict.
create function test.end(p_name text, p_job uuid, p_attempt int, p_seen boolean, p_proof boolean, p_nothing_sent boolean, p_undo boolean)
returns text language plpgsql as $$
declare
    ch bytea := (select x.challenge from test.kept k, unnest(k.rows) x where k.job = p_job and x.part = 'directory');
begin
    return (select state || ' ' || verdict
        from api.job_finish(p_job, p_attempt, case when p_seen then test.areas(p_name) end, case when p_seen then test.bytes(p_name) end,
            array['DF01'], array[case when p_proof then test.proof(ch) else '\x0000000000000000'::bytea end], p_nothing_sent, p_undo)
        where part = 'job');
end $$;
create function test.look(p_name text) returns text language sql as $$
    select string_agg(card_state || '/' || reason_code || '/' || coalesce(serving_operator, '-'), ' ' order by part)
    from api.card_read(p_name, '24c04', test.serial(p_name), test.areas(p_name), test.bytes(p_name))
    where part <> 'trade'
$$;
create function test.bend(p_name text, p_area text, p_at int) returns text language sql as $$
    update test.card set bytes = set_byte(bytes, p_at, get_byte(bytes, p_at) # 1) where name = p_name and area = p_area;
    select 'bent'
$$;
create table test.saved (name text, area text, bytes bytea);
grant all on test.saved to public;
create function test.save(p_name text) returns text language sql as $$
    delete from test.saved where name = p_name;
    insert into test.saved select name, area, bytes from test.card where name = p_name;
    select 'saved'
$$;
create function test.restore(p_name text) returns text language sql as $$
    update test.card c set bytes = s.bytes from test.saved s where s.name = c.name and s.area = c.area and c.name = p_name;
    select 'restored'
$$;
-- What the meter last took, played from what the ledger sold it.
create function test.use(p_name text, p_remaining numeric) returns text language sql as $$
    select test.insert_card(p_name, p_remaining);
    select 'used'
$$;
grant execute on all functions in schema test to public;
-- the two that sale.sql begins only are completed by the station that began them
set session authorization onecard_1002;
select count(*) from api.hello(1, '00000000-0000-4000-8000-000000000001', 'test', '00000000-0000-4000-8000-000000000002');
select test.resume('24c', '00000000-0000-4000-8000-000000000023'), test.resume('cpu', '00000000-0000-4000-8000-000000000013');
select test.put('24c', '00000000-0000-4000-8000-000000000023', null, false), test.put('cpu', '00000000-0000-4000-8000-000000000013', null, false);
select test.end('24c', '00000000-0000-4000-8000-000000000023', 2, true, false, false, false);
select test.end('cpu', '00000000-0000-4000-8000-000000000013', 2, true, true, false, false);
select test.use('24c', 40), test.use('cpu', 40);
reset session authorization;
