-- SPDX-License-Identifier: GPL-3.0-or-later
-- Card jobs: what the station needs to carry one out, and what it ended with. Sources: ledger.md, Card jobs; cards.md 2 and 3.

create type rules.job_row as (
    part text,
    -- 'job'
    job uuid, number bigint, kind text, attempt bigint, lease_seconds bigint, family text, chip text, serial bytea, blank boolean, state text,
    -- 'directory'
    directory text, layout text, kid_internal bigint, kid_external bigint, kid_mac bigint, challenge bytea, proof_check bytea,
    key_external bytea, key_mac bytea,
    -- 'code': what an SLE4442 wants before it is written, and with how many tries left at least
    key_code bytea, code_tries bigint,
    -- 'step'
    area text, before bytea, target bytea
);

create type rules.finish_row as (
    part text,
    -- 'job'
    job uuid, number bigint, kind text, state text, verdict text, customer bigint, name text, address text, phone text, due numeric, received numeric,
    tendered numeric, change numeric, balance numeric, pay text, reference text, "time" timestamptz, operator bigint, operator_name text,
    branch bigint, branch_name text, unit_name text, unit_address text, unit_phone text,
    -- 'trade'
    trade bigint, trade_kind text, sub_meter bigint, meter_type text, unit text, meter text, model text, user_type text, price text,
    purchase_count bigint, quantity numeric, card_amount numeric, presale numeric, balance_change numeric,
    -- 'line'
    account text, item_name text, tier bigint, unit_price numeric, amount numeric,
    -- 'job' and 'trade': of balance_change, until the meter has answered
    held numeric,
    -- 'job': of a re-purchase and a closing, positive
    taken_back numeric, sold numeric,
    -- 'job': a card that was replaced: which one of the customer's the new one is, the old one was, and whose unfinished write it carries
    issue bigint, old_issue bigint, carried_job bigint,
    -- 'trade', 'meter': card_amount is yuan, else in the meter's unit
    by_money boolean,
    -- 'trade': the one that it takes back; a meter that was replaced, and the value that the new one took over
    reverses bigint, old_meter text, carried numeric
);

-- The job's steps. p_area/p_bytes: what is on the card now. p_write false: nothing is to be written, only read back and
-- proved. Keys go out only with p_write, and are logged: to whoever holds the job, which is who asks.
create function rules.job_rows(p_job onecard.card_job, p_area text[], p_bytes bytea[], p_write boolean) returns setof rules.job_row
language plpgsql as $$
declare
    r job_row;
    c card;
    d record;
    l record;
    keys bytea[];
begin
    select * into c from card where id = p_job.card;
    r.part := 'job';
    r.job := p_job.id;
    r.number := p_job.number;
    r.kind := p_job.kind;
    r.attempt := p_job.attempt;
    r.lease_seconds := greatest(0, extract(epoch from p_job.lease_until - now()))::bigint;
    r.family := p_job.family;
    r.chip := p_job.chip;
    r.serial := c.serial;
    r.blank := p_job.blank;
    r.state := p_job.state;
    return next r;
    if p_job.state <> 'pending' then
        return;
    end if;

    if p_job.family = 'cpu' then
        keys := rules.cpu_keys(c.serial, 'cpu-internal', 'cpu-external', 'cpu-mac');
    end if;
    for d in
        select jm.directory, y.name as layout, y.kid_internal, y.kid_external, y.kid_mac
        from card_job_meter jm
        join card_layout y on y.name = (select mm.layout from meter m join meter_model mm on mm.id = m.model where m.id = jm.meter)
        where jm.job = p_job.id and jm.directory <> ''
        order by jm.slot
    loop
        r := null;
        r.part := 'directory';
        r.directory := d.directory;
        r.layout := d.layout;
        r.kid_internal := d.kid_internal;
        r.kid_external := d.kid_external;
        r.kid_mac := d.kid_mac;
        r.challenge := p_job.challenge;
        r.proof_check := digest(rules.des3(keys[1], p_job.challenge), 'sha256');
        if p_write then
            r.key_external := keys[2];
            r.key_mac := keys[3];
            insert into key_handout (job, attempt, directory, operator, station)
            values (p_job.id, p_job.attempt, d.directory, p_job.holder_operator, p_job.holder_station);
        end if;
        return next r;
    end loop;

    if p_job.family = '4442' and p_write then
        r := null;
        r.part := 'code';
        r.key_code := rules.secret('memory-psc');
        -- A card of ours, or one on which a write was cut, may have lost a try to that; nobody's card has all three. The last
        -- one is never used.
        r.code_tries := case when p_job.blank and p_job.attempt = 1 then 3 else 2 end;
        insert into key_handout (job, attempt, directory, operator, station)
        values (p_job.id, p_job.attempt, 'PSC', p_job.holder_operator, p_job.holder_station);
        return next r;
    end if;

    for i in 1 .. array_length(p_job.after_area, 1) loop
        r := null;
        r.part := 'step';
        r.area := p_job.after_area[i];
        r.before := substring(coalesce(rules.area(p_area, p_bytes, r.area), rules.area(p_job.before_area, p_job.before_bytes, r.area))
            from 1 for length(p_job.after_bytes[i]));
        r.target := case when p_write then p_job.after_bytes[i] end;
        return next r;
    end loop;
    if p_job.family = 'cpu' then
        return;
    end if;
    -- what else decides the outcome is read back too
    for l in
        select 'V' || jm.slot || x.c as area
        from card_job_meter jm, (values ('A'), ('B')) x(c)
        where jm.job = p_job.id and jm.directory = ''
        union all
        select 'R' || jm.slot || x.c
        from card_job_meter jm, (values ('A'), ('B')) x(c)
        where jm.job = p_job.id and jm.directory = ''
    loop
        if not l.area = any (p_job.after_area) then
            r := null;
            r.part := 'step';
            r.area := l.area;
            r.before := coalesce(rules.area(p_area, p_bytes, l.area), rules.area(p_job.before_area, p_job.before_bytes, l.area));
            return next r;
        end if;
    end loop;
end $$;

-- What a job ended with: 'job', then a 'trade' a trade, a 'line' a line of those, and of a card that was replaced a 'meter' a purchase which
-- the new one carries. What is held is a line of its own ('held') beside the rest that the balance took.
create function rules.finish_rows(p_job onecard.card_job, p_state text, p_verdict text) returns setof rules.finish_row
language plpgsql stable as $$
declare
    of_job finish_row;
    r finish_row;
begin
    of_job.job := p_job.id;
    of_job.number := p_job.number;
    of_job.kind := p_job.kind;

    r := of_job;
    r.part := 'job';
    r.state := coalesce(p_state, p_job.state);
    r.verdict := p_verdict;
    r.operator := p_job.operator;
    r.branch := p_job.branch;
    select c.number, c.name, c.address, c.phone, c.balance, t.due, t.received, t.tendered, coalesce(t.tendered, t.received) - t.received, t.pay,
        t.reference, t.at, t.held, o.name, b.name, u.name, u.address, u.phone
    into r.customer, r.name, r.address, r.phone, r.balance, r.due, r.received, r.tendered, r.change, r.pay,
        r.reference, r."time", r.held, r.operator_name, r.branch_name, r.unit_name, r.unit_address, r.unit_phone
    from customer c
    cross join operator o
    cross join branch b
    cross join unit u
    cross join lateral (
        select sum(x.due) as due, sum(x.received) as received, max(x.tendered) as tendered, max(x.reference) as reference, min(x.at) as at,
            sum(x.held) as held, rules.paid_with(array_agg(x.number)) as pay
        from trade x
        where x.job = p_job.id) t
    where c.number = p_job.customer and o.number = p_job.operator and b.number = p_job.branch;
    if p_job.kind in ('re-purchase', 'close') then
        select coalesce(-sum(x.amount) filter (where x.amount < 0), 0), coalesce(sum(x.amount) filter (where x.amount > 0), 0)
        into r.taken_back, r.sold
        from trade y
        join trade_line x on x.trade = y.number
        where y.job = p_job.id and x.account = 'item';
    elsif p_job.kind = 'replace-card' then
        r.issue := (select issue from card where id = p_job.card);
        r.old_issue := (select issue from card where id = p_job.old_card);
        r.carried_job := (select number from card_job where id = p_job.carries);
    end if;
    return next r;

    r := of_job;
    r.part := 'trade';
    for r.state, r.customer, r.due, r.received, r.tendered, r.reference, r."time",
        r.trade, r.trade_kind, r.sub_meter, r.meter_type, r.unit, r.meter, r.model, r.user_type, r.price, r.purchase_count,
        r.quantity, r.card_amount, r.presale, r.balance_change, r.held, r.by_money, r.reverses, r.old_meter, r.carried in
        select t.state, t.customer, t.due, t.received, t.tendered, t.reference, t.at,
            t.number, t.kind, t.sub_meter, mt.name, mt.unit, m.number, mm.name, ut.name, t.price_name, t.purchase_count,
            t.quantity, t.card_amount, t.presale, t.balance_change, t.held, y.by_money, t.reverses,
            case when t.meter is not null then (select old.number from meter old where old.id = p_job.old_meter) end, t.carried
        from trade t
        left join meter m on m.id = t.meter
        left join meter_model mm on mm.id = m.model
        left join card_layout y on y.name = mm.layout
        left join meter_type mt on mt.code = mm.meter_type
        left join user_type ut on ut.id = m.user_type
        where t.job = p_job.id
        order by t.number
    loop
        return next r;
    end loop;

    r := of_job;
    r.part := 'line';
    for r.state, r.trade, r.trade_kind, r.sub_meter, r.quantity, r.account, r.item_name, r.tier, r.unit_price, r.amount in
        select t.state, t.number, t.kind, t.sub_meter, l.quantity, l.account, i.name, l.tier, l.unit_price, l.amount
        from trade t
        cross join lateral (
            select x.line, x.account, x.item, x.tier, x.quantity, x.unit_price, x.amount
            from trade_line x
            where x.trade = t.number and x.account <> 'balance'
            union all
            select 1000, 'balance', null, null, null, null, t.balance_change - t.held
            union all
            select 1001, 'held', null, null, null, null, t.held) l
        left join price_item i on i.id = l.item
        where t.job = p_job.id and l.amount <> 0
        order by t.number, l.line
    loop
        return next r;
    end loop;
    if p_job.kind <> 'replace-card' then
        return;
    end if;

    r := of_job;
    r.part := 'meter';
    for r.sub_meter, r.meter_type, r.unit, r.meter, r.model, r.purchase_count, r.card_amount, r.by_money in
        select m.sub_meter, mt.name, mt.unit, m.number, mm.name, jm.count, jm.amount, y.by_money
        from card_job_meter jm
        join meter m on m.id = jm.meter
        join meter_model mm on mm.id = m.model
        join card_layout y on y.name = mm.layout
        join meter_type mt on mt.code = mm.meter_type
        where jm.job = p_job.id and jm.amount > 0 and coalesce(m.return_count, 0) < jm.count
        order by jm.slot
    loop
        return next r;
    end loop;
end $$;
