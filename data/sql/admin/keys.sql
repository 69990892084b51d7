-- SPDX-License-Identifier: GPL-3.0-or-later
-- Master keys. Schema admin is the owner's alone; no operator reaches it. Source: ledger.md, Keys; cards.md 5.

-- New random keys of every purpose. Refused once a card was issued (OC070): its keys come from these.
create function admin.make_keys() returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
begin
    lock table card_key in share row exclusive mode;
    if exists (select from card where state <> 'void') then
        perform rules.refuse('OC070');
    end if;
    insert into card_key (purpose, version, secret)
    select p.purpose, coalesce((select max(k.version) from card_key k where k.purpose = p.purpose), 0) + 1, gen_random_bytes(p.size)
    from (values ('cpu-internal', 16), ('cpu-external', 16), ('cpu-mac', 16), ('memory-area', 32), ('memory-psc', 3)) p(purpose, size);
end $$;

-- The newest keys in force, for simulated cards and meters of this database; real ones never need this.
create function admin.sim_keys() returns table (purpose text, version bigint, secret bytea)
language sql stable set search_path = onecard, rules, ext, pg_temp as $$
    select distinct on (k.purpose) k.purpose, k.version::bigint, k.secret
    from card_key k
    where k.in_force_at <= now()
    order by k.purpose, k.version desc
$$;
