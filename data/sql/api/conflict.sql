-- SPDX-License-Identifier: GPL-3.0-or-later
-- What does not fit bars its meter until it is decided: by an administrator, with a second person. Source: ledger.md, "Unread", Card jobs.

-- Takes what is contested on a meter out of its customer's balance, for good; the trade that does, null: nothing is contested (any more). Whoever used what he was paid back for pays it
-- so after all.
create function rules.withhold(p_me onecard.operator, p_request uuid, p_meter onecard.meter) returns bigint
language plpgsql as $$
declare
    total numeric;
    n bigint;
begin
    select coalesce(sum(amount), 0) into total from held where meter = p_meter.id and state = 'contested';
    if total = 0 then
        return null;
    end if;
    insert into trade (kind, state, request_id, customer, meter, sub_meter, due, received, balance_change, operator, branch, station)
    values ('balance', 'effective', p_request, p_meter.customer, p_meter.id, p_meter.sub_meter, 0, 0, -total, p_me.number, p_me.branch, rules.my_station())
    returning number into n;
    insert into trade_line (trade, line, account, amount) values (n, 1, 'balance', -total), (n, 2, 'withheld', total);
    update held set state = 'withheld', decided_at = now() where meter = p_meter.id and state = 'contested';
    update customer set balance = balance - total where number = p_meter.customer;
    return n;
end $$;

-- Refuses a decision that does not go with what is listed: money is released or withheld (OC181), anything else is put aside, but not what
-- the meter still is ahead by (OC182).
create function rules.check_decision(p_conflict onecard.conflict, p_meter onecard.meter, p_decision text) returns void
language plpgsql stable as $$
begin
    if p_decision is null or p_decision not in ('release', 'withhold', 'dismiss') or (p_decision = 'dismiss') = (p_conflict.reason = 'held') then
        perform rules.refuse('OC181');
    end if;
    if p_conflict.reason = 'ahead' and p_meter.return_count > p_meter.purchase_count then
        perform rules.refuse('OC182', 'card', p_meter.return_count::text, 'ledger', p_meter.purchase_count::text);
    end if;
end $$;

-- Decides an open conflict. 'release': contested money is the customer's again. 'withhold': it is the seller's. 'dismiss': somebody looked at it,
-- nothing is to be done. Repeated, the same request answers the same. OC005, OC161, OC180-183.
create function api.conflict_decide(p_request uuid, p_conflict bigint, p_decision text, p_note text)
returns table (conflict bigint, decision text, note text, approved_by bigint, customer bigint, trade bigint, amount numeric)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    me operator;
    k onecard.conflict;
    m meter;
    why constant text := btrim(coalesce(p_note, ''));
    dig constant bytea := digest(jsonb_build_array('conflict', p_conflict, p_decision, why)::text, 'sha256');
begin
    perform rules.need('unfinished-all');
    me := rules.me();
    if length(why) not between 1 and 200 then
        perform rules.refuse('OC161', 'field', 'note');
    end if;
    select * into k from onecard.conflict x where x.id = p_conflict for update;
    if k.id is null or k.state <> 'open' and k.request_id is distinct from p_request then
        perform rules.refuse('OC180');
    end if;
    select * into m from meter x where x.id = k.meter;
    if k.state = 'open' then
        perform from onecard.customer x where x.number = m.customer for update;
        select * into m from meter x where x.id = k.meter;
        perform rules.check_decision(k, m, p_decision);
        perform rules.need_approval(p_request, dig, '', 'OC183');
        if p_decision = 'release' then
            update held set state = 'released', decided_at = now() where held.meter = m.id and held.state = 'contested';
        elsif p_decision = 'withhold' then
            k.trade := rules.withhold(me, p_request, m);
        end if;
        update onecard.conflict x
        set state = 'settled', decided_at = now(), decision = p_decision, note = why, operator = me.number,
            approved_by = rules.approved_by(p_request, dig), request_id = p_request, trade = k.trade
        where x.id = k.id
        returning * into k;
    elsif (k.operator, k.decision, k.note) is distinct from (me.number, p_decision, why) then
        perform rules.refuse('OC005');
    end if;
    return query
    select k.id, k.decision, k.note, k.approved_by::bigint, m.customer, k.trade, coalesce(-(select t.balance_change from onecard.trade t where t.number = k.trade), 0);
end $$;
