-- SPDX-License-Identifier: GPL-3.0-or-later
-- The trail is read by transaction; and months and years begin where the site is, whatever zone a session sets.

create index change_transaction on onecard.change (transaction);

alter table onecard.meta add column time_zone text not null default current_setting('TimeZone');
