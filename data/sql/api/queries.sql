-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lists of the ledger.

-- Card jobs whose outcome is not proven, of the operator's branch or (p_all, permission unfinished-all) of every one; and what does not fit
-- and waits for an administrator (state 'conflict'). State 'serving': a station is at it now, else 'pending'.
create function api.unfinished(p_all boolean)
returns table (
    job uuid, number bigint, kind text, state text, since timestamptz, customer bigint, name text, address text, phone text,
    family text, sub_meters text, due numeric, received numeric, tendered numeric, pay text, attempt bigint,
    operator bigint, operator_name text, branch bigint, branch_name text, serving_operator text, serving_branch text,
    reason text, detail text, conflict bigint)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    me onecard.operator;
    every constant boolean := coalesce(p_all, false);
begin
    perform rules.need('unfinished');
    if every then
        perform rules.need('unfinished-all');
    end if;
    me := rules.me();
    return query
    select j.id, j.number, j.kind, case when j.lease_until > clock_timestamp() then 'serving' else 'pending' end, j.begun_at,
        c.number, c.name, c.address, c.phone, j.family, t.sub_meters, t.due, t.received, t.tendered,
        rules.paid_with(array(select x.number from trade x where x.job = j.id)),
        j.attempt::bigint, o.number::bigint, o.name, b.number::bigint, b.name,
        case when j.lease_until > clock_timestamp() then h.name end, case when j.lease_until > clock_timestamp() then hb.name end,
        null::text, null::text, null::bigint
    from card_job j
    join onecard.customer c on c.number = j.customer
    join onecard.operator o on o.number = j.operator
    join onecard.branch b on b.number = j.branch
    join onecard.operator h on h.number = j.holder_operator
    join onecard.branch hb on hb.number = h.branch
    cross join lateral (
        select string_agg(x.sub_meter::text, ' ' order by x.sub_meter) filter (where x.sub_meter > 0) as sub_meters,
            sum(x.due) as due, sum(x.received) as received, max(x.tendered) as tendered
        from trade x
        where x.job = j.id) t
    where j.state = 'pending' and (every or j.branch = me.branch)
    union all
    select k.job, j.number, j.kind, 'conflict', k.at, c.number, c.name, c.address, c.phone, d.family, m.sub_meter::text,
        null, null, null, null, j.attempt::bigint, o.number::bigint, o.name, b.number::bigint, b.name, null, null, k.reason, k.detail, k.id
    from onecard.conflict k
    left join card_job j on j.id = k.job
    left join meter m on m.id = k.meter
    join onecard.customer c on c.number = coalesce(m.customer, j.customer)
    left join card d on d.id = j.card
    left join onecard.operator o on o.number = j.operator
    left join onecard.branch b on b.number = coalesce(j.branch, c.branch)
    where k.state = 'open' and (every or coalesce(j.branch, c.branch) = me.branch)
    order by 5 desc;
end $$;

-- A customer's trades, newest first.
create function api.trades_of(p_customer bigint, p_limit bigint)
returns table (
    trade bigint, customer bigint, name text, sub_meter bigint, meter text, unit text, purchase_count bigint, quantity numeric,
    card_amount numeric, presale numeric, balance_change numeric, due numeric, received numeric, pay text, kind text, state text,
    "time" timestamptz, price text, operator bigint, operator_name text, branch bigint, branch_name text, reference text, job uuid)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
begin
    perform rules.need_any('query', 'purchase', 'read-card', 'reprint');
    return query
    select t.number, c.number, c.name, t.sub_meter::bigint, m.number, mt.unit, t.purchase_count::bigint, t.quantity,
        t.card_amount, t.presale, t.balance_change, t.due, t.received,
        rules.paid_with(array[t.number]),
        t.kind, t.state, t.at, t.price_name, o.number::bigint, o.name, b.number::bigint, b.name, t.reference, t.job
    from trade t
    join onecard.customer c on c.number = t.customer
    join onecard.operator o on o.number = t.operator
    join onecard.branch b on b.number = t.branch
    left join meter m on m.id = t.meter
    left join meter_model mm on mm.id = m.model
    left join meter_type mt on mt.code = mm.meter_type
    where t.customer = p_customer
    order by t.at desc, t.number desc
    limit least(greatest(coalesce(p_limit, 10), 1), 1000);
end $$;
