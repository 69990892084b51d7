-- SPDX-License-Identifier: GPL-3.0-or-later
-- A further sub-meter on a card that is in use: as at the opening, but for the customer, the card and the fee, which are there. Sources:
-- product.md; docs/card-acts.md.

-- What adding one sub-meter would cost this customer: what he bought before counts into the tiers. p_already: as in api.quote_open.
create function api.add_meter_quote(p_customer bigint, p_user_type text, p_model text, p_price text, p_amount numeric, p_quantity numeric, p_already numeric)
returns setof rules.new_meter_quote
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c customer;
begin
    perform rules.need('open-account');
    select * into c from customer where number = p_customer and state = 'open';
    if c.number is null then
        perform rules.refuse('OC050');
    end if;
    return query
    select * from rules.quote_new_meter(c.number, c.household, p_user_type, p_model, p_price, p_amount, p_quantity, p_already, 0);
end $$;

-- Adds sub-meters to the card that was read whole; the other meters' records stay as they are, unread purchases too. The arrays are parallel, as in
-- api.open_begin. Errors: OC005, OC010-022, OC025, OC028 (the customer is barred), OC030, OC031, OC036, OC037, OC044-049, OC052, OC054-057, OC158.
create function api.add_meter_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[],
    p_slot bigint[], p_model text[], p_meter text[], p_user_type text[], p_price text[], p_price_2 text[], p_switch_at timestamptz[], p_ct bigint[], p_vt bigint[],
    p_amount numeric[], p_quantity numeric[], p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    j card_job;
    dig bytea;
    wanted new_meter[];
    w new_meter;
    have meter[];
    meters meter[] := '{}';
    barred text;
    sold record;
begin
    me := rules.need('open-account');
    dig := digest(jsonb_build_array('add-meter', p_family, p_serial, p_area, p_bytes, p_slot, p_model, p_meter, p_user_type, p_price, p_price_2, p_switch_at,
        p_ct, p_vt, p_amount, p_quantity, p_expected_due, p_tendered, p_pay, p_reference)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes);
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    barred := onecard.barred_by((a.customer).number, null);
    if barred is not null then
        perform rules.refuse('OC028', 'reason', barred);
    end if;
    wanted := rules.new_meters(p_slot, p_model, p_meter, p_user_type, p_price, p_price_2, p_switch_at, p_ct, p_vt, p_amount, p_quantity);
    have := array(select m from meter m where m.customer = (a.customer).number and m.state in ('pending', 'open'));
    foreach w in array wanted loop
        perform rules.about_slot(w.slot);
        meters := meters || rules.check_new_meter(w, have || meters, p_family, (a.card).chip, (a.customer).household, p_area, p_bytes);
    end loop;
    perform rules.about_slot(null);

    j := rules.add_job(me, p_request, dig, 'add-meter', a.card, false, p_area, p_bytes, '{}', '{}');
    sold := rules.sell_new_meters(j, a.card, meters, wanted, (a.customer).household, p_pay, 0, p_expected_due, p_tendered, p_reference);
    update card_job set after_area = sold.area, after_bytes = sold.bytes where id = j.id returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
