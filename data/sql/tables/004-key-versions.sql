-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keys have versions that come into force at a time of their own, and are loaded in two components by two people. The code of
-- SLE4442 cards is one of them.

alter table onecard.card_key
    drop constraint card_key_purpose_check,
    drop constraint card_key_secret_check,
    add column in_force_at timestamptz not null default now(),
    add constraint card_key_purpose_check check (purpose in ('cpu-internal', 'cpu-external', 'cpu-mac', 'memory-area', 'memory-psc')),
    add constraint card_key_secret_check check (
        length(secret) = case purpose when 'memory-area' then 32 when 'memory-psc' then 3 else 16 end
        or (purpose = 'memory-area' and length(secret) = 16));

-- The first of two components, until another operator gives the second.
create table onecard.card_key_part (
    purpose text primary key check (purpose in ('cpu-internal', 'cpu-external', 'cpu-mac', 'memory-area', 'memory-psc')),
    operator int not null references onecard.operator,
    component bytea not null,
    in_force_at timestamptz,
    given_at timestamptz not null default now()
);
