-- SPDX-License-Identifier: GPL-3.0-or-later
-- The other card acts: one job may carry another one's card on to a new card, and money for a purchase that no meter has proved unused
-- is held. Source: ledger.md, Card jobs, "Unread".

-- A job whose card was lost before its outcome was proven is carried over: it waits until the replacement is proven, and ends with it.
alter table onecard.card_job drop constraint card_job_state_check,
    add constraint card_job_state_check check (state in ('pending', 'carried', 'done', 'undone')),
    add column carries uuid references onecard.card_job,         -- replace-card: the job that it carries over
    add column old_card bigint references onecard.card,          -- replace-card: the card that it replaces, and what that one was
    add column old_card_state text,
    add column old_meter bigint references onecard.meter,        -- replace-meter
    add constraint card_job_old_card check ((old_card is null) = (old_card_state is null));
create index card_job_carried on onecard.card_job (customer) where state = 'carried';

-- What of a refund stays in the customer's balance until the meter's next return data agree; the trade's balance_change has it too.
alter table onecard.trade add column held numeric(14,4) not null default 0 check (held >= 0);

create table onecard.held (
    trade bigint primary key references onecard.trade,
    customer bigint not null references onecard.customer,
    meter bigint not null references onecard.meter,
    purchase_count int not null,                 -- of the purchase that the money is for
    amount numeric(14,4) not null check (amount > 0),
    state text not null default 'held' check (state in ('held', 'released', 'contested', 'paid')),
    decided_at timestamptz,                      -- null: held
    detail text not null default '',             -- contested: what the meter says, and what the ledger
    constraint held_decided check ((state = 'held') = (decided_at is null))
);
create index held_open on onecard.held (customer) where state in ('held', 'contested');
create index held_meter on onecard.held (meter) where state = 'held';

-- Decided once; contested money may still be released or paid by a second person.
create function onecard.guard_held() returns trigger
language plpgsql set search_path = onecard, pg_temp as $$
begin
    if (old.trade, old.customer, old.meter, old.purchase_count, old.amount) is distinct from (new.trade, new.customer, new.meter, new.purchase_count, new.amount)
        or old.state in ('released', 'paid') then
        raise exception 'held money of trade % can not be changed', old.trade;
    end if;
    return new;
end $$;
create trigger held_guard before update on onecard.held for each row execute function onecard.guard_held();
create trigger held_keep before delete on onecard.held for each row execute function onecard.refuse_change();
