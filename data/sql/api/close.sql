-- SPDX-License-Identifier: GPL-3.0-or-later
-- Closing an account: the balance and what was not put in a meter are paid out, the card is cleared, the customer's meters and the customer
-- end. Source: product.md 4; ledger.md, "Unread"; docs/card-acts.md.

-- What a customer gets back: a row for the balance, then one for each purchase that is unread on the card.
create type rules.payout as (meter onecard.meter, reverses bigint, lines rules.line[], amount numeric, sold_at timestamptz);

-- The meter that what is unread for this one was bought for: itself, or one that was replaced before it had taken its last purchase.
create function rules.bought_for(p_meter onecard.meter) returns onecard.meter
language plpgsql stable as $$
declare
    m meter := p_meter;
    old meter;
begin
    loop
        select o.* into old
        from trade t
        join card_job j on j.id = t.job
        join meter o on o.id = j.old_meter
        where t.meter = m.id and t.purchase_count = m.purchase_count and t.kind = 'replace-meter' and t.state = 'effective'
            and coalesce(o.return_count, 0) < o.purchase_count;
        exit when old.id is null;
        m := old;
    end loop;
    return m;
end $$;

create function rules.payouts(p_customer onecard.customer, p_view rules.card_view, p_area text[], p_bytes bytea[]) returns setof rules.payout
language plpgsql stable as $$
declare
    r payout;
    m meter;
begin
    r.amount := p_customer.balance;
    r.lines := case when r.amount > 0 then array[row('balance', null, null, null, null, -r.amount)::rules.line] else '{}' end;
    return next r;
    for m in select * from meter where customer = p_customer.number and state = 'open' order by slot loop
        continue when not rules.is_unread(m, rules.view_slot(m, (select layout from meter_model where id = m.model), p_view.key, p_view.card_id,
            p_area, p_bytes));
        m := rules.bought_for(m);
        select t.number, t.at into r.reverses, r.sold_at
        from trade t
        where t.meter = m.id and t.purchase_count = m.purchase_count and t.revision = m.revision and t.state = 'effective';
        select coalesce(array_agg(row('item', x.item, x.tier, -x.quantity, x.unit_price, -x.amount)::rules.line order by x.tier, x.item), '{}'), coalesce(sum(x.amount), 0)
        into r.lines, r.amount
        from (
            select l.item, l.tier, l.unit_price, sum(l.quantity) as quantity, sum(l.amount) as amount
            from trade t
            join trade_line l on l.trade = t.number
            where t.meter = m.id and t.purchase_count = m.purchase_count and t.state = 'effective' and l.account = 'item'
            group by l.item, l.tier, l.unit_price
            having sum(l.amount) <> 0) x;
        r.meter := m;
        if r.amount > 0 then
            return next r;
        end if;
    end loop;
end $$;

-- Whether paying this out wants a second person, as {code, limit}; null: it doesn't. Money that is held was for a purchase which no meter has
-- proved unused yet, and a meter that was replaced won't prove anything any more.
create function rules.close_approval(p_customer onecard.customer, p_card onecard.card, p_payouts rules.payout[]) returns text[]
language plpgsql stable as $$
declare
    total numeric := 0;
    p payout;
    why text[];
begin
    if exists (select from held where customer = p_customer.number and state in ('held', 'contested')) then
        return array['OC172', ''];
    end if;
    foreach p in array p_payouts loop
        total := total + p.amount;
        if p.reverses is not null then
            why := coalesce(why, case when (p.meter).state = 'replaced' or (rules.payout_approval(p_card, p.sold_at, 0))[1] = 'OC172' then array['OC172', ''] end);
        end if;
    end loop;
    return coalesce(why, case when total >= (select approval_amount from parameters) then array['OC168', (select approval_amount::text from parameters)] end);
end $$;

-- Refuses to close while something is open: an unfinished conflict of a meter (OC038).
create function rules.check_closable(p_customer bigint) returns void
language plpgsql stable as $$
begin
    if exists (select from conflict f join meter m on m.id = f.meter where m.customer = p_customer and f.state = 'open') then
        perform rules.refuse('OC038');
    end if;
end $$;

-- What closing would pay out, for the card that was read; nothing is written. The first row is the balance. approval: '' or the code that it would meet.
create function api.close_quote(p_family text, p_serial bytea, p_area text[], p_bytes bytea[])
returns table (customer bigint, name text, sub_meter bigint, meter text, unit text, card_amount numeric, amount numeric, total numeric, approval text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    v card_view;
    c onecard.customer;
    k onecard.card;
    p payout[];
begin
    perform rules.need('close-account');
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    if v.code is not null then
        perform rules.refuse_lines(v.code, v.params);
    end if;
    if v.state <> 'current' then
        perform rules.refuse('OC020');
    end if;
    select * into c from onecard.customer x where x.number = v.customer;
    select * into k from onecard.card x where x.id = v.card;
    perform rules.check_closable(c.number);
    p := array(select x from rules.payouts(c, v, p_area, p_bytes) x);
    return query
    select c.number, c.name, coalesce((x.meter).sub_meter, 0)::bigint, (x.meter).number, t.unit, (x.meter).last_purchase, x.amount, sum(x.amount) over (),
        coalesce((rules.close_approval(c, k, p))[1], '')
    from unnest(p) x
    left join meter_model mm on mm.id = (x.meter).model
    left join meter_type t on t.code = mm.meter_type;
end $$;

-- Closes the account of the card that was read. p_customer: whose it must be (OC033), null: whose ever it is. p_expected: what the operator saw
-- that is paid out.
create function api.close_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_customer bigint,
    p_expected numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    j card_job;
    dig bytea;
    payouts payout[];
    p payout;
    s sale;
    why text[];
    total numeric := 0;
    img record;
begin
    me := rules.need('close-account');
    dig := digest(jsonb_build_array('close', p_family, p_serial, p_area, p_bytes, p_customer, p_expected, p_pay, p_reference)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes);
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    if p_customer <> (a.customer).number then
        perform rules.refuse('OC033');
    end if;
    perform rules.check_closable((a.customer).number);
    payouts := array(select x from rules.payouts(a.customer, a.view, p_area, p_bytes) x);
    select sum(x.amount) into total from unnest(payouts) x;
    perform rules.check_due(total, p_expected, null);
    perform rules.check_paid(p_pay, total);
    why := rules.close_approval(a.customer, a.card, payouts);
    if why is not null then
        perform rules.need_approval(p_request, dig, why[2], why[1]);
    end if;

    img := rules.cleared_image(p_family, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 'close', a.card, false, p_area, p_bytes, img.area, img.bytes);
    perform rules.add_cleared_meters(j);
    total := 0;
    foreach p in array payouts loop
        s := rules.no_sale();
        s.due := -p.amount;
        s.balance_change := case when p.reverses is null then -p.amount else 0 end;
        s.reverses := p.reverses;
        s.lines := case when s.due <> 0 then rules.pay_lines(p_pay, total, s.due) else '{}'::rules.line[] end || p.lines;
        total := total + p.amount;
        perform rules.add_trade(j, 'close', p.meter, null, 0, s, null, p_reference);
    end loop;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;

-- The account's end, when the card was proven to be clear.
create function rules.end_customer(p_job onecard.card_job) returns void
language plpgsql as $$
begin
    update held set state = 'paid', decided_at = now() where customer = p_job.customer and state in ('held', 'contested');
    update meter m set total_bought = m.total_bought - m.last_purchase
    from trade t
    join trade r on r.number = t.reverses
    where t.job = p_job.id and m.id = r.meter;
    update meter set state = 'closed' where customer = p_job.customer and state = 'open';
    update customer set state = 'closed' where number = p_job.customer;
end $$;
