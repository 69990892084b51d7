-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may not buy: barring and releasing a meter or a customer, and who is suspect.

-- Brings what a sale looks at to what the list says.
create function rules.set_barred(p_customer bigint) returns void
language sql as $$
    update meter
    set barred = onecard.barred_by(customer, id)
    where customer = p_customer and barred is distinct from onecard.barred_by(customer, id)
$$;

create function rules.check_reason(p_reason text) returns text
language plpgsql stable as $$
declare
    reason constant text := rules.check_text(p_reason, 200, 'reason');
begin
    if reason = '' then
        perform rules.refuse('OC161');
    end if;
    return reason;
end $$;

-- The customer's meter in use of that number, null for null (all of them); OC162 none.
create function rules.meter_of(p_customer bigint, p_meter text) returns bigint
language plpgsql stable as $$
declare
    m bigint;
begin
    if p_meter is not null then
        select id into m from meter where customer = p_customer and number = lpad(btrim(p_meter), 12, '0') and state in ('pending', 'open');
        if m is null then
            perform rules.refuse('OC162', 'meter', p_meter);
        end if;
    end if;
    return m;
end $$;

-- Bars a meter, or (null) all of the customer's, from buying. OC163: barred already.
create function api.blacklist_add(p_customer bigint, p_meter text, p_reason text) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c customer;
    m bigint;
    reason text;
begin
    perform rules.need('blacklist');
    reason := rules.check_reason(p_reason);
    c := rules.customer_for_change(p_customer);
    m := rules.meter_of(c.number, p_meter);
    if exists (select from blacklist where customer = c.number and coalesce(meter, 0) = coalesce(m, 0) and released_at is null) then
        perform rules.refuse('OC163');
    end if;
    insert into blacklist (customer, meter, reason, operator) values (c.number, m, reason, (rules.me()).number);
    perform rules.set_barred(c.number);
end $$;

-- Lets it buy again. OC164: it is not barred.
create function api.blacklist_remove(p_customer bigint, p_meter text, p_reason text) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
declare
    c customer;
    m bigint;
    why text;
begin
    perform rules.need('blacklist');
    why := rules.check_reason(p_reason);
    c := rules.customer_for_change(p_customer);
    m := rules.meter_of(c.number, p_meter);
    update blacklist
    set released_at = now(), released_by = (rules.me()).number, release_reason = why
    where customer = c.number and coalesce(meter, 0) = coalesce(m, 0) and released_at is null;
    if not found then
        perform rules.refuse('OC164');
    end if;
    perform rules.set_barred(c.number);
end $$;

-- Who is barred now, newest first. meter '': all of the customer's.
create function api.blacklist()
returns table (
    entry bigint, customer bigint, name text, address text, sub_meter bigint, meter text, last_purchase numeric, last_purchase_at timestamptz,
    reason text, at timestamptz, operator bigint, operator_name text)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
begin
    perform rules.need_any('blacklist', 'query');
    return query
    select x.id, c.number, c.name, c.address, m.sub_meter::bigint, coalesce(m.number, ''), m.last_purchase, m.last_purchase_at,
        x.reason, x.at, o.number::bigint, o.name
    from onecard.blacklist x
    join onecard.customer c on c.number = x.customer
    join onecard.operator o on o.number = x.operator
    left join onecard.meter m on m.id = x.meter
    where x.released_at is null
    order by x.id desc;
end $$;

-- Meters in use that are not barred and give cause for a question, the oldest purchase first, p_limit (1000) at most. cause: 'no-purchase' for
-- p_days days, 'not-inserted' for as long, or return data that do not fit: 'ahead' (more purchases than were sold), 'remaining' (more left
-- than was ever bought), 'credited' (more taken than was sold), 'gap' (a purchase that the meter never answered).
create function api.blacklist_suspects(p_days bigint, p_limit bigint)
returns table (
    cause text, customer bigint, name text, address text, phone text, sub_meter bigint, meter text, unit text, last_purchase numeric,
    last_purchase_at timestamptz, total_bought numeric, purchase_count bigint, return_count bigint, remaining numeric, credited numeric, return_time timestamptz)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    before constant timestamptz := now() - least(greatest(coalesce(p_days, 180), 1), 36500)::int * interval '1 day';
begin
    perform rules.need('blacklist');
    return query
    select s.cause, c.number, c.name, c.address, c.phone, m.sub_meter::bigint, m.number, t.unit, m.last_purchase, m.last_purchase_at, m.total_bought,
        m.purchase_count::bigint, m.return_count::bigint, m.return_remaining, m.return_credited, m.return_time
    from onecard.meter m
    cross join lateral (
        select case
            when m.return_count > m.purchase_count then 'ahead'
            when m.return_remaining > m.total_bought + m.presale then 'remaining'
            when m.return_credited > m.total_bought + m.presale then 'credited'
            when exists (
                select from observation o
                where o.meter = m.id and o.count > 1
                    and not exists (select from observation b where b.meter = m.id and b.count = o.count - 1)
                    and exists (select from observation b where b.meter = m.id and b.count < o.count - 1)) then 'gap'
            when m.last_purchase_at < before and coalesce(m.return_count, 0) < m.purchase_count then 'not-inserted'
            when m.last_purchase_at < before then 'no-purchase' end as cause) s
    join onecard.customer c on c.number = m.customer
    join meter_model mm on mm.id = m.model
    join meter_type t on t.code = mm.meter_type
    where m.state = 'open' and m.barred is null and s.cause is not null
    order by m.last_purchase_at, m.id
    limit least(greatest(coalesce(p_limit, 1000), 1), 1000);
end $$;
