-- SPDX-License-Identifier: GPL-3.0-or-later
-- A purchase on a card that was read.

-- Sells on a card. p_amount (yuan) or p_quantity, the other null. p_expected_due: what the operator saw, null: not quoted. Errors: OC005, OC010-019,
-- OC020-031, OC037, OC038, OC054, OC055.
create function api.purchase_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_sub_meter bigint,
    p_amount numeric, p_quantity numeric, p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    m meter;
    layout text;
    by_money boolean;
    ut user_type;
    s sale;
    slot slot_view;
    why text[];
    j card_job;
    dig bytea;
    img record;
begin
    me := rules.need('purchase');
    dig := digest(jsonb_build_array('purchase', p_family, p_serial, p_area, p_bytes, p_sub_meter, p_amount, p_quantity, p_expected_due, p_tendered, p_pay,
        p_reference)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes);
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    m := rules.meter_for_act((a.customer).number, p_sub_meter);
    select y.name, y.by_money into layout, by_money from meter_model mm join card_layout y on y.name = mm.layout where mm.id = m.model;
    select * into ut from user_type where id = m.user_type;
    slot := rules.view_slot(m, layout, (a.view).key, (a.view).card_id, p_area, p_bytes);
    m := rules.observe(me, m, slot, (a.card).id, p_area, p_bytes);
    why := rules.meter_refusal(m, slot);
    if why is not null then
        perform rules.refuse_lines(why[1], why[2]);
    end if;
    perform rules.check_amount(p_amount, p_quantity, by_money);
    s := rules.price_sale(m, (a.customer).household, p_amount, p_quantity, 0, rules.free_balance(a.customer), p_pay);
    perform rules.check_limits(ut, s.card_amount, coalesce(m.return_remaining, m.presale));
    perform rules.check_due(s.due, p_expected_due, p_tendered);
    perform rules.check_paid(p_pay, s.due);

    -- a card that its meter has never answered on binds itself to the meter first, as the card of the opening or replacement that it is
    img := rules.sale_image(m, a.card, case when slot.return_valid then '02' else slot.card_type end, m.purchase_count + 1, 0, s.card_amount, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 'purchase', a.card, false, p_area, p_bytes, img.area, img.bytes);
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
    values (j.id, m.id, m.slot, m.directory, m.purchase_count + 1, 0, s.card_amount);
    perform rules.add_trade(j, 'purchase', m, m.purchase_count + 1, 0, s, p_tendered, p_reference);
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
