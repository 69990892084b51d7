-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a new database begins with: the first operator, or the demo with the data of the manual. Owner only; may be
-- run again.

-- The SCRAM-SHA-256 verifier (RFC 5802, 7677) of a password that everybody knows anyway: 1001 of the first login and
-- of the demo. Passwords of people become verifiers on the station.
create function admin.known_verifier(p_password text) returns text
language plpgsql set search_path = ext, pg_catalog, pg_temp as $$
declare
    pass constant bytea := convert_to(p_password, 'UTF8');
    salt constant bytea := gen_random_bytes(16);
    rounds constant int := 4096;
    u bytea := hmac(salt || '\x00000001'::bytea, pass, 'sha256');
    sum bit(256) := ('x' || encode(u, 'hex'))::bit(256);
    salted bytea;
begin
    for i in 2 .. rounds loop
        u := hmac(u, pass, 'sha256');
        sum := sum # ('x' || encode(u, 'hex'))::bit(256);
    end loop;
    select decode(string_agg(lpad(to_hex(substring(sum from i * 32 + 1 for 32)::bit(32)::bigint), 8, '0'), '' order by i), 'hex')
    into salted
    from generate_series(0, 7) i;
    return 'SCRAM-SHA-256$' || rounds || ':' || encode(salt, 'base64')
        || '$' || encode(digest(hmac('Client Key', salted, 'sha256'), 'sha256'), 'base64')
        || ':' || encode(hmac('Server Key', salted, 'sha256'), 'base64');
end $$;

-- An operator and his login; one who exists already keeps everything. In a database that shares its roles with
-- another (a clone) the login may be there before the operator.
create function admin.create_operator(p_number bigint, p_branch bigint, p_role text, p_name text, p_sex text, p_phone text, p_verifier text,
    p_must_change boolean)
returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
begin
    if exists (select from operator where number = p_number) then
        return;
    end if;
    insert into operator (number, branch, role, name, sex, phone, must_change, verifier)
    values (p_number, p_branch, (select id from role where name = p_role), p_name, p_sex, p_phone, p_must_change, p_verifier);
    if exists (select from pg_roles where rolname = onecard.role_prefix() || '_' || p_number) then
        perform roles.set_password(p_number, p_verifier);
        perform roles.unlock_login(p_number);
    else
        perform roles.create_login(p_number, p_verifier);
    end if;
end $$;

-- Branch 1001, the administrator's role, operator 1001 with password 1001, random keys.
create function admin.init_base(p_must_change boolean) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform admin.set_time_zone(null);
    insert into branch (number, name) values (1001, '默认网点') on conflict do nothing;
    insert into role (name, is_administrator) values ('管理员', true) on conflict do nothing;
    if not exists (select from operator where number = 1001) then
        perform admin.create_operator(1001, 1001, '管理员', '管理员', 'male', '', admin.known_verifier('1001'), p_must_change);
    end if;
    if not exists (select from card_key) then
        perform admin.make_keys();
    end if;
end $$;

-- A site's own database: the rest is typed in. The first login must choose a new password.
create function admin.init_basic() returns void
language sql set search_path = onecard, rules, ext, pg_temp as $$
    select admin.init_base(true)
$$;

-- A price with one version of one item, in force since the beginning.
create function admin.flat_price(p_meter_type int, p_name text, p_item text, p_unit_price numeric) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    i int;
    p int;
    v int;
begin
    insert into price_item (meter_type, name) values (p_meter_type, p_item) on conflict do nothing;
    select id into i from price_item where meter_type = p_meter_type and name = p_item;
    insert into price (meter_type, name) values (p_meter_type, p_name) returning id into p;
    insert into price_version (price, starts_at) values (p, timestamptz '2015-01-01 00:00:00+08') returning id into v;
    insert into price_tier (version, tier) values (v, 1);
    insert into price_tier_item (version, tier, item, unit_price) values (v, 1, i, p_unit_price);
end $$;

-- A price with one version of several tiers a year. p_prices: a row a tier, a column an item; p_limits: one less than the tiers.
create function admin.tiered_price(p_meter_type int, p_name text, p_items text[], p_limits numeric[], p_prices numeric[], p_base_persons int,
    p_per_person numeric)
returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    p int;
    v int;
begin
    insert into price_item (meter_type, name) select p_meter_type, i from unnest(p_items) i on conflict do nothing;
    insert into price (meter_type, name) values (p_meter_type, p_name) returning id into p;
    insert into price_version (price, starts_at, tiered, period, base_persons, per_person)
    values (p, timestamptz '2015-01-01 00:00:00+08', true, 'year', p_base_persons, p_per_person)
    returning id into v;
    for t in 1 .. array_length(p_prices, 1) loop
        insert into price_tier (version, tier, upper_limit) values (v, t, p_limits[t]);
        insert into price_tier_item (version, tier, item, unit_price)
        select v, t, i.id, p_prices[t][n]
        from generate_subscripts(p_items, 1) n
        join price_item i on i.meter_type = p_meter_type and i.name = p_items[n];
    end loop;
end $$;

-- The demo: the manual's own settings (系统设置) and operator 1002.
create function admin.init_demo() returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform admin.init_base(false);
    if exists (select from meter_model) then
        return;
    end if;
    update parameters
    set card_family = '24c', area_number = 0, opening_fee = 10, replacement_fee = 10, meter_change_fee = 100, allow_balance = true;
    update unit set name = '一卡通示范公司', address = '示范路1号', phone = '0000-12345678', email = 'service@example.com';
    insert into sub_meter_slot (slot, meter_type) values (1, 1), (2, 2), (3, 2), (4, 1), (5, 4), (6, 3), (7, 5), (8, 2);
    insert into meter_model (meter_type, name, layout, chip, step, bore) values
        (1, 'RT-dt', 'cpu-electricity-63', 'cpu', 0.01, null),
        (2, '24C04接触式冷水表', 'mem-24c', '24c04', 0.1, 25),
        (2, '24C16接触式冷水表', 'mem-24c', '24c16', 0.1, 20),
        (1, 'CPU卡阶梯电表', 'cpu-electricity-2013', 'cpu', 0.01, null),
        (2, 'CPU卡冷水表', 'cpu-water', 'cpu', 0.1, 20),
        (4, 'CPU卡热水表', 'cpu-water', 'cpu', 0.1, 20),
        (3, 'CPU卡燃气表', 'cpu-gas', 'cpu', 0.01, 25),
        (5, 'CPU卡热量表', 'cpu-heat', 'cpu', 1, null);
    insert into user_type (name, meter_type, alarm_1, alarm_2, hoarding, presale, purchase_limit) values
        ('居民用电', 1, 100, 10, 1000, 100, 500),
        ('居民用水', 2, 10, 5, 2000, 3, 1000),
        ('居民热水', 4, 5, 2, 2000, 3, 500),
        ('居民用气', 3, 50, 10, 5000, 20, 1000),
        ('居民采暖', 5, 200, 50, 50000, 100, 20000);
    perform admin.flat_price(1, '居民电价', '电价', 0.4885);
    perform admin.flat_price(2, '居民水价', '水价', 4);
    perform admin.tiered_price(2, '居民阶梯水价', '{水价,污水处理费}', '{180,260}', '{{2.07,1.36},{4.07,1.36},{6.07,1.36}}', 3, 48);
    perform admin.flat_price(4, '居民热水价', '热水价', 20);
    perform admin.flat_price(3, '居民气价', '气价', 2.5);
    perform admin.flat_price(5, '居民热价', '热价', 0.25);
    perform admin.tiered_price(1, '居民阶梯电价', '{电价}', '{2520,4800}', '{{0.4883},{0.5383},{0.7883}}', 0, 0);
    perform admin.tiered_price(3, '居民阶梯气价', '{气价}', '{300,600}', '{{2.5},{3},{3.75}}', 3, 80);

    insert into branch (number, name) values (1002, '1号营业厅');
    insert into role (name) values ('营业员');
    insert into role_permission (role, permission)
    select r.id, p.code
    from role r
    join permission p on p.code in ('open-account', 'purchase', 'replace-card', 'read-card', 're-purchase', 'replace-meter', 'clear-card',
        'close-account', 'unfinished', 'pre-registered', 'reprint', 'settlement', 'query', 'edit-customer', 'balance')
    where r.name = '营业员';
    perform admin.create_operator(1002, 1002, '营业员', '无名', 'male', '18612345678', admin.known_verifier('1002'), false);
end $$;
