-- SPDX-License-Identifier: GPL-3.0-or-later
-- Selling anew what was not put in a meter: the last purchase is taken back and the right amount sold, in one trade, with the same count and
-- the next revision. Source: ledger.md, The ledger and "Unread"; docs/card-acts.md.

create type rules.again as (
    sale rules.sale,
    old bigint,             -- the trade that is taken back
    paid numeric            -- what was paid for it, without its presale
);

-- What selling anew costs: the difference, below zero what goes back. p_amount and p_quantity null: nothing is sold. p_hold: what goes back
-- stays in the balance. It is priced as if the purchase had never been: its quantity counts into no tier, its balance is there again; its
-- presale stays, and counts first.
create function rules.price_again(p_meter onecard.meter, p_customer onecard.customer, p_amount numeric, p_quantity numeric, p_pay text, p_hold boolean)
returns rules.again
language plpgsql stable as $$
declare
    r again;
    s sale;
    old trade;
    undone rules.line[];
    items numeric;
    change numeric;
    presale numeric;
    base numeric;
    short numeric;
    counted numeric;
begin
    select * into old
    from trade
    where meter = p_meter.id and purchase_count = p_meter.purchase_count and revision = p_meter.revision and state = 'effective';
    -- what all sales of this count together left: a purchase that was sold anew before took its forerunner back itself
    select coalesce(array_agg(row('item', x.item, x.tier, -x.quantity, x.unit_price, -x.amount)::rules.line order by x.tier, x.item), '{}'), coalesce(sum(x.amount), 0)
    into undone, items
    from (
        select l.item, l.tier, l.unit_price, sum(l.quantity) as quantity, sum(l.amount) as amount
        from trade t
        join trade_line l on l.trade = t.number
        where t.meter = p_meter.id and t.purchase_count = p_meter.purchase_count and t.state = 'effective' and l.account = 'item'
        group by l.item, l.tier, l.unit_price
        having sum(l.amount) <> 0) x;
    select coalesce(sum(t.balance_change - t.held), 0) into change
    from trade t
    where t.meter = p_meter.id and t.purchase_count = p_meter.purchase_count and t.state = 'effective';
    select coalesce(sum(x.quantity), 0) into presale
    from (
        select max(l.quantity) as quantity
        from trade t
        join trade_line l on l.trade = t.number
        where t.meter = p_meter.id and t.purchase_count = p_meter.purchase_count and t.state = 'effective' and l.account = 'presale'
        group by l.trade, l.tier) x;

    base := rules.free_balance(p_customer) - change;
    short := greatest(-base, 0);
    counted := rules.counted(old, p_meter);
    s := rules.price_items(p_meter, p_customer.household, p_amount, p_quantity, 0, greatest(base, 0), case when counted > 0 then presale - counted else 0 end);
    r.old := old.number;
    r.paid := items + change;
    s.quantity := s.quantity + presale;
    s.due := s.due - r.paid + short;
    s.balance_change := s.balance_change - change + short;
    s.lines := undone || s.lines;
    s.reverses := old.number;
    if s.due < 0 and p_hold then
        s.held := -s.due;
        s.balance_change := s.balance_change + s.held;
        s.due := 0;
    end if;
    r.sale := rules.pay_for(s, p_pay, 0);
    return r;
end $$;

-- How much of a trade's quantity counts into the tiers of this meter's price now.
create function rules.counted(p_trade onecard.trade, p_meter onecard.meter) returns numeric
language plpgsql stable as $$
declare
    v constant price_version := rules.price_version_at(p_meter.price_1, now());
begin
    return case when v.tiered and p_trade.at >= date_trunc(v.period, now(), (select time_zone from meta)) then p_trade.quantity else 0 end;
end $$;

-- Whether paying money for an unread purchase out wants a second person, as {code, limit}; null: it doesn't. A card that anybody can copy never
-- proves that it was not used, nor does one that carries what a lost card had.
create function rules.payout_approval(p_card onecard.card, p_sold_at timestamptz, p_amount numeric) returns text[]
language plpgsql stable as $$
declare
    least constant numeric := (select approval_amount from parameters);
begin
    if p_card.family <> 'cpu' or p_card.created_at > p_sold_at then
        return array['OC172', ''];
    end if;
    return case when p_amount >= least then array['OC168', least::text] end;
end $$;

-- What is wrong with selling this again, as {code, lines}; null: nothing.
create function rules.again_refusal(p_meter onecard.meter, p_view rules.slot_view) returns text[]
language plpgsql stable as $$
declare
    why text[];
begin
    if p_meter.barred is not null then
        return array['OC028', 'reason=' || p_meter.barred];
    end if;
    why := rules.meter_mismatch(p_meter, p_view);
    if why is not null then
        return why;
    end if;
    if not rules.is_unread(p_meter, p_view) then
        return array['OC170', ''];
    end if;
    if p_meter.revision = 15 then   -- the record has four bits for it
        return array['OC174', ''];
    end if;
    return rules.carried_refusal(p_meter);
end $$;

-- What a meter took over from the one before it was not bought: there is nothing to take back. As above.
create function rules.carried_refusal(p_meter onecard.meter) returns text[]
language plpgsql stable as $$
begin
    return (
        select array['OC179', '']
        from trade t
        where t.meter = p_meter.id and t.purchase_count = p_meter.purchase_count and t.kind = 'replace-meter' and t.state = 'effective');
end $$;

-- p_amount and p_quantity: nothing at all, 0, or what api.purchase_begin takes.
create function rules.check_again(p_amount numeric, p_quantity numeric, p_by_money boolean) returns void
language plpgsql stable as $$
begin
    if coalesce(p_amount, 0) <> 0 or coalesce(p_quantity, 0) <> 0 then
        perform rules.check_amount(p_amount, p_quantity, p_by_money);
    end if;
end $$;

-- What it would cost, as the ledger stands; nothing is written. One row a tier and item; without a tier where nothing is sold. due: below
-- zero goes back. approval: '' or the code that a payout would meet.
create function api.repurchase_quote(p_customer bigint, p_sub_meter bigint, p_amount numeric, p_quantity numeric)
returns table (tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric, total_quantity numeric, total_amount numeric,
    due numeric, balance_change numeric, card_amount numeric, paid numeric, was numeric, approval text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c onecard.customer;
    k onecard.card;
    m onecard.meter;
    mm meter_model;
    money boolean;
    r again;
    need text;
begin
    perform rules.need('re-purchase');
    select * into c from onecard.customer x where x.number = p_customer and x.state = 'open';
    if c.number is null then
        perform rules.refuse('OC050');
    end if;
    select * into m from onecard.meter x where x.customer = c.number and x.sub_meter = p_sub_meter and x.state = 'open';
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    select * into k from onecard.card x where x.customer = c.number and x.state = 'current';
    select * into mm from meter_model x where x.id = m.model;
    select by_money into money from card_layout where name = mm.layout;
    if rules.carried_refusal(m) is not null then
        perform rules.refuse('OC179');
    end if;
    perform rules.check_again(p_amount, p_quantity, money);
    r := rules.price_again(m, c, nullif(p_amount, 0), nullif(p_quantity, 0), 'cash', false);
    perform rules.check_limits((select u from user_type u where u.id = m.user_type), (r.sale).card_amount, coalesce(m.return_remaining, m.presale));
    need := case when (r.sale).due < 0 then coalesce((rules.payout_approval(k, m.last_purchase_at, -(r.sale).due))[1], '') else '' end;
    return query
    select l.tier::bigint, i.name, l.quantity, l.unit_price, l.amount, b.quantity, sum(l.amount) over (), (r.sale).due,
        (r.sale).balance_change, (r.sale).card_amount, r.paid, m.last_purchase, need
    from (
        -- without its presale, which is neither bought nor taken back: each item of a tier has the tier's quantity
        select coalesce(sum(y.quantity), 0) as quantity
        from (
            select max(x.quantity) as quantity
            from unnest((r.sale).lines) x
            where x.account = 'item' and x.amount > 0
            group by x.tier) y) b
    left join lateral (
        select x.item, x.tier, x.quantity, x.unit_price, x.amount
        from unnest((r.sale).lines) x
        where x.account = 'item' and x.amount > 0) l on true
    left join price_item i on i.id = l.item;
end $$;

-- Sells anew on a card whose purchase was not put in its meter. p_amount and p_quantity null or 0: takes it back altogether. What goes back is
-- held in the balance, or, with p_pay_out, paid out at once: then perhaps with a second person (OC168, OC172). OC170: it was put in the meter;
-- OC171: it is what is on the card already; OC174, OC179.
create function api.repurchase_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_sub_meter bigint,
    p_amount numeric, p_quantity numeric, p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text, p_pay_out boolean)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    m meter;
    mm meter_model;
    ut user_type;
    slot slot_view;
    why text[];
    r again;
    j card_job;
    dig bytea;
    img record;
begin
    me := rules.need('re-purchase');
    dig := digest(jsonb_build_array('re-purchase', p_family, p_serial, p_area, p_bytes, p_sub_meter, p_amount, p_quantity, p_expected_due, p_tendered, p_pay,
        p_reference, p_pay_out)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes);
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    m := rules.meter_for_act((a.customer).number, p_sub_meter);
    select * into mm from meter_model where id = m.model;
    select * into ut from user_type where id = m.user_type;
    slot := rules.view_slot(m, mm.layout, (a.view).key, (a.view).card_id, p_area, p_bytes);
    m := rules.observe(me, m, slot, (a.card).id, p_area, p_bytes);
    why := rules.again_refusal(m, slot);
    if why is not null then
        perform rules.refuse_lines(why[1], why[2]);
    end if;
    perform rules.check_again(p_amount, p_quantity, (select by_money from card_layout where name = mm.layout));
    r := rules.price_again(m, a.customer, nullif(p_amount, 0), nullif(p_quantity, 0), p_pay, not coalesce(p_pay_out, false));
    if (r.sale).card_amount = m.last_purchase then
        perform rules.refuse('OC171');
    end if;
    perform rules.check_limits(ut, (r.sale).card_amount, coalesce(m.return_remaining, m.presale));
    perform rules.check_due((r.sale).due - (r.sale).held, p_expected_due, null);
    perform rules.check_due((r.sale).due, null, p_tendered);
    perform rules.check_paid(p_pay, abs((r.sale).due));
    if (r.sale).due < 0 then
        why := rules.payout_approval(a.card, m.last_purchase_at, -(r.sale).due);
        if why is not null then
            perform rules.need_approval(p_request, dig, why[2], why[1]);
        end if;
    end if;

    m.total_bought := m.total_bought - m.last_purchase;
    img := rules.sale_image(m, a.card, slot.card_type, m.purchase_count, m.revision + 1, (r.sale).card_amount, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 're-purchase', a.card, false, p_area, p_bytes, img.area, img.bytes);
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
    values (j.id, m.id, m.slot, m.directory, m.purchase_count, m.revision + 1, (r.sale).card_amount);
    perform rules.add_trade(j, 're-purchase', m, m.purchase_count, m.revision + 1, r.sale, p_tendered, p_reference);
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
