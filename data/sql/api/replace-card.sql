-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new card for one that is gone: it carries what that one had, an unread purchase with its count, and the old one is dead from the begin
-- on. Source: ledger.md, Card jobs (lost); docs/card-acts.md.

-- The card that a customer has or had last, and what is unfinished on it.
create type rules.last_card as (card onecard.card, job onecard.card_job, issue int);

create function rules.card_to_replace(p_customer bigint) returns rules.last_card
language plpgsql stable as $$
declare
    r last_card;
    k card;
    j card_job;
begin
    select * into k from card where customer = p_customer and state in ('pending', 'current', 'lost') order by id desc limit 1;
    select * into j from card_job where card = k.id and state = 'pending';
    r.card := k;
    r.job := j;
    select coalesce(max(issue), 0) into r.issue from card where customer = p_customer and state <> 'void';
    return r;
end $$;

-- Refuses what can't be carried on to a new card: a job that another serves now (OC030), and a clearing, which leaves nothing to carry (OC031).
create function rules.check_carried(p_job onecard.card_job) returns void
language plpgsql stable as $$
begin
    if p_job.id is null then
        return;
    end if;
    if p_job.lease_until > clock_timestamp() or p_job.kind in ('clear-card', 'close') then
        perform rules.check_served(p_job.card);
    end if;
end $$;

-- A meter as the new card must know it: with the purchase that is carried over, if there is one, as if it had been proven.
create type rules.carried_meter as (meter onecard.meter, count int, revision int, amount numeric);

create function rules.meters_to_carry(p_customer bigint, p_job uuid) returns setof rules.carried_meter
language plpgsql stable as $$
declare
    r carried_meter;
    m meter;
    jm card_job_meter;
begin
    for m in select * from meter where customer = p_customer and state in ('pending', 'open') order by slot loop
        select * into jm from card_job_meter where job = p_job and meter = m.id;
        r.count := coalesce(jm.count, m.purchase_count);
        r.revision := coalesce(jm.revision, m.revision);
        r.amount := coalesce(jm.amount, m.last_purchase);
        -- the image adds the purchase to what was bought before it
        m.total_bought := m.total_bought - case when m.purchase_count = r.count then m.last_purchase else 0 end;
        r.meter := m;
        return next r;
    end loop;
end $$;

-- The customer whose card is replaced, locked: one with an account, or whose opening was cut (OC050 none, OC051 closed).
create function rules.customer_for_card(p_customer bigint) returns onecard.customer
language plpgsql as $$
declare
    c customer;
begin
    select * into c from customer where number = p_customer for update;
    if c.number is null or c.state = 'void' then
        perform rules.refuse('OC050');
    end if;
    if c.state = 'closed' then
        perform rules.refuse('OC051');
    end if;
    return c;
end $$;

-- What a replacement would do: a row a meter, with what the new card will carry. chip: the card that is wanted. job: the number of the
-- unfinished write that is carried over, null: none.
create function api.replace_card_quote(p_customer bigint)
returns table (customer bigint, name text, address text, card_state text, issue bigint, family text, chip text, due numeric, job bigint,
    sub_meter bigint, slot bigint, meter_type text, unit text, meter text, model text, by_money boolean, purchase_count bigint, amount numeric, unread boolean)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    c onecard.customer;
    l last_card;
begin
    perform rules.need('replace-card');
    select * into c from onecard.customer x where x.number = p_customer;
    if c.number is null or c.state = 'void' then
        perform rules.refuse('OC050');
    end if;
    if c.state = 'closed' then
        perform rules.refuse('OC051');
    end if;
    l := rules.card_to_replace(c.number);
    return query
    select c.number, c.name, c.address, coalesce((l.card).state, ''), l.issue + 1::bigint, y.family, mm.chip, (select p.replacement_fee::numeric from parameters p),
        (l.job).number, (x.meter).sub_meter::bigint, (x.meter).slot::bigint, t.name, t.unit, (x.meter).number, mm.name, y.by_money, x.count::bigint, x.amount,
        coalesce((x.meter).return_count, 0) < x.count
    from rules.meters_to_carry(c.number, (l.job).id) x
    join meter_model mm on mm.id = (x.meter).model
    join card_layout y on y.name = mm.layout
    join meter_type t on t.code = mm.meter_type;
end $$;

-- Refuses a card that the meters' records don't fit: OC036, OC049.
create function rules.check_new_card(p_meters rules.carried_meter[], p_family text, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
declare
    x carried_meter;
    mm meter_model;
    y card_layout;
begin
    foreach x in array p_meters loop
        select * into mm from meter_model where id = (x.meter).model;
        select * into y from card_layout where name = mm.layout;
        if y.family <> p_family then
            perform rules.refuse('OC036', 'family', p_family, 'expected', y.family);
        end if;
        if (x.meter).directory <> '' and exists (select from card_area a where a.layout = y.name
            and length(rules.file_bytes(a, (x.meter).directory, p_area, p_bytes)) is distinct from a.size) then
            perform rules.refuse('OC049', 'max', (cardinality(p_meters) - 1)::text);
        end if;
    end loop;
    return mm.chip;
end $$;

-- Replaces the customer's card with the blank one that was read. The old card is dead from here on; what was unfinished on it is carried over
-- and ends with this job. Errors: OC005, OC020, OC024, OC030, OC031, OC036, OC037, OC049-051, OC054, OC055, OC175 (nothing to carry).
create function api.replace_card_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_customer bigint,
    p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    c customer;
    v card_view;
    l last_card;
    k card;
    j card_job;
    dig bytea;
    meters carried_meter[];
    x carried_meter;
    img record;
    areas text[] := '{}';
    images bytea[] := '{}';
    fee numeric;
begin
    me := rules.need('replace-card');
    dig := digest(jsonb_build_array('replace-card', p_family, p_serial, p_area, p_bytes, p_customer, p_expected_due, p_tendered, p_pay,
        p_reference)::text, 'sha256');
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);
    c := rules.customer_for_card(p_customer);
    j := rules.known_request(p_request, dig);
    if j.id is not null then
        return query select * from rules.job_rows(j, p_area, p_bytes, true);
        return;
    end if;
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    perform rules.check_blank(v);
    l := rules.card_to_replace(c.number);
    perform from card where id = (l.card).id for update;
    perform rules.check_carried(l.job);
    meters := array(select m from rules.meters_to_carry(c.number, (l.job).id) m);
    if cardinality(meters) = 0 then
        perform rules.refuse('OC175');
    end if;
    select replacement_fee into fee from parameters;
    perform rules.check_due(fee, p_expected_due, p_tendered);
    perform rules.check_paid(p_pay, fee);

    update card_job set state = 'carried', lease_until = clock_timestamp() where id = (l.job).id;
    update card_job_meter set pending = false where job = (l.job).id;
    update card set state = 'dead' where id = (l.card).id;
    k := rules.add_card(p_request, c.number, p_family, rules.check_new_card(meters, p_family, p_area, p_bytes), p_serial, l.issue + 1);
    j := rules.add_job(me, p_request, dig, 'replace-card', k, true, p_area, p_bytes, '{}', '{}');
    foreach x in array meters loop
        -- the meter binds itself to the new card, or is opened by it where it was never heard of
        img := rules.sale_image(x.meter, k, case when (x.meter).return_count is null then '01' else '03' end, x.count, x.revision, x.amount, p_area, p_bytes);
        areas := areas || img.area;
        images := images || img.bytes;
        insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
        values (j.id, (x.meter).id, (x.meter).slot, (x.meter).directory, x.count, x.revision, x.amount);
    end loop;
    if p_family <> 'cpu' then
        areas := areas || 'header'::text;
        images := images || rules.header_record(k, (select layout from meter_model where id = ((meters[1]).meter).model));
    end if;
    perform rules.add_trade(j, 'replace-card', null, null, 0, rules.fee_sale('replacement-fee', fee, p_pay), p_tendered, p_reference);
    update card_job
    set after_area = areas, after_bytes = images, carries = (l.job).id, old_card = (l.card).id, old_card_state = (l.card).state
    where id = j.id
    returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;
