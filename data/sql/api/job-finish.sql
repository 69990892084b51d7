-- SPDX-License-Identifier: GPL-3.0-or-later
-- How a card job ends: what was read back decides. Sources: ledger.md, Card jobs; cards.md 2 and 3, Recovery.

-- Whether the card shows that a meter has taken a purchase which it had not when the job was begun, and whose value is carried to another meter or
-- paid out: the card was put in once more before it was written.
create function rules.has_taken(p_meter bigint, p_card onecard.card, p_area text[], p_bytes bytea[]) returns boolean
language plpgsql stable as $$
declare
    m meter;
    s slot_view;
begin
    select * into m from meter where id = p_meter;
    s := rules.view_slot(m, (select layout from meter_model where id = m.model), case when m.directory = '' then
        rules.memory_key(p_card.serial, p_card.customer) end, p_card.serial, p_area, p_bytes);
    return coalesce(m.return_count, 0) < m.purchase_count and s.return_valid and s.return_count >= m.purchase_count;
end $$;

-- What a card shows of one meter of a job: 'new', 'used', 'old', 'torn' (cards.md 2, Recovery; 3, In force), or 'spent': the meter has taken the
-- purchase that was to be sold anew or carried to another one, as it was before.
create function rules.judge_meter(p_job onecard.card_job, p_jm onecard.card_job_meter, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
declare
    m meter;
    k card;
    card_layout text;
    s slot_view;
    d jsonb;
    taken boolean;   -- the meter has answered with this purchase's count, or a later one's
    wallet text;
    returned text;
    has bytea;
    file card_area;
    paid boolean := true;
    whole boolean := true;
    changed boolean := false;
    spent boolean;
    i int;
    a text;
begin
    select * into m from meter where id = p_jm.meter;
    card_layout := (select layout from meter_model where id = m.model);
    if p_jm.directory = '' or p_job.kind = 'replace-meter' then
        select * into k from card where id = p_job.card;
    end if;
    if p_jm.directory <> '' then
        select * into file from card_area where layout = card_layout and role = 'return';
        returned := rules.file(p_jm.directory, file.sfi);
        select rules.file(p_jm.directory, sfi) into wallet from card_area where layout = card_layout and role = 'wallet';
        d := rules.decode_record(file, rules.file_bytes(file, p_jm.directory, p_area, p_bytes), null, '{meter,count}');
        taken := coalesce(d ->> 'meter' = m.number and (d ->> 'count')::int >= p_jm.count, false);
    else
        s := rules.view_slot(m, card_layout, rules.memory_key(k.serial, k.customer), k.serial, p_area, p_bytes);
        taken := s.return_valid and s.return_count >= p_jm.count;
    end if;
    spent := (p_job.kind = 're-purchase' and taken)
        or (p_job.kind = 'replace-meter' and rules.has_taken(p_job.old_meter, k, p_area, p_bytes));
    if p_jm.directory <> '' then
        for i in 1 .. array_length(p_job.after_area, 1) loop
            a := p_job.after_area[i];
            if starts_with(a, p_jm.directory || '/') then
                -- a file on the card may be longer than its layout says
                has := substring(rules.area(p_area, p_bytes, a) from 1 for length(p_job.after_bytes[i]));
                changed := changed or has is distinct from
                    substring(rules.area(p_job.before_area, p_job.before_bytes, a) from 1 for length(p_job.after_bytes[i]));
                paid := paid and (a <> wallet or has is not distinct from p_job.after_bytes[i]);
                whole := whole and (a = returned or has is not distinct from p_job.after_bytes[i]);
            end if;
        end loop;
        if not paid then
            return case when spent then 'spent' when changed then 'torn' else 'old' end;
        end if;
        if taken then
            return 'used';
        end if;
        if not whole then
            -- another meter's first count and value may be what the card had before
            return case when spent then 'spent' when changed then 'torn' else 'old' end;
        end if;
        return case when rules.is_empty(file, rules.file_bytes(file, p_jm.directory, p_area, p_bytes)) then 'new' else 'torn' end;
    end if;

    for i in 1 .. array_length(p_job.after_area, 1) loop
        a := p_job.after_area[i];
        if a like 'V' || p_jm.slot || '_' then
            whole := whole and rules.area(p_area, p_bytes, a) is not distinct from p_job.after_bytes[i];
            changed := changed or rules.area(p_area, p_bytes, a) is distinct from rules.area(p_job.before_area, p_job.before_bytes, a);
        end if;
    end loop;
    -- a record whose MAC does not fit is not there: the one before it is in force, but where that one had to go first
    return case when whole and taken then 'used'
        when whole then 'new'
        when spent then 'spent'
        when not changed then 'old'
        when p_job.kind = 'replace-meter' then 'torn'
        when (s.count, s.revision) is distinct from (p_jm.count, p_jm.revision) and not p_job.blank then 'old'
        when p_job.blank and not s.written then 'old'
        else 'torn' end;
end $$;

-- A card that was to be cleared: all of its areas are as after, as before, or between; or 'spent': a meter has taken what was to be paid out.
create function rules.judge_cleared(p_job onecard.card_job, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
declare
    n constant int := cardinality(p_job.after_area);
    cleared int := 0;
    kept int := 0;
    has bytea;
begin
    if exists (
        select from trade t
        join card k on k.id = p_job.card
        where t.job = p_job.id and t.reverses is not null and rules.has_taken(t.meter, k, p_area, p_bytes))
    then
        return 'spent';
    end if;
    for i in 1 .. n loop
        has := rules.area(p_area, p_bytes, p_job.after_area[i]);
        cleared := cleared + (has is not distinct from p_job.after_bytes[i])::int;
        kept := kept + (has is not distinct from rules.area(p_job.before_area, p_job.before_bytes, p_job.after_area[i]))::int;
    end loop;
    return case n when cleared then 'new' when kept then 'old' else 'torn' end;
end $$;

-- The whole card: 'new' (some of it perhaps 'used'), 'used', 'old', 'torn', or 'spent'.
create function rules.judge(p_job onecard.card_job, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable as $$
declare
    jm card_job_meter;
    seen text[] := '{}';
    header bytea;
begin
    if p_job.kind in ('clear-card', 'close') then
        return rules.judge_cleared(p_job, p_area, p_bytes);
    end if;
    for jm in select * from card_job_meter where job = p_job.id order by slot loop
        seen := seen || rules.judge_meter(p_job, jm, p_area, p_bytes);
    end loop;
    header := rules.area(p_job.after_area, p_job.after_bytes, 'header');
    if header is not null then
        seen := seen || case rules.area(p_area, p_bytes, 'header')
            when header then 'new'
            when rules.area(p_job.before_area, p_job.before_bytes, 'header') then 'old'
            else 'torn' end;
    end if;
    return case
        when 'spent' = any (seen) then 'spent'
        when 'torn' = any (seen) then 'torn'
        when 'old' = any (seen) and ('new' = any (seen) or 'used' = any (seen)) then 'torn'
        when 'old' = any (seen) then 'old'
        when 'used' = any (seen) and not 'new' = any (seen) then 'used'
        else 'new' end;
end $$;

-- Is this the card that the job was begun for?
create function rules.check_card(p_job onecard.card_job, p_family text, p_serial bytea, p_area text[], p_bytes bytea[]) returns void
language plpgsql stable as $$
declare
    v card_view;
    k card;
begin
    select * into k from card where id = p_job.card;
    if p_family <> p_job.family then
        perform rules.refuse('OC033');
    end if;
    if p_family = 'cpu' then
        if p_serial is distinct from k.serial then
            perform rules.refuse('OC033');
        end if;
        return;
    end if;
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    if v.card is distinct from p_job.card and not (p_job.blank and v.state = 'blank') then
        perform rules.refuse('OC033');
    end if;
end $$;

-- What meters wrote to a card that was put in them half written: completing the card may write over it. Answers to what is not proven yet are
-- left to the proof.
create function rules.keep_answers(p_me onecard.operator, p_job onecard.card_job, p_area text[], p_bytes bytea[]) returns void
language plpgsql as $$
declare
    k card;
    m meter;
    s slot_view;
begin
    select * into k from card where id = p_job.card;
    for m in select x.* from card_job_meter jm join meter x on x.id = jm.meter where jm.job = p_job.id order by x.slot loop
        s := rules.view_slot(m, (select layout from meter_model where id = m.model), rules.memory_key(k.serial, k.customer), k.serial, p_area, p_bytes);
        if s.return_count <= m.purchase_count then
            perform rules.observe(p_me, m, s, k.id, p_area, p_bytes);
        end if;
    end loop;
end $$;

-- Takes a pending job over: attempt + 1, a new challenge, and what is still to be written. Refused while another station holds its
-- lease (OC030) or on another card (OC033).
create function api.job_resume(p_job uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[])
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    j card_job;
    me operator;
    holder record;
begin
    me := rules.need('unfinished');
    select * into j from card_job where id = p_job;
    if j.id is null then
        perform rules.refuse('OC033');
    end if;
    perform from customer where number = j.customer for update;
    select * into j from card_job where id = p_job for update;
    if j.state <> 'pending' then
        return query select * from rules.job_rows(j, p_area, p_bytes, false);
        return;
    end if;
    -- A station has its own reader: that the card is in it shows that no other process of the station is writing it.
    if j.lease_until > clock_timestamp() and j.holder is distinct from rules.my_process()
        and (j.holder_station is null or j.holder_station is distinct from rules.my_station()) then
        select o.name as operator, b.name as branch into holder
        from operator o join branch b on b.number = o.branch
        where o.number = j.holder_operator;
        perform rules.refuse('OC030', 'operator', holder.operator, 'branch', holder.branch);
    end if;
    perform rules.check_card(j, p_family, p_serial, p_area, p_bytes);
    if j.kind = 'replace-card' then
        perform rules.keep_answers(me, j, p_area, p_bytes);
    end if;
    update card_job
    set attempt = attempt + 1, challenge = gen_random_bytes(8), holder = coalesce(rules.my_process(), gen_random_uuid()),
        holder_operator = me.number, holder_station = rules.my_station(),
        lease_until = clock_timestamp() + (select lease_seconds from parameters) * interval '1 second'
    where id = p_job
    returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, rules.judge(j, p_area, p_bytes) not in ('new', 'used', 'spent'));
end $$;

-- Holds the lease for another while; a station calls it when less than half is left.
create function api.job_renew(p_job uuid, p_attempt bigint) returns table (lease_seconds bigint)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    n int;
begin
    perform rules.need_card_act();
    update card_job j
    set lease_until = clock_timestamp() + p.lease_seconds * interval '1 second'
    from parameters p
    where j.id = p_job and j.state = 'pending' and j.attempt = p_attempt and j.holder_operator = (rules.me()).number
    returning p.lease_seconds into n;
    if n is null then
        perform rules.refuse('OC032');
    end if;
    return query select n::bigint;
end $$;

-- The job that a replacement carried over ends with it.
create function rules.end_carried(p_job uuid) returns void
language plpgsql as $$
declare
    j card_job;
begin
    select * into j from card_job where id = p_job;
    perform rules.make_effective(j);
    update card_job set state = 'done', finished_at = clock_timestamp(), finished_attempt = attempt, lease_until = clock_timestamp() where id = j.id;
end $$;

create function rules.make_effective(p_job onecard.card_job) returns void
language plpgsql as $$
declare
    ended record;
    change numeric := 0;
    holds boolean := false;
begin
    if p_job.carries is not null then
        perform rules.end_carried(p_job.carries);
    end if;
    for ended in
        update trade set state = 'effective' where job = p_job.id and state = 'pending' returning balance_change, held
    loop
        change := change + ended.balance_change;
        holds := holds or ended.held > 0;
    end loop;
    update meter m
    set state = 'open', opened_at = coalesce(m.opened_at, now()), purchase_count = jm.count, revision = jm.revision,
        last_purchase = jm.amount, last_purchase_at = t.at,
        total_bought = m.total_bought + jm.amount - case when p_job.kind = 're-purchase' then m.last_purchase else 0 end
    from card_job_meter jm
    join trade t on t.job = jm.job and t.meter = jm.meter and t.purchase_count = jm.count
    where jm.job = p_job.id and m.id = jm.meter;
    if p_job.blank then
        update card set state = 'current' where id = p_job.card and state = 'pending';
    end if;
    if holds then
        insert into held (trade, customer, meter, purchase_count, amount)
        select t.number, t.customer, t.meter, t.purchase_count, t.held
        from trade t
        where t.job = p_job.id and t.held > 0;
    end if;
    if p_job.kind = 'open' or change <> 0 then
        update customer c
        set state = 'open', opened_at = coalesce(c.opened_at, now()), balance = c.balance + change
        where c.number = p_job.customer and p_job.kind <> 'clear-card';
    end if;
    if p_job.kind in ('clear-card', 'close') then
        update card set state = 'cleared' where id = p_job.card;
    end if;
    if p_job.kind = 'close' then
        perform rules.end_customer(p_job);
    end if;
end $$;

create function rules.make_void(p_job onecard.card_job) returns void
language plpgsql as $$
begin
    update trade set state = 'void' where job = p_job.id and state = 'pending';
    if p_job.kind in ('open', 'add-meter', 'replace-meter') then
        update meter set state = 'void' where id in (select meter from card_job_meter where job = p_job.id);
        update meter set state = 'open' where id = p_job.old_meter;
    end if;
    if p_job.kind = 'open' then
        update card set state = 'void' where id = p_job.card;
        update customer set state = 'void' where number = p_job.customer;
    end if;
    if p_job.kind = 'replace-card' then
        update card set state = 'void' where id = p_job.card;
        update card set state = p_job.old_card_state where id = p_job.old_card;
        update card_job set state = 'pending' where id = p_job.carries;
        update card_job_meter set pending = true where job = p_job.carries;
    end if;
end $$;

-- The outcome of a job that ended, or how it stands.
create function api.job_outcome(p_job uuid) returns setof rules.finish_row
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    j card_job;
begin
    perform rules.need_card_act();
    select * into j from card_job where id = p_job;
    if j.id is null then
        perform rules.refuse('OC033');
    end if;
    return query select * from rules.finish_rows(j, null, null);
end $$;

-- Ends a job with what was read back. p_area null: the card could not be read; the job stays pending and its lease is given up.
-- p_nothing_sent: this process sent nothing that could have put the new state on the card, and it was not out meanwhile.
-- p_undo: wanted when the card is as before. State 'conflict': the attempt was stale; kept as evidence and listed, never dropped.
create function api.job_finish(p_job uuid, p_attempt bigint, p_area text[], p_bytes bytea[], p_directory text[], p_proof bytea[],
    p_nothing_sent boolean, p_undo boolean)
returns setof rules.finish_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    me operator;
    j card_job;
    k card;
    verdict text;
    proved boolean := true;
    authentic boolean;
    proof bytea;
    jm card_job_meter;
    outcome text := 'pending';
    dig bytea;
begin
    me := rules.need_card_act();
    perform from customer where number = (select customer from card_job where id = p_job) for update;
    select * into j from card_job where id = p_job for update;
    if j.id is null then
        perform rules.refuse('OC033');
    end if;
    dig := digest(jsonb_build_array(p_attempt, p_area, p_bytes, p_directory, p_proof, p_nothing_sent, p_undo)::text, 'sha256');
    if j.state <> 'pending' and j.finished_attempt = p_attempt and j.finish_digest = dig then
        -- the same call once more
        return query select * from rules.finish_rows(j, null, case when p_area is null then 'unseen' else rules.judge(j, p_area, p_bytes) end);
        return;
    end if;
    verdict := case when p_area is null then 'unseen' else rules.judge(j, p_area, p_bytes) end;
    if p_attempt <> j.attempt or j.state <> 'pending' or j.holder_operator <> me.number then
        insert into job_evidence (job, attempt, operator, station, area, bytes, verdict)
        values (p_job, p_attempt, me.number, rules.my_station(), p_area, p_bytes, 'stale ' || verdict);
        if p_nothing_sent is not true then
            for jm in select * from card_job_meter where job = p_job loop
                perform rules.list_conflict(jm.meter, p_job, 'stale', 'attempt ' || p_attempt || ' of ' || j.attempt || ': ' || verdict);
            end loop;
        end if;
        return query select * from rules.finish_rows(j, 'conflict', verdict);
        return;
    end if;
    if p_area is null then
        update card_job set lease_until = clock_timestamp() where id = p_job;
        return query select * from rules.finish_rows(j, 'pending', verdict);
        return;
    end if;

    -- a CPU card proves itself against the challenge of this attempt, in every directory of the job
    select * into k from card where id = j.card;
    authentic := j.family = 'cpu';
    if authentic then
        proof := rules.cpu_key('cpu-internal', k.serial);
        proof := rules.des3(proof, j.challenge);
        proved := not exists (
            select from card_job_meter x
            where x.job = p_job and p_proof[array_position(p_directory, x.directory)] is distinct from proof);
    end if;

    if verdict in ('new', 'used') and proved then
        outcome := 'done';
    elsif verdict = 'spent' and proved then
        outcome := 'undone';   -- the meter has it: nothing can be written any more
    elsif verdict = 'old' and coalesce(p_undo, false)
        and ((coalesce(p_nothing_sent, false) and j.attempt = 1) or (authentic and proved) or j.kind in ('clear-card', 'close')) then
        outcome := 'undone';   -- a copy of a card that was cleared is worth nothing: its customer has none, or another one
    end if;
    if outcome = 'pending' then
        insert into job_evidence (job, attempt, operator, station, area, bytes, verdict)
        values (p_job, p_attempt, me.number, rules.my_station(), p_area, p_bytes, verdict || case when proved then '' else ' unproved' end);
        update card_job set lease_until = clock_timestamp() where id = p_job;
        return query select * from rules.finish_rows(j, 'pending', verdict);
        return;
    end if;
    update card_job_meter set pending = false where job = p_job;
    update card_job
    set state = outcome, finished_at = clock_timestamp(), finished_attempt = p_attempt, finish_digest = dig, lease_until = clock_timestamp()
    where id = p_job
    returning * into j;
    if outcome = 'done' then
        perform rules.make_effective(j);
    else
        perform rules.make_void(j);
    end if;
    return query select * from rules.finish_rows(j, outcome, verdict);
end $$;
