-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new meter in the place of an old one, which is history from the begin on: what the old one holds, and what was not put in it, is written for
-- the new one. Sources: ledger.md, "Replace meter"; docs/card-acts.md.

-- What a meter holds as far as the ledger can account for: what it last returned, below zero an overdraft; the presale until then.
create function rules.last_known(p_meter onecard.meter) returns numeric
language plpgsql immutable as $$
begin
    return coalesce(p_meter.return_remaining - coalesce(p_meter.return_overdraft, 0), p_meter.presale);
end $$;

-- What the old meter shows, as somebody read it; null: as it last returned. OC176: more than it can hold; OC177.
create function rules.check_remaining(p_meter onecard.meter, p_remaining numeric) returns numeric
language plpgsql stable as $$
declare
    most constant numeric := rules.last_known(p_meter);
begin
    if p_remaining = 'NaN' or p_remaining not between -99999999 and 99999999 or scale(trim_scale(p_remaining)) > 4 then
        perform rules.refuse('OC177');
    end if;
    if p_remaining > most then
        perform rules.refuse('OC176', 'limit', trim_scale(most)::text);
    end if;
    return coalesce(p_remaining, most);
end $$;

-- The new meter as it will be; null: as the old one. Its model is of the same type of meter (OC048), goes with the customer's card (OC036) and counts
-- the same: money, or a quantity (OC178). p_number null: not said yet (a quote).
create function rules.meter_instead(p_old onecard.meter, p_card onecard.card, p_number text, p_model text, p_user_type text, p_price text, p_price_2 text,
    p_ct bigint, p_vt bigint)
returns onecard.meter
language plpgsql stable as $$
declare
    m meter;
    was meter_model;
    mm meter_model;
    y card_layout;
begin
    select * into was from meter_model where id = p_old.model;
    mm := case when p_model is null then was else rules.model_for(p_model) end;
    if mm.meter_type <> was.meter_type then
        perform rules.refuse('OC048', 'model', mm.name, 'slot', p_old.slot::text);
    end if;
    select * into y from card_layout where name = mm.layout;
    if y.family <> p_card.family or mm.chip <> p_card.chip then
        perform rules.refuse('OC036', 'family', p_card.chip, 'expected', mm.chip);
    end if;
    if y.by_money <> (select by_money from card_layout where name = was.layout) then
        perform rules.refuse('OC178', 'model', mm.name);
    end if;
    m.number := case when p_number is not null then rules.meter_number_for(p_number) end;
    m.user_type := case when p_user_type is null then p_old.user_type else (rules.user_type_for(p_user_type, mm.meter_type)).id end;
    m.price_1 := case when p_price is null then p_old.price_1 else rules.price_for(p_price, mm.meter_type, y, 'price') end;
    m.price_2 := case when p_price_2 is null then p_old.price_2 else rules.price_for(p_price_2, mm.meter_type, y, 'price_2') end;
    if p_model is not null then
        perform rules.check_price(y, rules.price_version_at(m.price_1, now()));
        perform rules.check_price(y, rules.price_version_at(m.price_2, now()));
    end if;
    m.ct := coalesce(p_ct, case when p_model is null then p_old.ct else mm.ct end);
    m.vt := coalesce(p_vt, case when p_model is null then p_old.vt else mm.vt end);
    perform rules.check_ratios(m.ct, m.vt);
    m.model := mm.id;
    m.customer := p_old.customer;
    m.slot := p_old.slot;
    m.sub_meter := p_old.sub_meter;
    m.directory := p_old.directory;
    m.switch_at := p_old.switch_at;
    m.presale := (select u.presale from user_type u where u.id = m.user_type);
    return m;
end $$;

create type rules.meter_change as (
    sale rules.sale,
    remaining numeric, unread numeric, shortfall numeric, fee numeric
);

-- What the change costs: the fee, and what the old meter's value lacks to the new one's presale, as presale. A quantity is rounded up to the new
-- meter's step: the customer never loses. OC012: more would be in the new meter than it may hold.
create function rules.price_meter_change(p_old onecard.meter, p_new onecard.meter, p_household int, p_remaining numeric, p_unread boolean, p_pay text)
returns rules.meter_change
language plpgsql stable as $$
declare
    r meter_change;
    s sale;
    step numeric;
    ut user_type;
    more numeric;   -- than the presale
begin
    select case when y.by_money then 0.01 else mm.step end into step
    from meter_model mm
    join card_layout y on y.name = mm.layout
    where mm.id = p_new.model;
    select * into ut from user_type where id = p_new.user_type;
    r.remaining := rules.check_remaining(p_old, p_remaining);
    r.unread := case when p_unread then p_old.last_purchase else 0 end;
    more := ceil((r.remaining + r.unread - p_new.presale) / step) * step;
    r.shortfall := greatest(-more, 0);
    r.fee := (select meter_change_fee from parameters);
    if p_new.presale + more > ut.hoarding then
        perform rules.refuse('OC012', 'limit', trim_scale(ut.hoarding)::text, 'held', trim_scale(p_new.presale)::text, 'field', 'remaining');
    end if;
    s := rules.price_items(p_new, p_household, null, null, r.shortfall, 0, 0);
    s.card_amount := greatest(more, 0);
    s.carried := p_new.presale + more;
    s.due := s.due + r.fee;
    s.lines := row('meter-change-fee', null, null, null, null, r.fee)::rules.line || s.lines;
    r.sale := rules.pay_for(s, p_pay, 0);
    return r;
end $$;

-- What it would cost, as the ledger stands; nothing is written. A row a tier and item of the shortfall; one without a tier where there is none.
-- most: what can be typed as remaining; carried: what the new meter takes over, of it presale is preset in it and card_amount goes onto the card.
create function api.replace_meter_quote(p_customer bigint, p_sub_meter bigint, p_meter text, p_model text, p_user_type text, p_price text, p_price_2 text,
    p_ct bigint, p_vt bigint, p_remaining numeric)
returns table (tier bigint, item_name text, quantity numeric, unit_price numeric, amount numeric, old_meter text, model text, user_type text, unit text,
    by_money boolean, ct bigint, vt bigint, most numeric, remaining numeric, unread numeric, carried numeric, presale numeric, card_amount numeric,
    shortfall numeric, shortfall_cost numeric, fee numeric, due numeric)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c onecard.customer;
    k onecard.card;
    m onecard.meter;
    n onecard.meter;
    r meter_change;
begin
    perform rules.need('replace-meter');
    select * into c from onecard.customer x where x.number = p_customer and x.state = 'open';
    if c.number is null then
        perform rules.refuse('OC050');
    end if;
    select * into m from onecard.meter x where x.customer = c.number and x.sub_meter = p_sub_meter and x.state = 'open';
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    select * into k from onecard.card x where x.customer = c.number and x.state in ('current', 'lost') order by x.id desc limit 1;
    n := rules.meter_instead(m, k, nullif(btrim(p_meter), ''), p_model, p_user_type, p_price, p_price_2, p_ct, p_vt);
    r := rules.price_meter_change(m, n, c.household, p_remaining, coalesce(m.return_count, 0) < m.purchase_count, 'cash');
    return query
    select l.tier::bigint, i.name, l.quantity, l.unit_price, l.amount, m.number, mm.name, ut.name, t.unit,
        y.by_money, n.ct::bigint, n.vt::bigint, rules.last_known(m), r.remaining, r.unread, (r.sale).carried, n.presale, (r.sale).card_amount,
        r.shortfall, (r.sale).presale_cost, r.fee, (r.sale).due
    from meter_model mm
    join card_layout y on y.name = mm.layout
    join meter_type t on t.code = mm.meter_type
    join onecard.user_type ut on ut.id = n.user_type
    left join lateral (
        select x.item, x.tier, x.quantity, x.unit_price, x.amount
        from unnest((r.sale).lines) x
        where x.account = 'presale') l on true
    left join price_item i on i.id = l.item
    where mm.id = n.model;
end $$;

-- Why a meter can't be replaced on this card, as {code, lines}; null: it can.
create function rules.replace_refusal(p_meter onecard.meter, p_view rules.slot_view) returns text[]
language plpgsql stable as $$
begin
    if p_meter.barred is not null then
        return array['OC028', 'reason=' || p_meter.barred];
    end if;
    return rules.meter_mismatch(p_meter, p_view);
end $$;

-- Puts a new meter in the old one's place. p_remaining: what the old one shows, null: what it last returned. p_model … p_vt null: as it was. Money that
-- is held for a refund of the old meter stays held. Errors: OC005, OC012, OC017, OC018, OC020-022, OC025-031, OC036-038, OC044, OC045, OC047-049, OC052,
-- OC054, OC055, OC057, OC158, OC176-178.
create function api.replace_meter_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_sub_meter bigint,
    p_meter text, p_model text, p_user_type text, p_price text, p_price_2 text, p_ct bigint, p_vt bigint, p_remaining numeric,
    p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    m meter;
    n meter;
    slot slot_view;
    why text[];
    r meter_change;
    j card_job;
    dig bytea;
    img record;
    layout text;
begin
    me := rules.need('replace-meter');
    dig := digest(jsonb_build_array('replace-meter', p_family, p_serial, p_area, p_bytes, p_sub_meter, p_meter, p_model, p_user_type, p_price, p_price_2,
        p_ct, p_vt, p_remaining, p_expected_due, p_tendered, p_pay, p_reference)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes);
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    m := rules.meter_for_act((a.customer).number, p_sub_meter);
    select mm.layout into layout from meter_model mm where mm.id = m.model;
    slot := rules.view_slot(m, layout, (a.view).key, (a.view).card_id, p_area, p_bytes);
    m := rules.observe(me, m, slot, (a.card).id, p_area, p_bytes);
    why := rules.replace_refusal(m, slot);
    if why is not null then
        perform rules.refuse_lines(why[1], why[2]);
    end if;
    n := rules.meter_instead(m, a.card, coalesce(p_meter, ''), p_model, p_user_type, p_price, p_price_2, p_ct, p_vt);
    if n.directory <> '' and p_model is not null then
        perform rules.check_directory((select mm.layout from meter_model mm where mm.id = n.model), n.directory, 0, p_area, p_bytes);
    end if;
    r := rules.price_meter_change(m, n, (a.customer).household, p_remaining, rules.is_unread(m, slot), p_pay);
    perform rules.check_due((r.sale).due, p_expected_due, p_tendered);
    perform rules.check_paid(p_pay, (r.sale).due);

    update meter set state = 'replaced' where id = m.id;
    n := rules.add_meter(n, m.customer);
    img := rules.change_image(m, n, a.card, (r.sale).card_amount, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 'replace-meter', a.card, false, p_area, p_bytes, img.area, img.bytes);
    update card_job set old_meter = m.id where id = j.id returning * into j;
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
    values (j.id, n.id, n.slot, n.directory, 1, 0, (r.sale).card_amount);
    perform rules.add_trade(j, 'replace-meter', n, 1, 0, r.sale, p_tendered, p_reference);
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
