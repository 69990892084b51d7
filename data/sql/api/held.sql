-- SPDX-License-Identifier: GPL-3.0-or-later
-- Money for a purchase that was not put in a meter, as far as anybody knows: it stays in the customer's balance, held, until the meter's
-- next return data agree. Source: ledger.md, "Unread".

-- What of a balance can be spent: not what is held, nor what unfinished writes already count on.
create function rules.free_balance(p_customer onecard.customer) returns numeric
language plpgsql stable as $$
begin
    return p_customer.balance - (select coalesce(sum(amount), 0) from held where customer = p_customer.number and state in ('held', 'contested'));
end $$;

-- What the effective purchases of a meter, up to a count, put on its cards; a purchase that was reversed put nothing.
create function rules.sold_on(p_meter bigint, p_from int, p_to int) returns numeric
language plpgsql stable as $$
begin
    return (
        select coalesce(sum(t.card_amount), 0)
        from trade t
        where t.meter = p_meter and t.purchase_count between p_from and p_to and t.state = 'effective'
            and not exists (select from trade r where r.reverses = t.number and r.state = 'effective'));
end $$;

-- Judges a meter's held money by return data that are about to be kept. Whoever used what he was paid back for holds more than he was sold.
create function rules.judge_held(p_meter onecard.meter, p_view rules.slot_view) returns void
language plpgsql as $$
declare
    has numeric;
    most numeric;
    says text;
begin
    if not exists (select from held where meter = p_meter.id and state = 'held' and purchase_count <= p_view.return_count) then
        return;
    end if;
    if p_view.credited is not null then
        has := p_view.credited;
        most := rules.sold_on(p_meter.id, 1, p_view.return_count);
    else
        has := p_view.remaining - coalesce(p_view.overdraft, 0);
        most := coalesce(p_meter.return_remaining - coalesce(p_meter.return_overdraft, 0), p_meter.presale)
            + rules.sold_on(p_meter.id, coalesce(p_meter.return_count, 0) + 1, p_view.return_count);
    end if;
    if has <= most then
        update held set state = 'released', decided_at = now()
        where meter = p_meter.id and state = 'held' and purchase_count <= p_view.return_count;
        return;
    end if;
    says := 'meter=' || trim_scale(has) || E'\nledger=' || trim_scale(most);
    update held set state = 'contested', decided_at = now(), detail = says
    where meter = p_meter.id and state = 'held' and purchase_count <= p_view.return_count;
    perform rules.list_conflict(p_meter.id, null, 'held', says);
end $$;
