-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reading a card: everything that the screens show, in one call. Part 'card' is one row, 'meter' a row a sub-meter,
-- 'trade' the customer's last ten. Keeps new return data.
create function api.card_read(p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[])
returns table (
    part text, card_state text, customer bigint, name text, address text, phone text, note text, balance numeric, household bigint,
    id_masked text, issue bigint, reason_code text, reason_params text, pending_job uuid, serving_operator text, serving_branch text,
    sub_meter bigint, slot bigint, directory text, meter_type text, unit text, model text, layout text, by_money boolean, step numeric, meter text,
    user_type text, alarm_1 numeric, alarm_2 numeric, hoarding numeric, purchase_limit numeric, presale numeric, ct bigint, vt bigint,
    price_1 text, price_2 text, unit_price numeric, tiered boolean, switch_at timestamptz, purchase_count bigint,
    last_purchase numeric, last_purchase_at timestamptz, unread numeric, return_time timestamptz, remaining numeric, overdraft numeric,
    return_count bigint, trade bigint, at timestamptz, kind text, quantity numeric, card_amount numeric, received numeric, state text)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    me operator;
    v card_view;
    c customer;
    server text;
    server_branch text;
    s slot_view;
    m meter;
    why text[];
begin
    me := rules.need('read-card');
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);

    select x.* into c from customer x where x.number = v.customer;
    if v.job is not null then
        select o.name, b.name into server, server_branch
        from card_job j
        join operator o on o.number = j.holder_operator
        join branch b on b.number = o.branch
        where j.id = v.job and j.lease_until > clock_timestamp() and j.holder_station is distinct from rules.my_station();
    end if;
    if server is not null then   -- to be waited for, not to be settled
        v.code := 'OC030';
        v.params := 'operator=' || replace(server, '\', '\\') || E'\nbranch=' || replace(server_branch, '\', '\\');
    end if;
    part := 'card';
    card_state := v.state;
    customer := c.number;
    name := c.name;
    address := c.address;
    phone := c.phone;
    note := c.note;
    balance := c.balance;
    household := c.household;
    id_masked := case when length(c.id_number) > 4 then repeat('*', length(c.id_number) - 4) || right(c.id_number, 4) else c.id_number end;
    issue := v.issue;
    reason_code := coalesce(v.code, '');
    reason_params := coalesce(v.params, '');
    pending_job := v.job;
    serving_operator := server;
    serving_branch := server_branch;
    return next;

    if v.customer is null then
        return;
    end if;
    for m in
        select * from meter
        where meter.customer = v.customer and meter.state in ('pending', 'open')
        order by meter.slot
    loop
        s := rules.view_slot(m, (select mm.layout from meter_model mm where mm.id = m.model), v.key, v.card_id, p_area, p_bytes);
        why := null;
        if v.code is null then
            m := rules.observe(me, m, s, v.card, p_area, p_bytes);
            why := rules.meter_refusal(m, s);
            if why[1] = 'OC026' then
                perform rules.list_conflict(m.id, null, 'ahead', why[2]);
            end if;
        end if;
        return query
        select 'meter', v.state, v.customer, null, null, null, null, null::numeric, null::bigint,
            null, null::bigint, coalesce(v.code, why[1], ''), coalesce(v.params, why[2], ''), v.job, null, null,
            m.sub_meter::bigint, m.slot::bigint, m.directory, mt.name, mt.unit, mm.name, mm.layout, y.by_money, mm.step, m.number,
            ut.name, ut.alarm_1, ut.alarm_2, ut.hoarding, ut.purchase_limit, m.presale, m.ct::bigint, m.vt::bigint,
            p1.name, p2.name, x.unit_price, coalesce(x.tiered, false), m.switch_at, m.purchase_count::bigint,
            m.last_purchase, m.last_purchase_at,
            case when rules.is_unread(m, s) then s.amount else 0 end,
            m.return_time, m.return_remaining, m.return_overdraft,
            m.return_count::bigint, null::bigint, null::timestamptz, null, null::numeric, null::numeric, null::numeric, m.state
        from meter_model mm
        join card_layout y on y.name = mm.layout
        join meter_type mt on mt.code = mm.meter_type
        join user_type ut on ut.id = m.user_type
        join price p1 on p1.id = m.price_1
        join price p2 on p2.id = m.price_2
        left join lateral (
            select pv.tiered, (select sum(ti.unit_price) from price_tier_item ti where ti.version = pv.id and ti.tier = 1) as unit_price
            from price_version pv
            where pv.price = m.price_1 and pv.starts_at <= now()
            order by pv.starts_at desc
            limit 1) x on true
        where mm.id = m.model;
    end loop;

    return query
    select 'trade', v.state, v.customer, null, null, null, null, null::numeric, null::bigint,
        null, null::bigint, null, null, null::uuid, null, null,
        t.sub_meter::bigint, null::bigint, null, null, null, null, null, null::boolean, null::numeric, null,
        null, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::bigint, null::bigint,
        null, null, null::numeric, null::boolean, null::timestamptz, null::bigint,
        null::numeric, null::timestamptz, null::numeric, null::timestamptz, null::numeric, null::numeric,
        null::bigint, t.number, t.at, t.kind, t.quantity, t.card_amount, t.received, t.state
    from trade t
    where t.customer = v.customer
    order by t.at desc, t.number desc
    limit 10;
end $$;
