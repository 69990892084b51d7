-- SPDX-License-Identifier: GPL-3.0-or-later
-- What runs at commit, when the settings of the act on a card are gone, keeps its plan as these do (api/cards.sql).
alter function onecard.guard_trade_balance() set enable_seqscan = off;
