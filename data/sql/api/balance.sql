-- SPDX-License-Identifier: GPL-3.0-or-later
-- Money into and out of a customer's balance: a trade without a card.

-- What a trade without a card ended with, in the form of a card job's end.
create function rules.trade_rows(p_trade bigint) returns setof rules.finish_row
language plpgsql stable as $$
declare
    r finish_row;
begin
    select 'job', t.request_id, t.kind, 'done', c.number, c.name, c.address, c.phone,
        t.due, t.received, t.tendered, coalesce(t.tendered, t.received) - t.received, c.balance, rules.paid_with(array[t.number]), t.reference, t.at,
        o.number, o.name, b.number, b.name, u.name, u.address, u.phone
    into r.part, r.job, r.kind, r.state, r.customer, r.name, r.address, r.phone,
        r.due, r.received, r.tendered, r.change, r.balance, r.pay, r.reference, r."time",
        r.operator, r.operator_name, r.branch, r.branch_name, r.unit_name, r.unit_address, r.unit_phone
    from trade t
    join customer c on c.number = t.customer
    join operator o on o.number = t.operator
    join branch b on b.number = t.branch
    cross join unit u
    where t.number = p_trade;
    return next r;
    select 'trade', t.kind, t.number, t.kind, t.state, 0, t.quantity, t.card_amount, t.presale, t.balance_change, t.due, t.received, t.tendered, t.price_name
    into r.part, r.kind, r.trade, r.trade_kind, r.state, r.sub_meter, r.quantity, r.card_amount, r.presale, r.balance_change, r.due, r.received, r.tendered,
        r.price
    from trade t
    where t.number = p_trade;
    return next r;
    for r.account, r.amount in select l.account, l.amount from trade_line l where l.trade = p_trade order by l.line loop
        r.part := 'line';
        return next r;
    end loop;
end $$;

-- Pays into the balance, or (p_out) out of it. Out goes what is there, not held, and not already counted on by an unfinished write, and from the
-- parameters' approval_amount on only with a second person. OC159, OC160; repeated, the same request answers the same trade.
create function api.balance_change(p_request uuid, p_customer bigint, p_out boolean, p_amount numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.finish_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    c customer;
    t trade;
    n bigint;
    free numeric;
    dig bytea := digest(jsonb_build_array('balance', p_customer, p_out, p_amount, p_tendered, p_pay, p_reference)::text, 'sha256');
    signed constant numeric := case when p_out then -p_amount else p_amount end;
begin
    perform rules.need('balance');
    me := rules.me();
    perform rules.check_pay(p_pay);
    if p_amount is null or p_amount <= 0 or p_amount > 99999999 then
        perform rules.refuse('OC010');
    end if;
    if p_amount <> round(p_amount, 2) then
        perform rules.refuse('OC014');
    end if;
    perform rules.check_reference(p_reference);
    c := rules.customer_for_change(p_customer);
    select * into t from trade where request_id = p_request and job is null;
    if t.number is not null then
        if (t.operator, t.kind, t.customer, t.due, coalesce(t.tendered, -1), t.reference)
            is distinct from (me.number, 'balance', p_customer, signed, coalesce(p_tendered, -1), coalesce(p_reference, ''))
            or array(select (l.account, l.amount) from trade_line l where l.trade = t.number and l.account <> 'balance' order by l.line)
            is distinct from array(select (l.account, l.amount::numeric(14,4)) from unnest(rules.pay_lines(p_pay, 0, signed))
                with ordinality as l(account, item, tier, quantity, unit_price, amount, ord) order by l.ord) then
            perform rules.refuse('OC005');
        end if;
        return query select * from rules.trade_rows(t.number);
        return;
    end if;
    if p_out then
        select rules.free_balance(c) + coalesce(sum(x.balance_change), 0)
        into free
        from trade x
        where x.customer = c.number and x.state = 'pending' and x.balance_change < 0;
        if p_amount > free then
            perform rules.refuse('OC159', 'free', trim_scale(free)::text);
        end if;
        if p_amount >= (select approval_amount from parameters) then
            perform rules.need_approval(p_request, dig, (select approval_amount::text from parameters), 'OC168');
        end if;
    else
        if not (select allow_balance from parameters) then
            perform rules.refuse('OC160');
        end if;
        perform rules.check_due(p_amount, null, p_tendered);
    end if;
    perform rules.check_paid(p_pay, p_amount);
    insert into trade (kind, state, request_id, customer, due, received, tendered, balance_change, reference, operator, branch, station)
    values ('balance', 'effective', p_request, c.number, signed, signed, case when not p_out then p_tendered end, signed,
        coalesce(p_reference, ''), me.number, me.branch, rules.my_station())
    returning number into n;
    insert into trade_line (trade, line, account, amount)
    select n, row_number() over (order by l.ord), l.account, l.amount
    from unnest(rules.pay_lines(p_pay, 0, signed) || row('balance', null, null, null, null, signed)::rules.line)
        with ordinality as l(account, item, tier, quantity, unit_price, amount, ord);
    update customer set balance = balance + signed where number = c.number;
    return query select * from rules.trade_rows(n);
end $$;
