-- SPDX-License-Identifier: GPL-3.0-or-later
-- Making a card blank again, so that it can be given to anybody: one that was replaced, or one that its customer hands back. Source:
-- product.md 4; docs/card-acts.md.

-- The directories of a CPU card that are cleared, each by the meter that it was last written for, so that the station is told its layout.
create function rules.add_cleared_meters(p_job onecard.card_job) returns void
language plpgsql as $$
begin
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount, pending)
    select distinct on (jm.directory) p_job.id, jm.meter, jm.slot, jm.directory, jm.count, jm.revision, jm.amount, false
    from card_job_meter jm
    join card_job j on j.id = jm.job
    where j.card = p_job.card and j.id <> p_job.id and jm.directory <> ''
        and exists (select from unnest(p_job.after_area) a where starts_with(a, jm.directory || '/'))
    order by jm.directory, j.number desc;
end $$;

-- The first meter whose purchase is unread on this card of its customer's, null: none.
create function rules.unread_on(p_view rules.card_view, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
declare
    m meter;
begin
    for m in select * from meter where customer = p_view.customer and state = 'open' order by slot loop
        if m.last_purchase > 0 and rules.is_unread(m, rules.view_slot(m, (select layout from meter_model where id = m.model), p_view.key, p_view.card_id,
            p_area, p_bytes)) then
            return m.number;
        end if;
    end loop;
    return null;
end $$;

-- Clears the card that was read. OC020: not ours; OC030, OC031; OC173: the customer's card has a purchase that was not put in its meter.
create function api.clear_card_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[])
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    a act_start;
    j card_job;
    dig bytea;
    unread text;
    img record;
begin
    me := rules.need('clear-card');
    dig := digest(jsonb_build_array('clear-card', p_family, p_serial, p_area, p_bytes)::text, 'sha256');
    a := rules.start_on_card(p_request, dig, p_family, p_serial, p_area, p_bytes, '{current,dead,lost}');
    if (a.job).id is not null then
        return query select * from rules.job_rows(a.job, p_area, p_bytes, true);
        return;
    end if;
    if (a.card).state <> 'dead' then
        unread := rules.unread_on(a.view, p_area, p_bytes);
        if unread is not null then
            perform rules.refuse('OC173', 'meter', unread);
        end if;
    end if;
    img := rules.cleared_image(p_family, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 'clear-card', a.card, false, p_area, p_bytes, img.area, img.bytes);
    perform rules.add_cleared_meters(j);
    perform rules.add_trade(j, 'clear-card', null, null, 0, rules.no_sale(), null, '');
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
