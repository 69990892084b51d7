-- SPDX-License-Identifier: GPL-3.0-or-later
-- A customer's newest trades come from the index in the order in which they are shown, however many he has; and the keys of a card
-- are found by when its serial was first seen, whatever became of that card.
drop index onecard.trade_customer;
create index trade_customer on onecard.trade (customer, at desc, number desc);
create index card_serial on onecard.card (serial, created_at);
