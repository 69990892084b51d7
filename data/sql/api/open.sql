-- SPDX-License-Identifier: GPL-3.0-or-later
-- Opening an account on a blank card.

-- Opens an account with one or more meters on a blank card. The arrays are parallel, one element a sub-meter. Trades: the fee, then one a sub-meter.
-- p_pre_registered: whose account it is; what is null of the customer's data is taken from there.
create function api.open_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[],
    p_name text, p_address text, p_phone text, p_id_kind text, p_id_number text, p_district text, p_household bigint, p_permanent_number text, p_note text,
    p_slot bigint[], p_model text[], p_meter text[], p_user_type text[], p_price text[], p_price_2 text[], p_switch_at timestamptz[], p_ct bigint[], p_vt bigint[],
    p_amount numeric[], p_quantity numeric[], p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text, p_pre_registered bigint default null)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    me operator;
    pre pre_registered;
    k card;
    c customer;
    m meter;
    mm meter_model;
    y card_layout;
    ut user_type;
    s sale;
    fee numeric;
    total numeric;
    j card_job;
    dig bytea;
    img record;
    i int;
    n int := coalesce(array_length(p_slot, 1), 0);
    order_of int[];
    sales sale[] := '{}';
    meters meter[] := '{}';
    family text;
    chip text;
    slots int;
    mtype int;
    areas text[] := '{}';
    images bytea[] := '{}';
    used int[] := '{}';
    num text;
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
    if n = 0 then
        perform rules.refuse('OC056');
    end if;

    perform rules.check_blank(rules.view_card(p_family, p_serial, p_area, p_bytes));

    -- its meters, in the order of their slots
    select array_agg(x.i order by p_slot[x.i]) into order_of from generate_series(1, n) x(i);
    foreach i in array order_of loop
        perform rules.about_slot(p_slot[i]);
        m := null;
        select meter_type into mtype from sub_meter_slot where slot = p_slot[i];
        if mtype is null or p_slot[i] = any (used) then
            perform rules.refuse('OC046', 'slot', coalesce(p_slot[i], 0)::text);
        end if;
        used := used || p_slot[i]::int;
        select * into mm from meter_model where name = p_model[i] and active;
        if mm.id is null then
            perform rules.refuse('OC047', 'what', 'meter model', 'name', coalesce(p_model[i], ''), 'field', 'model');
        end if;
        if mm.meter_type <> mtype then
            perform rules.refuse('OC048', 'model', mm.name);
        end if;
        select * into y from card_layout where name = mm.layout;
        if y.family <> p_family then
            perform rules.refuse('OC036', 'family', p_family, 'expected', y.family);
        end if;
        if (family is not null and family <> y.family) or (chip is not null and chip <> mm.chip) then
            perform rules.refuse('OC036', 'family', mm.chip, 'expected', chip);
        end if;
        family := y.family;
        chip := mm.chip;
        select cc.slots into slots from card_chip cc where cc.layout = y.name and cc.chip = mm.chip;
        if p_slot[i] > coalesce(slots, 8) then
            perform rules.refuse('OC049', 'max', slots::text);
        end if;
        num := btrim(coalesce(p_meter[i], ''));
        if num !~ '^[0-9]{1,12}$' or num ~ '^0+$' then
            perform rules.refuse('OC044');
        end if;
        m.number := lpad(num, 12, '0');
        perform rules.check_meter_free(m.number);
        select * into ut from user_type where name = p_user_type[i] and meter_type = mtype and active;
        if ut.id is null then
            perform rules.refuse('OC047', 'what', 'user type', 'name', coalesce(p_user_type[i], ''), 'field', 'user_type');
        end if;
        select id into m.price_1 from price where name = p_price[i] and meter_type = mtype and active;
        if m.price_1 is null then
            perform rules.refuse('OC047', 'what', 'price', 'name', coalesce(p_price[i], ''), 'field', 'price');
        end if;
        select id into m.price_2 from price where name = coalesce(p_price_2[i], p_price[i]) and meter_type = mtype and active;
        if m.price_2 is null then
            perform rules.refuse('OC047', 'what', 'price', 'name', p_price_2[i], 'field', 'price_2');
        end if;
        perform rules.check_price(y, m.price_1);
        if c.household is null and rules.is_tiered(m.price_1) then
            perform rules.refuse('OC043');
        end if;
        m.ct := coalesce(p_ct[i], mm.ct);
        m.vt := coalesce(p_vt[i], mm.vt);
        if m.ct not between 1 and 999999 or m.vt not between 1 and 999999 then
            perform rules.refuse('OC052');
        end if;
        if coalesce(p_amount[i], 0) <> 0 or p_quantity[i] is not null then
            perform rules.check_amount(p_amount[i], p_quantity[i], y.by_money);
        end if;
        m.model := mm.id;
        m.slot := p_slot[i];
        m.sub_meter := mtype * 10 + p_slot[i];
        m.user_type := ut.id;
        m.switch_at := date_trunc('minute', coalesce(p_switch_at[i], now()));
        m.purchase_count := 0;
        m.revision := 0;
        m.total_bought := 0;
        m.presale := ut.presale;
        m.state := 'pending';
        m.last_purchase := 0;
        if y.family = 'cpu' then
            -- the first meter of a type is in DF0t, further ones in DFts
            m.directory := 'DF' || case when exists (select from unnest(meters) x where x.sub_meter / 10 = mtype) then mtype || p_slot[i]::text else '0' || mtype end;
            if exists (select from card_area ca where ca.layout = y.name
                and length(rules.file_bytes(ca, m.directory, p_area, p_bytes)) is distinct from ca.size) then
                perform rules.refuse('OC049', 'max', coalesce(array_length(meters, 1), 0)::text);
            end if;
        end if;
        meters := meters || m;
    end loop;
    perform rules.about_slot(null);
    select opening_fee into fee from parameters;

    -- The customer comes first, so that one meter's sale counts into the next one's tiers.
    insert into customer (name, address, phone, id_kind, id_number, district, household, permanent_number, note, branch, operator)
    values (c.name, c.address, c.phone, c.id_kind, c.id_number, c.district, coalesce(c.household, 3), c.permanent_number, c.note, me.branch, me.number)
    returning * into c;
    update pre_registered set customer = c.number where number = pre.number;
    k := rules.add_card(p_request, c.number, family, chip, p_serial, 1);
    j := rules.add_job(me, p_request, dig, 'open', k, true, p_area, p_bytes, '{}', '{}');
    perform rules.add_trade(j, 'open', null, null, 0, rules.fee_sale('opening-fee', fee, p_pay), p_tendered, p_reference);
    total := fee;
    for i in 1 .. n loop
        m := meters[i];
        perform rules.about_slot(m.slot);
        select * into mm from meter_model where id = m.model;
        select * into ut from user_type where id = m.user_type;
        begin
            insert into meter (number, model, customer, slot, sub_meter, directory, user_type, price_1, price_2, switch_at, ct, vt, presale)
            values (m.number, m.model, c.number, m.slot, m.sub_meter, coalesce(m.directory, ''), m.user_type, m.price_1, m.price_2, m.switch_at, m.ct, m.vt, m.presale)
            returning * into m;
        exception when unique_violation then
            perform rules.check_meter_free(m.number);
            perform rules.met_itself();   -- whoever had it gave it up just now
        end;
        s := rules.price_sale(m, c.household, nullif(p_amount[order_of[i]], 0), p_quantity[order_of[i]], m.presale, 0, p_pay, total);
        perform rules.check_limits(ut, s.card_amount, m.presale);
        total := total + s.due;
        img := rules.sale_image(m, k, '01', 1, 0, s.card_amount, p_area, p_bytes);
        areas := areas || img.area;
        images := images || img.bytes;
        insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
        values (j.id, m.id, m.slot, m.directory, 1, 0, s.card_amount);
        perform rules.add_trade(j, 'purchase', m, 1, 0, s, p_tendered, p_reference);
    end loop;
    perform rules.about_slot(null);
    perform rules.check_due(total, p_expected_due, p_tendered);
    perform rules.check_paid(p_pay, total);
    if family <> 'cpu' then
        -- the header is written last: a card without it is nobody's
        areas := areas || 'header'::text;
        images := images || rules.header_record(k, y.name);
    end if;
    update card_job set after_area = areas, after_bytes = images where id = j.id returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
