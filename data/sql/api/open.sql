-- SPDX-License-Identifier: GPL-3.0-or-later
-- Opening an account on a blank card.

-- Opens an account with one or more meters on a blank card. The arrays are parallel, one element a sub-meter. Trades: the fee, then one a sub-meter.
-- p_pre_registered: whose account it is; what is null of the customer's data is taken from there.
create function api.open_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[],
    p_name text, p_address text, p_phone text, p_id_kind text, p_id_number text, p_district text, p_household bigint, p_permanent_number text, p_note text,
    p_slot bigint[], p_model text[], p_meter text[], p_user_type text[], p_price text[], p_price_2 text[], p_switch_at timestamptz[], p_ct bigint[], p_vt bigint[],
    p_amount numeric[], p_quantity numeric[], p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text, p_pre_registered bigint default null)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    pre pre_registered;
    k card;
    c customer;
    j card_job;
    dig bytea;
    fee numeric;
    chip text;
    wanted new_meter[];
    w new_meter;
    meters meter[] := '{}';
    sold record;
begin
    me := rules.need('open-account');
    dig := digest(jsonb_build_array('open', p_family, p_serial, p_area, p_bytes, p_name, p_address, p_phone, p_id_kind, p_id_number, p_district, p_household,
        p_permanent_number, p_note, p_slot, p_model, p_meter, p_user_type, p_price, p_price_2, p_switch_at, p_ct, p_vt, p_amount, p_quantity,
        p_expected_due, p_tendered, p_pay, p_reference, p_pre_registered)::text, 'sha256');
    j := rules.known_request(p_request, dig);
    if j.id is not null then
        return query select * from rules.job_rows(j, p_area, p_bytes, true);
        return;
    end if;
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);

    -- the customer
    if p_pre_registered is not null then
        if not exists (select from pre_registered where number = p_pre_registered and customer is null for update)
            and exists (select from card_job where id = p_request) then
            perform rules.met_itself();   -- it was this very request that took it
        end if;
        pre := rules.pre_registered_for_change(p_pre_registered);
    end if;
    c.name := btrim(coalesce(p_name, pre.name, ''));
    c.address := btrim(coalesce(p_address, pre.address, ''));
    c.phone := btrim(coalesce(p_phone, pre.phone, ''));
    c.id_kind := btrim(coalesce(p_id_kind, pre.id_kind, ''));
    c.id_number := btrim(coalesce(p_id_number, pre.id_number, ''));
    c.district := btrim(coalesce(p_district, pre.district, ''));
    c.permanent_number := btrim(coalesce(p_permanent_number, pre.permanent_number, ''));
    c.note := btrim(coalesce(p_note, pre.note, ''));
    c.household := coalesce(p_household, pre.household);
    perform rules.check_customer(c.name, c.address, c.phone, c.id_kind, c.id_number, c.district, c.household, c.permanent_number, c.note);
    wanted := rules.new_meters(p_slot, p_model, p_meter, p_user_type, p_price, p_price_2, p_switch_at, p_ct, p_vt, p_amount, p_quantity);
    perform rules.check_blank(rules.view_card(p_family, p_serial, p_area, p_bytes));
    foreach w in array wanted loop
        perform rules.about_slot(w.slot);
        meters := meters || rules.check_new_meter(w, meters, p_family, chip, c.household, p_area, p_bytes);
        chip := (select mm.chip from meter_model mm where mm.name = w.model);
    end loop;
    perform rules.about_slot(null);
    select opening_fee into fee from parameters;

    -- The customer comes first, so that one meter's sale counts into the next one's tiers.
    insert into customer (name, address, phone, id_kind, id_number, district, household, permanent_number, note, branch, operator)
    values (c.name, c.address, c.phone, c.id_kind, c.id_number, c.district, coalesce(c.household, 3), c.permanent_number, c.note, me.branch, me.number)
    returning * into c;
    update pre_registered set customer = c.number where number = pre.number;
    k := rules.add_card(p_request, c.number, p_family, chip, p_serial, 1);
    j := rules.add_job(me, p_request, dig, 'open', k, true, p_area, p_bytes, '{}', '{}');
    perform rules.add_trade(j, 'open', null, null, 0, rules.fee_sale('opening-fee', fee, p_pay), p_tendered, p_reference);
    sold := rules.sell_new_meters(j, k, meters, wanted, c.household, p_pay, fee, p_expected_due, p_tendered, p_reference);
    if p_family <> 'cpu' then
        -- the header is written last: a card without it is nobody's
        sold.area := sold.area || 'header'::text;
        sold.bytes := sold.bytes || rules.header_record(k, (select layout from meter_model where id = (meters[1]).model));
    end if;
    update card_job set after_area = sold.area, after_bytes = sold.bytes where id = j.id returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
