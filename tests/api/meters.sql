-- SPDX-License-Identifier: GPL-3.0-or-later
-- After jobs.sql: meters that are added to its two cards, and such that take another one's place.

-- Begins to replace the meter; what is not named stays as it was.
create function test.change(p_name text, p_job uuid, p_meter text, p_remaining numeric, p_expected numeric default null, p_model text default null,
    p_user_type text default null, p_price text default null, p_price_2 text default null, p_ct bigint default null, p_vt bigint default null,
    p_sub_meter bigint default null)
returns text language sql as $$
    select test.keep(p_job, array(select x from api.replace_meter_begin(p_job, p_name, '24c04', test.serial(p_name), test.areas(p_name), test.bytes(p_name),
        coalesce(p_sub_meter, case p_name when 'cpu' then 11 else 22 end), p_meter, p_model, p_user_type, p_price, p_price_2, p_ct, p_vt, p_remaining,
        p_expected, null, 'cash', null) x))
$$;
-- remaining and unread → carried: preset, on the card; shortfall; due
create function test.change_quote(p_name text, p_remaining numeric, p_model text default null, p_user_type text default null) returns text language sql as $$
    select concat_ws(' ', trim_scale(remaining), trim_scale(unread), trim_scale(carried), trim_scale(presale), trim_scale(card_amount), trim_scale(shortfall),
        trim_scale(due))
    from api.replace_meter_quote(case p_name when 'cpu' then 2 else 1 end, case p_name when 'cpu' then 11 else 22 end, null, p_model, p_user_type, null, null,
        null, null, p_remaining)
    limit 1
$$;
-- Begins to add one meter of the same type, in slot p_slot.
create function test.add(p_name text, p_job uuid, p_slot bigint, p_meter text, p_amount numeric, p_expected numeric default null, p_model text default null,
    p_user_type text default null, p_price text default null, p_ct bigint default null)
returns text language sql as $$
    select test.keep(p_job, array(select x from api.add_meter_begin(p_job, p_name, '24c04', test.serial(p_name), test.areas(p_name), test.bytes(p_name),
        array[p_slot], array[coalesce(p_model, case p_name when 'cpu' then 'RT-dt' else '24C04接触式冷水表' end)], array[p_meter],
        array[coalesce(p_user_type, case p_name when 'cpu' then '居民用电' else '居民用水' end)],
        array[coalesce(p_price, case p_name when 'cpu' then '居民电价' else '居民水价' end)], array[null::text], array[null::timestamptz], array[p_ct],
        array[null::bigint], array[p_amount], array[null::numeric], p_expected, null, 'cash', null) x))
$$;
-- A CPU card has the files of a further electricity meter, or not.
create function test.add_directory(p_directory text) returns text language sql as $$
    insert into test.card
    select 'cpu', p_directory || substr(area, 5), decode(repeat('00', length(bytes)), 'hex'), ord + 10 from test.card where name = 'cpu' and area like 'DF01/%';
    select 'there'
$$;
-- As test.end, for a job in this directory.
create function test.end_in(p_directory text, p_job uuid, p_attempt int, p_undo boolean) returns text language plpgsql as $$
declare
    ch bytea := (select x.challenge from test.kept k, unnest(k.rows) x where k.job = p_job and x.part = 'directory');
begin
    return (select state || ' ' || verdict
        from api.job_finish(p_job, p_attempt, test.areas('cpu'), test.bytes('cpu'), array[p_directory], array[test.proof(ch)], true, p_undo)
        where part = 'job');
end $$;
grant execute on all functions in schema test to public;
