-- SPDX-License-Identifier: GPL-3.0-or-later
-- What does not fit is decided by an administrator with a second person, once. Source: ledger.md, "Unread", Card jobs.

alter table onecard.conflict
    add column decided_at timestamptz,
    add column decision text check (decision in ('release', 'withhold', 'dismiss')),
    add column note text not null default '',
    add column operator int references onecard.operator,
    add column approved_by int references onecard.operator,
    add column request_id uuid unique,
    add column trade bigint references onecard.trade,    -- withhold: which took the money out of the balance
    add constraint conflict_decided check ((state = 'settled') = (decision is not null and decided_at is not null));

-- Money that a customer used after it had been paid back to him, and that stays with the seller.
alter table onecard.held drop constraint held_state_check,
    add constraint held_state_check check (state in ('held', 'released', 'contested', 'paid', 'withheld'));
alter table onecard.trade_line drop constraint trade_line_account_check,
    add constraint trade_line_account_check check (account in ('cash', 'bankcard', 'wechat', 'alipay', 'transfer', 'balance',
        'item', 'presale', 'opening-fee', 'replacement-fee', 'meter-change-fee', 'withheld'));

create or replace function onecard.guard_held() returns trigger
language plpgsql set search_path = onecard, pg_temp as $$
begin
    if (old.trade, old.customer, old.meter, old.purchase_count, old.amount) is distinct from (new.trade, new.customer, new.meter, new.purchase_count, new.amount)
        or old.state in ('released', 'paid', 'withheld') then
        raise exception 'held money of trade % can not be changed', old.trade;
    end if;
    return new;
end $$;

-- Decided once, never deleted.
create function onecard.guard_conflict() returns trigger
language plpgsql set search_path = onecard, pg_temp as $$
begin
    if old.state = 'settled' or (old.id, old.meter, old.job, old.at, old.reason, old.detail)
            is distinct from (new.id, new.meter, new.job, new.at, new.reason, new.detail) then
        raise exception 'conflict % can not be changed', old.id;
    end if;
    return new;
end $$;
create trigger conflict_guard before update on onecard.conflict for each row execute function onecard.guard_conflict();
create trigger conflict_keep before delete on onecard.conflict for each row execute function onecard.refuse_change();
create trigger conflict_audit after update on onecard.conflict for each row execute function onecard.write_audit('id', 'conflicts');
