-- SPDX-License-Identifier: GPL-3.0-or-later
-- `onecardctl db check`: every invariant of the ledger over the whole database. One function an invariant: it answers
-- what breaks it, one text a finding; admin.check runs all that are named broken_…. Constraints and triggers keep most of this
-- already; these look again, at what is really there. Source: ledger.md.

-- Money ------------------------------------------------------------------------------------------------------

-- The lines of a trade sum to zero; only a trade of nothing has none.
create function admin.broken_lines_sum_to_zero() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'trade ' || t.number
    from trade t
    left join (select trade, sum(amount) as total from trade_line group by trade) l on l.trade = t.number
    where coalesce(l.total, -1) <> 0 and (l.trade is not null or t.due <> 0 or t.balance_change <> 0 or t.presale <> 0)
$$;

-- What a trade says it took, changed the balance by and charged as presale is what its lines say.
create function admin.broken_trade_is_its_lines() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'trade ' || t.number
    from trade t
    left join (
        select trade,
            sum(amount) filter (where account in ('cash', 'bankcard', 'wechat', 'alipay', 'transfer')) as paid,
            sum(amount) filter (where account = 'balance') as balance,
            sum(amount) filter (where account = 'presale') as presale
        from trade_line
        group by trade) l on l.trade = t.number
    where t.received <> -coalesce(l.paid, 0) or t.due <> t.received or t.balance_change <> coalesce(l.balance, 0)
        or t.presale <> coalesce(l.presale, 0) or t.tendered < t.due
$$;

-- Money is whole fen.
create function admin.broken_whole_fen() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'trade ' || trade || ' line ' || line from trade_line where amount <> round(amount, 2)
$$;

-- Each tier of a sale costs quantity × price, rounded once, to the fen; together they are what went onto the card.
create function admin.broken_tiers() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    with tiers as (
        select trade, account, tier, max(quantity) as quantity, min(quantity) as least, sum(unit_price) as unit_price, sum(amount) as amount
        from trade_line
        where account in ('item', 'presale')
        group by trade, account, tier, amount > 0)    -- what is taken back stands beside what is sold anew
    select 'trade ' || trade || ' tier ' || tier
    from tiers
    where quantity <> least or abs(amount - quantity * unit_price) > 0.01
    union all
    select 'trade ' || t.number
    from trade t
    join meter m on m.id = t.meter
    join meter_model mm on mm.id = m.model
    join card_layout y on y.name = mm.layout
    left join (
        select trade, sum(amount) as amount, sum(quantity) as quantity
        from tiers
        where account = 'item' and amount > 0
        group by trade) l on l.trade = t.number
    where t.kind in ('purchase', 're-purchase') and t.card_amount <> coalesce(case when y.by_money then l.amount else l.quantity end, 0)
$$;

-- A customer's balance is the sum of what his effective trades changed.
create function admin.broken_customer_balance() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'customer ' || c.number
    from customer c
    left join (
        select customer, sum(balance_change) as total
        from trade
        where state = 'effective' and balance_change <> 0
        group by customer) t on t.customer = c.number
    where c.balance <> coalesce(t.total, 0)
$$;

-- Meters -----------------------------------------------------------------------------------------------------

-- Purchase counts go 1..n without gaps, and n is the meter's; a pending one is the next.
create function admin.broken_purchase_counts() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'meter ' || m.number
    from meter m
    left join (
        select meter, count(distinct purchase_count) filter (where state = 'effective') as n,
            max(purchase_count) filter (where state = 'effective') as newest, min(purchase_count) as oldest,
            max(purchase_count) filter (where state = 'pending') as pending
        from trade
        where purchase_count is not null and state <> 'void'
        group by meter) t on t.meter = m.id
    where coalesce(t.n, 0) <> m.purchase_count or coalesce(t.newest, 0) <> m.purchase_count or t.oldest <> 1
        or t.pending not in (m.purchase_count, m.purchase_count + 1)
$$;

-- A count was sold once, and sold anew with the revisions 1, 2 …; the meter's revision is its newest count's.
create function admin.broken_revisions() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    with counts as (
        select meter, purchase_count, count(*) as n, max(revision) filter (where state = 'effective') as effective, max(revision) as newest
        from trade
        where purchase_count is not null and state <> 'void'
        group by meter, purchase_count)
    select 'meter ' || m.number || ' count ' || c.purchase_count
    from counts c
    join meter m on m.id = c.meter
    where c.n <> c.newest + 1 or (c.purchase_count = m.purchase_count and c.effective <> m.revision)
$$;

-- The meter's last purchase and total are its effective trades'; a count that was sold anew counts once.
create function admin.broken_meter_totals() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'meter ' || m.number
    from meter m
    left join (
        select meter, sum(card_amount) as total
        from trade t
        where purchase_count is not null and state = 'effective'
            and not exists (select from trade x where x.reverses = t.number and x.state = 'effective')
        group by meter) t on t.meter = m.id
    left join trade l on l.meter = m.id and l.purchase_count = m.purchase_count and l.revision = m.revision and l.state = 'effective'
    where m.total_bought <> coalesce(t.total, 0) or m.last_purchase <> coalesce(l.card_amount, 0)
        or m.last_purchase_at is distinct from l.at
$$;

-- A meter that was replaced has one job that did it, which is not undone, and a job that replaces a meter one old one; what its trade carried
-- is on the card, or preset in the new meter.
create function admin.broken_replaced_meters() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'meter ' || m.number
    from meter m
    left join (
        select old_meter, count(*) as n
        from card_job
        where old_meter is not null and state <> 'undone'
        group by old_meter) j on j.old_meter = m.id
    where (m.state = 'replaced')::int <> coalesce(j.n, 0)
    union all
    select 'job ' || number from card_job where (kind = 'replace-meter') <> (old_meter is not null)
    union all
    select 'trade ' || t.number
    from trade t
    left join card_job j on j.id = t.job
    left join meter o on o.id = j.old_meter
    left join meter n on n.id = t.meter
    where case when t.kind = 'replace-meter'
        then t.card_amount <> greatest(t.carried - n.presale, 0) or t.presale > 0 and t.carried >= n.presale
            or (o.customer, o.slot, o.directory) is distinct from (n.customer, n.slot, n.directory)
        else t.carried <> 0 end
$$;

-- A meter that counts more than was sold is listed as ahead of the ledger, and so barred.
create function admin.broken_ahead_is_listed() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'meter ' || m.number
    from meter m
    where m.return_count > m.purchase_count
        and not exists (select from conflict c where c.meter = m.id and c.state = 'open')
$$;

-- What a meter last returned is its newest observation.
create function admin.broken_return_is_observed() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'meter ' || m.number
    from meter m
    left join lateral (
        select count, remaining, overdraft, credited, return_time
        from observation
        where meter = m.id
        order by at desc, id desc
        limit 1) o on true
    where (m.return_count, m.return_remaining, m.return_overdraft, m.return_credited, m.return_time)
        is distinct from (o.count, o.remaining, o.overdraft, o.credited, o.return_time)
$$;

-- Money is held for refunds that are effective, and the balance covers it.
create function admin.broken_held() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'trade ' || coalesce(h.trade, t.number)
    from held h
    full join (select number, held, customer, state from trade where held > 0 and state = 'effective') t on t.number = h.trade
    where h.trade is null or t.number is null or h.amount <> t.held or h.customer <> t.customer
    union all
    select 'customer ' || c.number
    from customer c
    join held h on h.customer = c.number and h.state in ('held', 'contested')
    group by c.number, c.balance
    having sum(h.amount) > c.balance
$$;

-- Card jobs --------------------------------------------------------------------------------------------------

-- Trades stand as their job does, and carry its id as their request.
create function admin.broken_trade_stands_as_its_job() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'trade ' || t.number
    from trade t
    left join card_job j on j.id = t.job
    where case
        when t.job is null then t.state = 'pending' or t.kind in ('open', 'purchase', 'replace-card', 're-purchase', 'replace-meter', 'clear-card')
        else t.state <> case j.state when 'pending' then 'pending' when 'carried' then 'pending' when 'done' then 'effective' else 'void' end
            or t.request_id <> j.id or t.customer <> j.customer end
$$;

-- A job has trades; it is finished or not; each of its meters has one trade of that count, revision and amount: its own, or where it only
-- carries or clears what was sold, an earlier one.
create function admin.broken_job_is_its_trades() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'job ' || j.number
    from card_job j
    where (j.state in ('pending', 'carried')) <> (j.finished_at is null)
        or not exists (select from trade t where t.job = j.id)
    union all
    select 'job ' || j.number || ' slot ' || jm.slot
    from card_job_meter jm
    join card_job j on j.id = jm.job
    where jm.pending <> (j.state = 'pending' and j.kind not in ('clear-card', 'close'))
    union all
    select 'job ' || j.number || ' slot ' || jm.slot
    from card_job_meter jm
    join card_job j on j.id = jm.job
    where not exists (
            select from trade t
            where (t.job = jm.job or j.kind in ('replace-card', 'clear-card', 'close'))
                and t.meter = jm.meter and t.purchase_count = jm.count and t.revision = jm.revision and t.card_amount = jm.amount)
    union all
    select 'job ' || j.number || ' carries'
    from card_job j
    join card_job c on c.id = j.carries
    where (c.state = 'carried') <> (j.state in ('pending', 'carried'))
    union all
    select 'job ' || j.number || ' carries'
    from card_job j
    where j.state = 'carried' and not exists (select from card_job x where x.carries = j.id and x.state in ('pending', 'carried'))
$$;

-- One pending job a card and a meter.
create function admin.broken_one_pending_job() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'card ' || card from card_job where state = 'pending' group by card having count(*) > 1
    union all
    select 'meter ' || m.number
    from card_job_meter jm
    join meter m on m.id = jm.meter
    where jm.pending
    group by m.number
    having count(*) > 1
$$;

-- Each job on a card began with what the one before left there: the seller's areas, byte by byte. The return file is the meter's,
-- and a file may have been read longer than its layout says. What was undone because the meter took the purchase
-- in between may have torn a memory card's spare copy before.
create function admin.broken_job_chain() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select distinct 'job ' || j.next_number || ' area ' || x.area
    from (
        select id, kind, state, after_area, after_bytes, before_area, before_bytes,
            lead(number) over w as next_number, lead(before_area) over w as next_area, lead(before_bytes) over w as next_bytes
        from card_job
        window w as (partition by card order by number)) j
    cross join unnest(j.after_area, j.after_bytes) x(area, bytes)
    cross join lateral (
        select case j.state when 'done' then x.bytes
                else substring(rules.area(j.before_area, j.before_bytes, x.area) from 1 for length(x.bytes)) end as was,
            substring(rules.area(j.next_area, j.next_bytes, x.area) from 1 for length(x.bytes)) as has) y
    where j.next_number is not null and array_position(j.next_area, x.area) is not null
        and y.was is distinct from y.has
        and not (j.state = 'undone' and j.kind in ('re-purchase', 'replace-meter') and x.area = j.after_area[1] and x.area like 'V%')
        and not (j.state = 'undone' and x.area like 'R%')    -- a clearing that came to nothing: the meter has written since
        and not exists (
            select from card_job_meter jm
            join meter m on m.id = jm.meter
            join meter_model mm on mm.id = m.model
            join card_area a on a.layout = mm.layout and a.role = 'return'
            where jm.job = j.id and jm.directory <> '' and x.area = rules.file(jm.directory, a.sfi))
$$;

-- What the newest job left on the card says count and amount of the ledger, for the right meter, with the right MAC.
create function admin.broken_card_is_ledger() returns setof text
language plpgsql stable set search_path = onecard, rules, ext, pg_temp as $$
declare
    r record;
    s slot_view;
begin
    for r in
        select distinct on (m.id) m as meter, mm.layout, k.serial, k.customer, j.number, j.after_area, j.after_bytes, jm.count, jm.revision, jm.amount
        from card_job j
        join card_job_meter jm on jm.job = j.id
        join meter m on m.id = jm.meter
        join meter_model mm on mm.id = m.model
        join card k on k.id = j.card
        where j.state = 'done' and j.kind not in ('fill', 'clear-card') and m.state = 'open'
        order by m.id, j.number desc
    loop
        s := rules.view_slot(r.meter, r.layout, case when (r.meter).directory = '' then rules.memory_key(r.serial, r.customer) end,
            r.serial, r.after_area, r.after_bytes);
        if not s.written or (s.count, s.revision, s.amount) is distinct from ((r.meter).purchase_count, (r.meter).revision, (r.meter).last_purchase)
            or (r.count, r.revision, r.amount) is distinct from (s.count, s.revision, s.amount) then
            return next 'meter ' || (r.meter).number || ' job ' || r.number;
        end if;
    end loop;
end $$;

-- Keys went out for attempts that were made, of jobs on cards that need them.
create function admin.broken_key_handouts() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'handout ' || h.id
    from key_handout h
    join card_job j on j.id = h.job
    where h.attempt > j.attempt or j.family <> case h.directory when 'PSC' then '4442' else 'cpu' end
$$;

-- People, customers, settings ----------------------------------------------------------------------------------

-- Customers, cards and meters are as far as their jobs and trades.
create function admin.broken_states() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'customer ' || c.number
    from customer c
    left join (
        select customer, bool_or(kind = 'open' and state = 'effective') as opened, bool_or(state <> 'void') as valid
        from trade
        group by customer) t on t.customer = c.number
    left join (select distinct customer from card_job where kind = 'open' and state in ('pending', 'carried')) j on j.customer = c.number
    left join (select distinct customer from meter where state in ('pending', 'open')) m on m.customer = c.number
    where case c.state
        when 'pending' then j.customer is null
        when 'open' then t.opened is not true
        when 'void' then t.valid is true
        when 'closed' then c.balance <> 0 or m.customer is not null
        else false end
    union all
    select 'card ' || k.id
    from card k
    join customer c on c.number = k.customer
    left join (select distinct card from card_job where state = 'pending') j on j.card = k.id
    where (k.state = 'pending' and j.card is null)
        or (k.state = 'current' and c.state <> 'open')
        or (c.state = 'closed' and k.state not in ('cleared', 'dead', 'void'))
    union all
    select 'meter ' || m.number
    from meter m
    join customer c on c.number = m.customer
    where (m.state = 'pending' and not exists (
            select from card_job_meter jm join card_job j on j.id = jm.job
            where jm.meter = m.id and j.state in ('pending', 'carried')))
        or (m.state = 'open' and (m.purchase_count = 0 or c.state <> 'open'))
$$;

-- The initials that a customer is found by are those of the name.
create function admin.broken_initials() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    with names as materialized (
        select name, onecard.initials(name) as initials
        from (select distinct name from customer) x)
    select 'customer ' || c.number
    from customer c
    join names n on n.name = c.name
    where n.initials <> c.initials
$$;

-- Tiers of a price begin at 1, rise, end without a limit, and have prices.
create function admin.broken_prices() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'price ' || p.name || ' from ' || v.starts_at
    from price_version v
    join price p on p.id = v.price
    left join lateral (
        select count(*) as n, max(tier) as newest, count(*) filter (where upper_limit is null) as unlimited,
            max(tier) filter (where upper_limit is null) as unlimited_at,
            bool_and(upper_limit > below) as rising, bool_and(items > 0) as priced
        from (
            select t.tier, t.upper_limit, lag(t.upper_limit) over (order by t.tier) as below,
                (select count(*) from price_tier_item i where i.version = t.version and i.tier = t.tier) as items
            from price_tier t
            where t.version = v.id) x) t on true
    where t.n is distinct from t.newest or t.unlimited <> 1 or t.unlimited_at <> t.newest or t.rising is false or t.priced is false
        or (not v.tiered and t.n <> 1)
$$;

-- Each operator has the login that his state says, in the operators' group and with no power beside.
create function admin.broken_logins() returns setof text
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select 'operator ' || o.number
    from operator o
    left join pg_roles r on r.rolname = onecard.role_prefix() || '_' || o.number
    where case when o.state = 'deleted' then r.oid is not null
        else r.oid is null or r.rolcanlogin <> (o.state = 'active') or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
            or r.rolbypassrls
            or array(select g.rolname::text from pg_auth_members a join pg_roles g on g.oid = a.roleid where a.member = r.oid)
                <> array[onecard.role_prefix() || '_operator'] end
$$;

-- Operators reach the functions of schema api and nothing else. Each of these fixes its search_path, for itself and for the functions of rules
-- that it calls.
create function admin.broken_grants() returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select p.oid::regprocedure::text
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('onecard', 'rules', 'api', 'admin', 'roles')
        and (exists (
                select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                where a.grantee = 0
                    or (n.nspname <> 'api' and a.grantee = (select oid from pg_roles where rolname = onecard.role_prefix() || '_operator')))
            or n.nspname <> 'rules'
                and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp$')
            or (n.nspname = 'api' and not p.prosecdef))
    union all
    select c.oid::regclass::text
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    cross join lateral aclexplode(c.relacl) a
    where n.nspname in ('onecard', 'rules', 'admin')
        and (a.grantee = 0 or a.grantee = (select oid from pg_roles where rolname = onecard.role_prefix() || '_operator'))
$$;

-- All of them ------------------------------------------------------------------------------------------------

-- A row an invariant: how many findings, and the first three of them.
create function admin.check() returns table (invariant text, broken bigint, sample text)
language plpgsql stable set search_path = onecard, rules, ext, pg_temp as $$
declare
    f record;
begin
    for f in
        select p.proname
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'admin' and starts_with(p.proname, 'broken_')
        order by p.oid
    loop
        invariant := replace(substr(f.proname, length('broken_') + 1), '_', ' ');
        execute format('select count(*), coalesce(string_agg(x, ''; '') filter (where n <= 3), '''')
            from (select x, row_number() over () as n from admin.%I() x) y', f.proname)
        into broken, sample;
        return next;
    end loop;
end $$;
