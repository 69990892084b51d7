-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every begin of a card job is made of. A begin locks customer, card, meter, job in this order, checks, prices, and writes the job and
-- its pending trades. Source: ledger.md, Card jobs.

-- The answer to a request that was made before: its job, when the content is the same. A request of another content is
-- refused. Null: a new request.
create function rules.known_request(p_request uuid, p_digest bytea) returns onecard.card_job
language plpgsql as $$
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
language plpgsql stable as $$
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

-- Refuses a meter that a customer has already, or gets back where its replacement comes to nothing: by name while somebody is opening it.
create function rules.check_meter_free(p_number text) returns void
language plpgsql stable as $$
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
    where x.number = p_number and (x.state in ('pending', 'open')
        or x.state = 'replaced' and exists (select from card_job r where r.old_meter = x.id and r.state in ('pending', 'carried')));
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
language plpgsql as $$
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
language plpgsql as $$
begin
    raise exception 'the same request was on its way' using errcode = 'serialization_failure';
end $$;

create type rules.line as (account text, item int, tier int, quantity numeric, unit_price numeric, amount numeric);

create type rules.sale as (
    quantity numeric, card_amount numeric, due numeric, balance_change numeric, presale_quantity numeric, presale_cost numeric,
    version int, lines rules.line[],
    held numeric,           -- of balance_change: until the meter's return data agree
    carried numeric,        -- the value that a new meter takes over from the old one
    reverses bigint         -- the trade that this one takes back
);

-- A sale of nothing, to begin from.
create function rules.no_sale() returns rules.sale
language plpgsql immutable as $$
begin
    return row(0, 0, 0, 0, 0, 0, null, '{}', 0, 0, null)::rules.sale;
end $$;

-- What a sale costs, with a line a tier and item: the one place where a begin asks for the price. With p_presale, the presale is priced first
-- and counts into the tiers before the purchase itself. p_amount and p_quantity both null or 0: presale only. p_already: what counts into the
-- tiers beside what the ledger has.
create function rules.price_items(p_meter onecard.meter, p_household int, p_amount numeric, p_quantity numeric, p_presale numeric,
    p_balance numeric, p_already numeric)
returns rules.sale
language plpgsql stable as $$
declare
    s sale := rules.no_sale();
    x record;
    q record;
begin
    select mm.meter_type, mm.step, y.by_money, p.allow_balance into x
    from meter_model mm
    join card_layout y on y.name = mm.layout
    cross join parameters p
    where mm.id = p_meter.model;
    s.version := (rules.price_version_at(p_meter.price_1, now())).id;
    if p_presale > 0 then
        for q in
            select * from rules.quote(x.meter_type, s.version, p_meter.customer, p_household, x.by_money, x.step,
                case when x.by_money then p_presale end, case when not x.by_money then p_presale end, 0, false, p_already)
        loop
            s.presale_quantity := q.total_quantity;
            s.presale_cost := q.total_amount;
            s.lines := s.lines || row('presale', q.item, q.tier, q.quantity, q.unit_price, q.amount)::rules.line;
        end loop;
    end if;
    if p_amount > 0 or p_quantity > 0 then
        for q in
            select * from rules.quote(x.meter_type, s.version, p_meter.customer, p_household, x.by_money, x.step,
                p_amount, p_quantity, p_balance, x.allow_balance, p_already + s.presale_quantity)
        loop
            s.quantity := q.total_quantity;
            s.card_amount := q.card_amount;
            s.due := q.due;
            s.balance_change := case when x.by_money then 0 else q.left_over - p_balance end;
            s.lines := s.lines || row('item', q.item, q.tier, q.quantity, q.unit_price, q.amount)::rules.line;
        end loop;
    end if;
    s.quantity := s.quantity + s.presale_quantity;
    s.due := s.due + s.presale_cost;
    return s;
end $$;

-- The sale with the lines of who pays: the customer's balance, and p_pay what is due. p_paid: what trades before it took of the payment.
create function rules.pay_for(p_sale rules.sale, p_pay text, p_paid numeric) returns rules.sale
language plpgsql stable as $$
declare
    s sale := p_sale;
begin
    if s.balance_change <> 0 then
        s.lines := s.lines || row('balance', null, null, null, null, s.balance_change)::rules.line;
    end if;
    if s.due <> 0 then
        s.lines := rules.pay_lines(p_pay, p_paid, s.due) || s.lines;
    end if;
    return s;
end $$;

-- Both: a sale that is paid for.
create function rules.price_sale(p_meter onecard.meter, p_household int, p_amount numeric, p_quantity numeric, p_presale numeric,
    p_balance numeric, p_pay text, p_paid numeric default 0)
returns rules.sale
language plpgsql stable as $$
begin
    return rules.pay_for(rules.price_items(p_meter, p_household, p_amount, p_quantity, p_presale, p_balance, 0), p_pay, p_paid);
end $$;

-- A fee, as the sale of a trade of its own.
create function rules.fee_sale(p_account text, p_fee numeric, p_pay text) returns rules.sale
language plpgsql stable as $$
declare
    s sale := rules.no_sale();
begin
    s.due := p_fee;
    s.lines := array[row(p_account, null, null, null, null, p_fee)::rules.line];
    return rules.pay_for(s, p_pay, 0);
end $$;

create function rules.add_trade(p_job onecard.card_job, p_kind text, p_meter onecard.meter, p_count int, p_revision int, p_sale rules.sale, p_tendered numeric, p_reference text)
returns bigint
language plpgsql as $$
declare
    n bigint;
begin
    insert into trade (kind, request_id, job, customer, card, meter, sub_meter, purchase_count, revision, quantity, card_amount, presale,
        due, received, tendered, balance_change, held, carried, reverses, price_version, price_name, reference, operator, branch, station)
    values (p_kind, p_job.id, p_job.id, p_job.customer, p_job.card, p_meter.id, coalesce(p_meter.sub_meter, 0), p_count, coalesce(p_revision, 0),
        p_sale.quantity, p_sale.card_amount, p_sale.presale_cost, p_sale.due, p_sale.due, p_tendered, p_sale.balance_change,
        p_sale.held, p_sale.carried, p_sale.reverses, p_sale.version,
        coalesce((select name from price where id = p_meter.price_1), ''), coalesce(p_reference, ''), p_job.operator, p_job.branch, p_job.station)
    returning number into n;
    insert into trade_line (trade, line, account, item, tier, quantity, unit_price, amount)
    select n, row_number() over (order by l.ord), l.account, l.item, l.tier, l.quantity, l.unit_price, l.amount
    from unnest(p_sale.lines) with ordinality as l(account, item, tier, quantity, unit_price, amount, ord)
    where l.amount <> 0;
    return n;
end $$;

create function rules.check_due(p_due numeric, p_expected numeric, p_tendered numeric) returns void
language plpgsql stable as $$
begin
    if p_expected is not null and p_expected <> p_due then
        perform rules.refuse('OC037', 'due', trim_scale(p_due)::text);
    end if;
    if p_tendered is not null and p_tendered < p_due then
        perform rules.refuse('OC055', 'due', trim_scale(p_due)::text);
    end if;
end $$;

-- What an act on a card that was read begins with: the card, its customer, locked, and why it may go on. With a job: this request was begun
-- before, and that is its answer.
create type rules.act_start as (job onecard.card_job, view rules.card_view, card onecard.card, customer onecard.customer);

-- p_states: what the card may be. Refuses whatever the card says against it (OC020 ...), and a card that is being served (OC030, OC031).
create function rules.start_on_card(p_request uuid, p_digest bytea, p_family text, p_serial bytea, p_area text[], p_bytes bytea[],
    p_states text[] default '{current}')
returns rules.act_start
language plpgsql as $$
declare
    j card_job;
    v card_view;
    k card;
    c customer;
begin
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);
    -- whoever comes second waits here, and then sees the other's job
    select * into c from customer where number = v.customer for update;
    j := rules.known_request(p_request, p_digest);
    if j.id is not null then
        return row(j, null, null, null)::rules.act_start;
    end if;
    if v.customer is not null then
        v := rules.view_card(p_family, p_serial, p_area, p_bytes);
        if v.job is not null then
            perform rules.check_served(v.card);
        end if;
    end if;
    if not v.state = any (p_states) then
        if v.code is not null then
            perform rules.refuse_lines(v.code, v.params);
        end if;
        perform rules.refuse('OC020');
    end if;
    select * into k from card where id = v.card for update;
    return row(null, v, k, c)::rules.act_start;
end $$;

-- Refuses a card that is not blank: OC020, OC021, OC024, or one that is being served.
create function rules.check_blank(p_view rules.card_view) returns void
language plpgsql stable as $$
begin
    if p_view.state = 'in-doubt' then
        perform rules.check_served(p_view.card);
    end if;
    if p_view.state <> 'blank' then
        perform rules.refuse(case when p_view.code in ('OC021') then p_view.code else 'OC024' end,
            'area', split_part(coalesce(p_view.params, ''), E'\n', 1), 'own', '');
    end if;
end $$;

-- A blank card as this customer's: a memory card gets an id of its own.
create function rules.add_card(p_request uuid, p_customer bigint, p_family text, p_chip text, p_serial bytea, p_issue int) returns onecard.card
language plpgsql as $$
declare
    k card;
begin
    insert into card (customer, family, chip, serial, issue)
    values (p_customer, p_family, p_chip, case when p_family = 'cpu' then p_serial else gen_random_bytes(8) end, p_issue)
    returning * into k;
    return k;
exception when unique_violation then
    if exists (select from card_job where id = p_request) then
        perform rules.met_itself();
    end if;
    -- the same card, given to somebody elsewhere at this moment
    perform rules.check_served((select id from card where serial = p_serial and state not in ('cleared', 'void')));
    perform rules.refuse('OC024');
end $$;

-- One of the customer's meters in use, locked: OC029.
create function rules.meter_for_act(p_customer bigint, p_sub_meter bigint) returns onecard.meter
language plpgsql as $$
declare
    m meter;
begin
    select * into m from meter where customer = p_customer and sub_meter = p_sub_meter and state = 'open' for update;
    if m.id is null then
        perform rules.refuse('OC029', 'sub_meter', coalesce(p_sub_meter, 0)::text);
    end if;
    return m;
end $$;
