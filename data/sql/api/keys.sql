-- SPDX-License-Identifier: GPL-3.0-or-later
-- Loading keys: two people, a component each, neither of whom learns the key. A new version comes into force at a time; the
-- ones before it stay, to read what was written with them. No key leaves through here. Source: ledger.md, Keys; cards.md 5.

-- By which two people see that they mean the same bytes: the first three bytes of eight zeros under the key (3DES), of a MAC over
-- them (area key). None for a code of three bytes: it could be found from it.
create function rules.key_check_value(p_purpose text, p_secret bytea) returns text
language plpgsql stable as $$
declare
    zeros constant bytea := '\x0000000000000000';
begin
    return case
        when p_purpose = 'memory-psc' then ''
        when p_purpose = 'memory-area' then upper(encode(substring(hmac(zeros, p_secret, 'sha256') from 1 for 3), 'hex'))
        else upper(encode(substring(rules.des3(p_secret, zeros) from 1 for 3), 'hex')) end;
end $$;

create function rules.key_length(p_purpose text) returns int
language plpgsql immutable as $$
begin
    return case p_purpose when 'cpu-internal' then 16 when 'cpu-external' then 16 when 'cpu-mac' then 16
        when 'memory-area' then 32 when 'memory-psc' then 3 end;
end $$;

create function rules.xor_bytes(p_a bytea, p_b bytea) returns bytea
language plpgsql immutable as $$
declare
    x bytea := p_a;
begin
    for i in 0 .. length(p_a) - 1 loop
        x := set_byte(x, i, get_byte(p_a, i) # get_byte(p_b, i));
    end loop;
    return x;
end $$;

create function rules.audit_key(p_what text, p_purpose text, p_after jsonb) returns void
language sql as $$
    insert into audit (operator, station, what, key, before, after)
    values (session_user, coalesce(current_setting('onecard.station', true), ''), p_what, p_purpose, null, p_after)
$$;

-- Every version of every key, newest first, without the keys. state: in-force, waiting, old, or missing. given_by: who gave
-- the first component of the next version, while the second is missing.
create function api.key_status()
returns table (purpose text, bytes bigint, version bigint, state text, in_force_at timestamptz, check_value text, given_by bigint, given_at timestamptz)
language plpgsql stable security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
begin
    perform rules.need('keys');
    return query
    select p.purpose, rules.key_length(p.purpose)::bigint, k.version::bigint,
        case
            when k.version is null then 'missing'
            when k.in_force_at > now() then 'waiting'
            when exists (select from card_key n where n.purpose = k.purpose and n.version > k.version and n.in_force_at <= now()) then 'old'
            else 'in-force' end,
        k.in_force_at, rules.key_check_value(k.purpose, k.secret), x.operator::bigint, x.given_at
    from unnest(array['cpu-internal', 'cpu-external', 'cpu-mac', 'memory-area', 'memory-psc']) with ordinality p(purpose, ord)
    left join card_key k on k.purpose = p.purpose
    left join card_key_part x on x.purpose = p.purpose and k.version is not distinct from (select max(version) from card_key y where y.purpose = p.purpose)
    order by p.ord, k.version desc;
end $$;

-- One component of the next version of a key. The first person's is kept until another operator gives the second; then the key
-- is both, bit by bit. The same person's again replaces it. p_in_force_at null: at once. Answers with the check value of the
-- component, and of the key when it is whole (version not null). OC070: cards with this code are in use. OC072: no such
-- key, or another length. OC073: this key is loaded already. OC074: the components are the same.
create function api.key_component(p_purpose text, p_component bytea, p_in_force_at timestamptz)
returns table (purpose text, component_check text, version bigint, check_value text, in_force_at timestamptz)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
#variable_conflict use_column
declare
    me operator;
    part card_key_part;
    k card_key;
    wanted constant int := rules.key_length(p_purpose);
    known int;
begin
    perform rules.need('keys');
    me := rules.me();
    if wanted is null or p_component is null or length(p_component) <> wanted then
        perform rules.refuse('OC072', 'purpose', p_purpose, 'bytes', coalesce(wanted, 0)::text);
    end if;
    lock table card_key in share row exclusive mode;
    if p_purpose = 'memory-psc' and exists (select from card_key c where c.purpose = p_purpose)
        and exists (select from card where family = '4442' and state <> 'void') then
        perform rules.refuse('OC070');
    end if;
    select * into part from card_key_part c where c.purpose = p_purpose and c.operator <> me.number;
    if part.purpose is null then
        insert into card_key_part (purpose, operator, component, in_force_at)
        values (p_purpose, me.number, p_component, p_in_force_at)
        on conflict on constraint card_key_part_pkey do update
        set component = excluded.component, in_force_at = excluded.in_force_at, given_at = now();
        perform rules.audit_key('key_component', p_purpose, jsonb_build_object('by', me.number));
        return query select p_purpose, rules.key_check_value(p_purpose, p_component), null::bigint, null::text, p_in_force_at;
        return;
    end if;
    if part.component = p_component then
        perform rules.refuse('OC074');
    end if;
    k.purpose := p_purpose;
    k.secret := rules.xor_bytes(part.component, p_component);
    k.in_force_at := greatest(coalesce(part.in_force_at, p_in_force_at), now());
    select c.version into known from card_key c where c.purpose = p_purpose and c.secret = k.secret;
    if known is not null then
        perform rules.refuse('OC073', 'version', known::text);
    end if;
    -- a later version is never in force before an earlier one
    select coalesce(max(c.version), 0) + 1, greatest(k.in_force_at, max(c.in_force_at)) into k.version, k.in_force_at
    from card_key c
    where c.purpose = p_purpose;
    insert into card_key (purpose, version, secret, in_force_at) values (k.purpose, k.version, k.secret, k.in_force_at);
    delete from card_key_part c where c.purpose = p_purpose;
    perform rules.audit_key('card_key', p_purpose, jsonb_build_object('version', k.version, 'in_force_at', k.in_force_at,
        'check_value', rules.key_check_value(p_purpose, k.secret), 'by', jsonb_build_array(part.operator, me.number)));
    return query select p_purpose, rules.key_check_value(p_purpose, p_component), k.version::bigint,
        rules.key_check_value(p_purpose, k.secret), k.in_force_at;
end $$;
