-- SPDX-License-Identifier: GPL-3.0-or-later
-- Card layouts say themselves which file is the wallet, which the return file, and which update flags follow which values;
-- one may serve several types of meter.

alter table onecard.card_layout
    drop column meter_type,
    add column meter_types int[] not null default '{}';    -- empty: any

-- role: parameters, prices, ladder, wallet, return; '' on memory cards. price_set: which price a file of prices is for.
-- empty: its fields that are gone when the return file is empty. fixed: what the seller always writes, by the field's name.
alter table onecard.card_area
    add column role text not null default '' check (role in ('', 'parameters', 'prices', 'ladder', 'wallet', 'return')),
    add column price_set int check (price_set in (1, 2)),
    add column empty text[] not null default '{}',
    add column fixed jsonb not null default '{}';

-- base: the name without the number of a repeated field.
alter table onecard.card_field
    add column base text not null default '';

-- What each bit of the update flags stands for: all fields of that base, or the whole file where field is ''.
create table onecard.card_update_bit (
    layout text not null,
    bit int not null check (bit between 0 and 7),
    ord int not null,
    area text not null,
    field text not null,
    primary key (layout, bit, ord),
    foreign key (layout, area) references onecard.card_area on delete cascade
);

