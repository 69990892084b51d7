-- SPDX-License-Identifier: GPL-3.0-or-later
-- Card jobs: begin (intent, committed), resume, renew, finish (proof). Sources: ledger.md, Card jobs; cards.md 2 and 3.
-- The order of locks is everywhere customer, card, meter, job.

-- What the station needs to carry a job out, and what it ended with ---------------------------------------------

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
    account text, item_name text, tier bigint, unit_price numeric, amount numeric
);

-- The job's steps. p_area/p_bytes: what is on the card now. p_write false: nothing is to be written, only read back and
-- proved. Keys go out only with p_write, and are logged.
create function rules.job_rows(p_job onecard.card_job, p_area text[], p_bytes bytea[], p_write boolean) returns setof rules.job_row
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    r job_row;
    c card;
    d record;
    l record;
    k bytea;
    i int;
    name text;
    is_last boolean;
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

    for d in
        select jm.directory, y.name as layout, y.kid_internal, y.kid_external, y.kid_mac
        from card_job_meter jm
        join meter m on m.id = jm.meter
        join meter_model mm on mm.id = m.model
        join card_layout y on y.name = mm.layout
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
        r.proof_check := digest(rules.des3(rules.cpu_key('cpu-internal', c.serial), p_job.challenge), 'sha256');
        if p_write then
            r.key_external := rules.cpu_key('cpu-external', c.serial);
            r.key_mac := rules.cpu_key('cpu-mac', c.serial);
            insert into key_handout (job, attempt, directory, operator, station)
            values (p_job.id, p_job.attempt, d.directory, (rules.me()).number, rules.my_station());
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
        values (p_job.id, p_job.attempt, 'PSC', (rules.me()).number, rules.my_station());
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

create function rules.finish_rows(p_job uuid, p_state text, p_verdict text) returns setof rules.finish_row
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    r finish_row;
begin
    select 'job', j.id, j.number, j.kind, coalesce(p_state, j.state), p_verdict, c.number, c.name, c.address, c.phone,
        t.due, t.received, t.tendered, coalesce(t.tendered, t.received) - t.received, c.balance, t.pay, t.reference, t.at,
        o.number, o.name, b.number, b.name, u.name, u.address, u.phone
    into r.part, r.job, r.number, r.kind, r.state, r.verdict, r.customer, r.name, r.address, r.phone,
        r.due, r.received, r.tendered, r.change, r.balance, r.pay, r.reference, r."time",
        r.operator, r.operator_name, r.branch, r.branch_name, r.unit_name, r.unit_address, r.unit_phone
    from card_job j
    join customer c on c.number = j.customer
    join operator o on o.number = j.operator
    join branch b on b.number = j.branch
    cross join unit u
    cross join lateral (
        select sum(x.due) as due, sum(x.received) as received, max(x.tendered) as tendered, max(x.reference) as reference, min(x.at) as at,
            rules.paid_with(array(select y.number from trade y where y.job = j.id)) as pay
        from trade x
        where x.job = j.id) t
    where j.id = p_job;
    return next r;

    return query
    select 'trade', j.id, j.number, j.kind, t.state, null, t.customer, null, null, null, t.due, t.received, t.tendered, null::numeric, null::numeric,
        null, t.reference, t.at, null::bigint, null, null::bigint, null, null, null, null,
        t.number, t.kind, t.sub_meter::bigint, mt.name, mt.unit, m.number, mm.name, ut.name, t.price_name,
        t.purchase_count::bigint, t.quantity, t.card_amount, t.presale, t.balance_change,
        null, null, null::bigint, null::numeric, null::numeric
    from card_job j
    join trade t on t.job = j.id
    left join meter m on m.id = t.meter
    left join meter_model mm on mm.id = m.model
    left join meter_type mt on mt.code = mm.meter_type
    left join user_type ut on ut.id = m.user_type
    where j.id = p_job
    order by t.number;

    return query
    select 'line', j.id, j.number, j.kind, t.state, null, null::bigint, null, null, null, null::numeric, null::numeric, null::numeric, null::numeric,
        null::numeric, null, null, null::timestamptz, null::bigint, null, null::bigint, null, null, null, null,
        t.number, t.kind, t.sub_meter::bigint, null, null, null, null, null, null,
        null::bigint, l.quantity, null::numeric, null::numeric, null::numeric,
        l.account, i.name, l.tier::bigint, l.unit_price, l.amount
    from card_job j
    join trade t on t.job = j.id
    join trade_line l on l.trade = t.number
    left join price_item i on i.id = l.item
    where j.id = p_job
    order by t.number, l.line;
end $$;

-- Begin --------------------------------------------------------------------------------------------------------

-- The answer to a request that was made before: its job, when the content is the same. A request of another content is
-- refused. Null: a new request.
create function rules.known_request(p_request uuid, p_digest bytea) returns onecard.card_job
language plpgsql set search_path = onecard, rules, pg_temp as $$
declare
    j card_job;
begin
    select * into j from card_job where id = p_request for update;
    if j.id is null then
        return null;
    end if;
    if j.digest <> p_digest or j.operator <> (rules.me()).number then
        perform rules.refuse('OC005');
    end if;
    if j.state = 'pending' and j.holder is distinct from rules.my_process() then
        perform rules.refuse('OC031', 'job', j.number::text);
    end if;
    return j;
end $$;

-- Refuses while the customer's card has a pending job: by name while somebody serves it.
create function rules.check_served(p_card bigint) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    j record;
begin
    select job.number, job.lease_until, job.holder, o.name as operator, b.name as branch
    into j
    from card_job job
    join operator o on o.number = job.holder_operator
    join branch b on b.number = o.branch
    where job.card = p_card and job.state = 'pending';
    if j.number is null then
        return;
    end if;
    if j.lease_until > clock_timestamp() and j.holder is distinct from rules.my_process() then
        perform rules.refuse('OC030', 'operator', j.operator, 'branch', j.branch);
    end if;
    perform rules.refuse('OC031', 'job', j.number::text);
end $$;

-- Refuses a meter that a customer has already: by name while somebody is opening it.
create function rules.check_meter_free(p_number text) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    m record;
begin
    select x.customer, o.name as operator, b.name as branch
    into m
    from meter x
    left join card_job_meter jm on jm.meter = x.id and jm.pending
    left join card_job j on j.id = jm.job and x.state = 'pending' and j.lease_until > clock_timestamp()
        and j.holder is distinct from rules.my_process()
    left join operator o on o.number = j.holder_operator
    left join branch b on b.number = o.branch
    where x.number = p_number and x.state in ('pending', 'open');
    if m.operator is not null then
        perform rules.refuse('OC030', 'operator', m.operator, 'branch', m.branch);
    end if;
    if m.customer is not null then
        perform rules.refuse('OC045', 'customer', m.customer::text);
    end if;
end $$;

create function rules.add_job(p_me onecard.operator, p_request uuid, p_digest bytea, p_kind text, p_card onecard.card, p_blank boolean,
    p_before_area text[], p_before_bytes bytea[], p_after_area text[], p_after_bytes bytea[])
returns onecard.card_job
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    here constant uuid := rules.my_station();
    j card_job;
begin
    insert into card_job (id, digest, kind, customer, card, family, chip, blank, before_area, before_bytes, after_area, after_bytes, challenge,
        holder, holder_operator, holder_station, lease_until, operator, branch, station)
    values (p_request, p_digest, p_kind, p_card.customer, p_card.id, p_card.family, p_card.chip, p_blank,
        coalesce(p_before_area, '{}'), coalesce(p_before_bytes, '{}'), p_after_area, p_after_bytes, gen_random_bytes(8),
        coalesce(rules.my_process(), p_request), p_me.number, here,
        clock_timestamp() + (select lease_seconds from parameters) * interval '1 second', p_me.number, p_me.branch, here)
    on conflict do nothing
    returning * into j;
    if j.id is null then
        perform rules.met_itself();
    end if;
    return j;
end $$;

-- A repeated request met the first one, which had not ended when this one looked for it: the connection repeats it by itself, and then
-- finds the first one's answer.
create function rules.met_itself() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'the same request was on its way' using errcode = 'serialization_failure';
end $$;

create type rules.line as (account text, item int, tier int, quantity numeric, unit_price numeric, amount numeric);

create type rules.sale as (
    quantity numeric, card_amount numeric, due numeric, balance_change numeric, presale_quantity numeric, presale_cost numeric,
    version int, lines rules.line[]
);

-- What a sale costs, with its balanced lines: the one place where a begin asks for the price. With p_presale, the presale is priced first and
-- counts into the tiers before the purchase itself. p_amount and p_quantity both null: presale only. p_paid: what trades before it took of the payment.
create function rules.price_sale(p_meter onecard.meter, p_household int, p_amount numeric, p_quantity numeric, p_presale numeric,
    p_balance numeric, p_pay text, p_paid numeric default 0)
returns rules.sale
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    s sale;
    mm meter_model;
    y card_layout;
    q record;
    allow boolean := (select allow_balance from parameters);
    given numeric;
begin
    select * into mm from meter_model where id = p_meter.model;
    select * into y from card_layout where name = mm.layout;
    s.version := rules.price_version_at(p_meter.price_1, now());
    s.lines := '{}';
    s.quantity := 0;
    s.card_amount := 0;
    s.due := 0;
    s.balance_change := 0;
    s.presale_quantity := 0;
    s.presale_cost := 0;
    if p_presale > 0 then
        for q in
            select * from rules.quote(mm.meter_type, s.version, p_meter.customer, p_household, y.by_money, mm.step,
                case when y.by_money then p_presale end, case when not y.by_money then p_presale end, 0, false, 0)
        loop
            s.presale_quantity := q.total_quantity;
            s.presale_cost := q.total_amount;
            s.lines := s.lines || row('presale', q.item, q.tier, q.quantity, q.unit_price, q.amount)::rules.line;
        end loop;
    end if;
    if p_amount > 0 or p_quantity > 0 then
        for q in
            select * from rules.quote(mm.meter_type, s.version, p_meter.customer, p_household, y.by_money, mm.step,
                p_amount, p_quantity, p_balance, allow, s.presale_quantity)
        loop
            s.quantity := q.total_quantity;
            s.card_amount := q.card_amount;
            s.due := q.due;
            s.balance_change := case when y.by_money then 0 else q.left_over - p_balance end;
            s.lines := s.lines || row('item', q.item, q.tier, q.quantity, q.unit_price, q.amount)::rules.line;
        end loop;
    end if;
    s.quantity := s.quantity + s.presale_quantity;
    s.due := s.due + s.presale_cost;
    if s.balance_change <> 0 then
        s.lines := s.lines || row('balance', null, null, null, null, s.balance_change)::rules.line;
    end if;
    if s.due <> 0 then
        s.lines := rules.pay_lines(p_pay, p_paid, s.due) || s.lines;
    end if;
    return s;
end $$;

create function rules.add_trade(p_job onecard.card_job, p_kind text, p_meter onecard.meter, p_count int, p_revision int, p_sale rules.sale, p_tendered numeric, p_reference text)
returns bigint
language plpgsql set search_path = onecard, rules, pg_temp as $$
declare
    n bigint;
begin
    insert into trade (kind, request_id, job, customer, card, meter, sub_meter, purchase_count, revision, quantity, card_amount, presale,
        due, received, tendered, balance_change, price_version, price_name, reference, operator, branch, station)
    values (p_kind, p_job.id, p_job.id, p_job.customer, p_job.card, p_meter.id, coalesce(p_meter.sub_meter, 0), p_count, coalesce(p_revision, 0),
        coalesce(p_sale.quantity, 0), coalesce(p_sale.card_amount, 0), coalesce(p_sale.presale_cost, 0),
        p_sale.due, p_sale.due, p_tendered, coalesce(p_sale.balance_change, 0), p_sale.version,
        coalesce((select name from price where id = p_meter.price_1), ''), coalesce(p_reference, ''), p_job.operator, p_job.branch, p_job.station)
    returning number into n;
    insert into trade_line (trade, line, account, item, tier, quantity, unit_price, amount)
    select n, row_number() over (order by l.ord), l.account, l.item, l.tier, l.quantity, l.unit_price, l.amount
    from unnest(p_sale.lines) with ordinality as l(account, item, tier, quantity, unit_price, amount, ord)
    where l.amount <> 0;
    return n;
end $$;

create function rules.check_due(p_due numeric, p_expected numeric, p_tendered numeric) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    if p_expected is not null and p_expected <> p_due then
        perform rules.refuse('OC037', 'due', trim_scale(p_due)::text);
    end if;
    if p_tendered is not null and p_tendered < p_due then
        perform rules.refuse('OC055', 'due', trim_scale(p_due)::text);
    end if;
end $$;

-- Sells on a card. p_amount (yuan) or p_quantity, the other null. p_expected_due: what the operator saw, null: not quoted. Errors: OC005, OC010-019,
-- OC020-031, OC037, OC038, OC054, OC055.
create function api.purchase_begin(p_request uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[], p_sub_meter bigint,
    p_amount numeric, p_quantity numeric, p_expected_due numeric, p_tendered numeric, p_pay text, p_reference text)
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    me operator;
    v card_view;
    k card;
    c customer;
    m meter;
    mm meter_model;
    y card_layout;
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
    j := rules.known_request(p_request, dig);
    if j.id is not null then
        return query select * from rules.job_rows(j, p_area, p_bytes, true);
        return;
    end if;
    perform rules.check_pay(p_pay);
    perform rules.check_reference(p_reference);

    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    if v.customer is not null then
        -- whoever comes second waits here, and then sees the other's job
        select * into c from customer where number = v.customer for update;
        j := rules.known_request(p_request, dig);
        if j.id is not null then   -- it was this very request that was waited for
            return query select * from rules.job_rows(j, p_area, p_bytes, true);
            return;
        end if;
        perform rules.check_served(v.card);
        v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    end if;
    if v.code is not null then
        perform rules.refuse_lines(v.code, v.params);
    end if;
    if v.state <> 'current' then
        perform rules.refuse('OC020');
    end if;
    select * into k from card where id = v.card for update;
    select * into m from meter where customer = v.customer and sub_meter = p_sub_meter and state = 'open' for update;
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    select * into mm from meter_model where id = m.model;
    select * into y from card_layout where name = mm.layout;
    select * into ut from user_type where id = m.user_type;
    slot := rules.view_slot(m, mm.layout, v.key, v.card_id, p_area, p_bytes);
    m := rules.observe(me, m, slot, v.card, p_area, p_bytes);
    why := rules.meter_refusal(m, slot);
    if why is not null then
        perform rules.refuse_lines(why[1], why[2]);
    end if;
    perform rules.check_amount(p_amount, p_quantity, y.by_money);
    s := rules.price_sale(m, c.household, p_amount, p_quantity, 0, c.balance, p_pay);
    perform rules.check_limits(ut, s.card_amount, coalesce(m.return_remaining, m.presale));
    perform rules.check_due(s.due, p_expected_due, p_tendered);
    perform rules.check_paid(p_pay, s.due);

    img := rules.sale_image(m, k, '02', m.purchase_count + 1, 0, s.card_amount, p_area, p_bytes);
    j := rules.add_job(me, p_request, dig, 'purchase', k, false, p_area, p_bytes, img.area, img.bytes);
    insert into card_job_meter (job, meter, slot, directory, count, revision, amount)
    values (j.id, m.id, m.slot, m.directory, m.purchase_count + 1, 0, s.card_amount);
    perform rules.add_trade(j, 'purchase', m, m.purchase_count + 1, 0, s, p_tendered, p_reference);
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;

-- A text of a form: OC042 when it is too long or carries control characters.
create function rules.check_text(p_text text, p_max int, p_field text) returns text
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
begin
    if length(p_text) > p_max or p_text ~ '[\x01-\x1f\x7f]' then
        perform rules.refuse('OC042', 'max', p_max::text, 'field', p_field);
    end if;
    return btrim(coalesce(p_text, ''));
end $$;

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
    v card_view;
    k card;
    c customer;
    m meter;
    mm meter_model;
    y card_layout;
    ut user_type;
    s sale;
    fee numeric;
    total numeric;
    fee_sale sale;
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

    -- the card
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    if v.state = 'in-doubt' then
        perform rules.check_served(v.card);
    end if;
    if v.state <> 'blank' then
        perform rules.refuse(case when v.code in ('OC021') then v.code else 'OC024' end, 'area', split_part(coalesce(v.params, ''), E'\n', 1), 'own', '');
    end if;

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
    begin
        insert into card (customer, family, chip, serial)
        values (c.number, family, chip, case when family = 'cpu' then p_serial else gen_random_bytes(8) end)
        returning * into k;
    exception when unique_violation then
        if exists (select from card_job where id = p_request) then
            perform rules.met_itself();
        end if;
        -- the same card, opened elsewhere at this moment
        perform rules.check_served((select id from card where serial = p_serial and state not in ('cleared', 'void')));
        perform rules.refuse('OC024');
    end;

    j := rules.add_job(me, p_request, dig, 'open', k, true, p_area, p_bytes, '{}', '{}');
    fee_sale.quantity := 0;
    fee_sale.due := fee;
    fee_sale.lines := rules.pay_lines(p_pay, 0, fee) || row('opening-fee', null, null, null, null, fee)::rules.line;
    perform rules.add_trade(j, 'open', null, null, 0, fee_sale, p_tendered, p_reference);
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
        images := images || rules.seal_record(rules.memory_key(k.serial, c.number), 'H', 0, 0, k.serial, '000000000000',
            rules.encode_area(y.name, 'header', jsonb_build_object('chip', (select encode(code, 'hex') from card_chip cc where cc.layout = y.name and cc.chip = k.chip),
                'area_number', (select area_number from parameters), 'issue', k.issue, 'card_id', encode(k.serial, 'hex'),
                'customer', lpad(c.number::text, 12, '0')), null), 4);
    end if;
    update card_job set after_area = areas, after_bytes = images where id = j.id returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, true);
end $$;

-- Finish -------------------------------------------------------------------------------------------------------

-- What a card shows of one meter of a job: 'new', 'used', 'old', 'torn' (cards.md 2, Recovery; 3, In force).
create function rules.judge_meter(p_job onecard.card_job, p_jm onecard.card_job_meter, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    m meter;
    k card;
    mm meter_model;
    s slot_view;
    wallet text;
    returned text;
    has bytea;
    paid boolean := true;
    whole boolean := true;
    changed boolean := false;
    i int;
    a text;
begin
    select * into m from meter where id = p_jm.meter;
    select * into k from card where id = p_job.card;
    select * into mm from meter_model where id = m.model;
    s := rules.view_slot(m, mm.layout, case when p_jm.directory = '' then rules.memory_key(k.serial, k.customer) end, k.serial, p_area, p_bytes);
    if p_jm.directory <> '' then
        select rules.file(p_jm.directory, sfi) into wallet from card_area where layout = mm.layout and role = 'wallet';
        select rules.file(p_jm.directory, sfi) into returned from card_area where layout = mm.layout and role = 'return';
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
            return case when changed then 'torn' else 'old' end;
        end if;
        if s.return_valid and s.return_count >= p_jm.count then
            return 'used';
        end if;
        if not whole then
            return 'torn';
        end if;
        return case when s.return_empty then 'new' else 'torn' end;
    end if;

    for i in 1 .. array_length(p_job.after_area, 1) loop
        a := p_job.after_area[i];
        if a like 'V' || p_jm.slot || '_' then
            if rules.area(p_area, p_bytes, a) = p_job.after_bytes[i] then
                return case when s.return_valid and s.return_count >= p_jm.count then 'used' else 'new' end;
            end if;
            -- a record whose MAC does not fit is not there: the one before it is in force
            return case when rules.area(p_area, p_bytes, a) = rules.area(p_job.before_area, p_job.before_bytes, a) then 'old'
                when s.count is distinct from p_jm.count and not p_job.blank then 'old'
                when p_job.blank and not s.written then 'old'
                else 'torn' end;
        end if;
    end loop;
    return 'torn';
end $$;

-- The whole card: 'new' (some of it perhaps 'used'), 'used', 'old', or 'torn'.
create function rules.judge(p_job onecard.card_job, p_area text[], p_bytes bytea[]) returns text
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
declare
    jm card_job_meter;
    seen text[] := '{}';
    header bytea;
begin
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
        when 'torn' = any (seen) then 'torn'
        when 'old' = any (seen) and ('new' = any (seen) or 'used' = any (seen)) then 'torn'
        when 'old' = any (seen) then 'old'
        when 'used' = any (seen) and not 'new' = any (seen) then 'used'
        else 'new' end;
end $$;

-- Is this the card that the job was begun for?
create function rules.check_card(p_job onecard.card_job, p_family text, p_serial bytea, p_area text[], p_bytes bytea[]) returns void
language plpgsql stable set search_path = onecard, rules, pg_temp as $$
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

-- Takes a pending job over: attempt + 1, a new challenge, and what is still to be written. Refused while another station holds its
-- lease (OC030) or on another card (OC033).
create function api.job_resume(p_job uuid, p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[])
returns setof rules.job_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan as $$
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
    update card_job
    set attempt = attempt + 1, challenge = gen_random_bytes(8), holder = coalesce(rules.my_process(), gen_random_uuid()),
        holder_operator = me.number, holder_station = rules.my_station(),
        lease_until = clock_timestamp() + (select lease_seconds from parameters) * interval '1 second'
    where id = p_job
    returning * into j;
    return query select * from rules.job_rows(j, p_area, p_bytes, rules.judge(j, p_area, p_bytes) not in ('new', 'used'));
end $$;

-- Holds the lease for another while; a station calls it when less than half is left.
create function api.job_renew(p_job uuid, p_attempt bigint) returns table (lease_seconds bigint)
language plpgsql security definer set search_path = onecard, rules, pg_temp as $$
declare
    n int;
begin
    perform rules.need_any('purchase', 'open-account', 'unfinished');
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

create function rules.make_effective(p_job onecard.card_job) returns void
language plpgsql set search_path = onecard, rules, pg_temp as $$
begin
    update trade set state = 'effective' where job = p_job.id and state = 'pending';
    update meter m
    set state = 'open', opened_at = coalesce(m.opened_at, now()), purchase_count = jm.count, revision = jm.revision,
        last_purchase = jm.amount, last_purchase_at = t.at, total_bought = m.total_bought + jm.amount
    from card_job_meter jm
    join trade t on t.job = jm.job and t.meter = jm.meter
    where jm.job = p_job.id and m.id = jm.meter;
    update card set state = 'current' where id = p_job.card and state = 'pending';
    update customer c
    set state = 'open', opened_at = coalesce(c.opened_at, now()),
        balance = c.balance + (select sum(balance_change) from trade where job = p_job.id)
    where c.number = p_job.customer;
end $$;

create function rules.make_void(p_job onecard.card_job) returns void
language plpgsql set search_path = onecard, rules, pg_temp as $$
begin
    update trade set state = 'void' where job = p_job.id and state = 'pending';
    if p_job.kind = 'open' then
        update meter set state = 'void' where id in (select meter from card_job_meter where job = p_job.id);
        update card set state = 'void' where id = p_job.card;
        update customer set state = 'void' where number = p_job.customer;
    end if;
end $$;

-- The outcome of a job that ended, or how it stands.
create function api.job_outcome(p_job uuid) returns setof rules.finish_row
language plpgsql stable security definer set search_path = onecard, rules, pg_temp as $$
begin
    perform rules.need_any('purchase', 'open-account', 'unfinished');
    return query select * from rules.finish_rows(p_job, null, null);
end $$;

-- Ends a job with what was read back. p_area null: the card could not be read; the job stays pending and its lease is given up.
-- p_nothing_sent: this process sent nothing that could have put the new state on the card, and it was not out meanwhile.
-- p_undo: wanted when the card is as before. State 'conflict': the attempt was stale; kept as evidence and listed, never dropped.
create function api.job_finish(p_job uuid, p_attempt bigint, p_area text[], p_bytes bytea[], p_directory text[], p_proof bytea[],
    p_nothing_sent boolean, p_undo boolean)
returns setof rules.finish_row
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    me operator;
    j card_job;
    k card;
    verdict text;
    proved boolean := true;
    authentic boolean;
    jm card_job_meter;
    outcome text := 'pending';
    dig bytea;
begin
    me := rules.need_any('purchase', 'open-account', 'unfinished');
    select * into j from card_job where id = p_job;
    if j.id is null then
        perform rules.refuse('OC033');
    end if;
    perform from customer where number = j.customer for update;
    select * into j from card_job where id = p_job for update;
    dig := digest(jsonb_build_array(p_attempt, p_area, p_bytes, p_directory, p_proof, p_nothing_sent, p_undo)::text, 'sha256');
    if j.state <> 'pending' and j.finished_attempt = p_attempt and j.finish_digest = dig then
        -- the same call once more
        return query select * from rules.finish_rows(p_job, null, case when p_area is null then 'unseen' else rules.judge(j, p_area, p_bytes) end);
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
        return query select * from rules.finish_rows(p_job, 'conflict', verdict);
        return;
    end if;
    if p_area is null then
        update card_job set lease_until = clock_timestamp() where id = p_job;
        return query select * from rules.finish_rows(p_job, 'pending', verdict);
        return;
    end if;

    -- a CPU card proves itself against the challenge of this attempt, in every directory of the job
    select * into k from card where id = j.card;
    authentic := j.family = 'cpu';
    if authentic then
        for jm in select * from card_job_meter where job = p_job loop
            if p_proof[array_position(p_directory, jm.directory)] is distinct from rules.des3(rules.cpu_key('cpu-internal', k.serial), j.challenge) then
                proved := false;
            end if;
        end loop;
    end if;

    if verdict in ('new', 'used') and proved then
        outcome := 'done';
    elsif verdict = 'old' and coalesce(p_undo, false)
        and ((coalesce(p_nothing_sent, false) and j.attempt = 1) or (authentic and proved)) then
        outcome := 'undone';
    end if;
    if outcome = 'pending' then
        insert into job_evidence (job, attempt, operator, station, area, bytes, verdict)
        values (p_job, p_attempt, me.number, rules.my_station(), p_area, p_bytes, verdict || case when proved then '' else ' unproved' end);
        update card_job set lease_until = clock_timestamp() where id = p_job;
        return query select * from rules.finish_rows(p_job, 'pending', verdict);
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
    return query select * from rules.finish_rows(p_job, outcome, verdict);
end $$;
