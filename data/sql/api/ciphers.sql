-- SPDX-License-Identifier: GPL-3.0-or-later
-- The keys of cards and the MACs of their records. No key leaves through here. Sources: cards.md 2, 3 and 5.

-- AES-128-CMAC (RFC 4493); pgcrypto has the block cipher only. Arithmetic on bit strings: a dozen MACs a sale, each a few microseconds.
create function rules.cmac(p_key bytea, p_message bytea) returns bytea
language plpgsql immutable as $$
declare
    zero constant bytea := '\x00000000000000000000000000000000';
    n constant int := greatest(1, (length(p_message) + 15) / 16);
    last bytea := substring(p_message from (n - 1) * 16 + 1);
    whole constant boolean := length(last) = 16;
    k bit(128) := ('x' || encode(encrypt(zero, p_key, 'aes-ecb/pad:none'), 'hex'))::bit(128);
begin
    -- doubled in GF(2^128) once for a whole last block, twice for a padded one
    for i in 1 .. case when whole then 1 else 2 end loop
        k := (k << 1) # case when get_bit(k, 0) = 1 then 135 else 0 end::bit(128);
    end loop;
    if not whole then
        last := last || '\x80'::bytea || decode(repeat('00', 15 - length(last)), 'hex');
    end if;
    k := k # ('x' || encode(last, 'hex'))::bit(128);
    last := int8send(substring(k from 1 for 64)::bit(64)::bigint) || int8send(substring(k from 65)::bit(64)::bigint);
    return substring(encrypt_iv(substring(p_message from 1 for (n - 1) * 16) || last, p_key, zero, 'aes-cbc/pad:none')
        from (n - 1) * 16 + 1 for 16);
end $$;

create function rules.des3(p_key bytea, p_data bytea) returns bytea
language sql immutable
-- pgcrypto wants 24 bytes always; with 16 it answers wrongly without an error
return ext.encrypt(p_data, p_key || substring(p_key from 1 for 8), '3des-ecb/pad:none');

create function rules.secret(p_purpose text) returns bytea
language plpgsql stable as $$
declare
    k bytea;
begin
    select secret into k from card_key where purpose = p_purpose and in_force_at <= now() order by version desc limit 1;
    if k is null then
        perform rules.refuse('OC071');
    end if;
    return k;
end $$;

-- A CPU card's own key: 3DES(MK, F) ‖ 3DES(MK, ¬F), F its serial.
create function rules.cpu_key_of(p_master bytea, p_serial bytea) returns bytea
language plpgsql immutable as $$
declare
    key constant bytea := p_master || substring(p_master from 1 for 8);   -- as in des3
begin
    return encrypt(p_serial, key, '3des-ecb/pad:none') || encrypt(int8send(~ rules.get_number(p_serial, 0, 8)), key, '3des-ecb/pad:none');
end $$;

-- Its keys are the ones that it was personalised with: of the versions in force when it was first issued; the first one, where none
-- was yet.
create function rules.cpu_keys(p_serial bytea, variadic p_purposes text[]) returns bytea[]
language plpgsql stable as $$
declare
    seen constant timestamptz := coalesce((select min(created_at) from card where serial = p_serial), now());
    keys bytea[];
    p text;
    k bytea;
begin
    foreach p in array p_purposes loop
        select secret into k
        from card_key
        where purpose = p
        order by in_force_at <= seen desc, case when in_force_at <= seen then -version else version end
        limit 1;
        if k is null then
            perform rules.refuse('OC071');
        end if;
        keys := keys || rules.cpu_key_of(k, p_serial);
    end loop;
    return keys;
end $$;

create function rules.cpu_key(p_purpose text, p_serial bytea) returns bytea
language sql stable
return (rules.cpu_keys(p_serial, p_purpose))[1];

create function rules.customer_digits(p_customer bigint) returns bytea
language sql immutable
return decode(lpad(p_customer::text, 12, '0'), 'hex');

-- A memory card's own keys, 16 bytes each, one a version of the area key that is or was in force, the newest first: it writes, all
-- of them read.
create function rules.memory_key(p_card_id bytea, p_customer bigint) returns bytea
language plpgsql stable as $$
declare
    k bytea;
begin
    select string_agg(substring(hmac(p_card_id || rules.customer_digits(p_customer), secret, 'sha256') from 1 for 16), ''::bytea order by version desc)
    into k
    from card_key
    where purpose = 'memory-area' and in_force_at <= now();
    if k is null then
        perform rules.refuse('OC071');
    end if;
    return k;
end $$;

-- The MAC of a memory record: over kind, slot, copy, card id, meter number and the record without its MAC.
create function rules.record_mac(p_key bytea, p_kind text, p_slot int, p_copy int, p_card_id bytea, p_meter text, p_record bytea, p_length int) returns bytea
language plpgsql stable as $$
begin
    return substring(rules.cmac(substring(p_key from 1 for 16), convert_to(p_kind, 'UTF8') || substring(int8send(p_slot) from 8) || substring(int8send(p_copy) from 8)
        || p_card_id || decode(p_meter, 'hex') || substring(p_record from 1 for length(p_record) - p_length)) from 1 for p_length);
end $$;

-- The record with its MAC in place.
create function rules.seal_record(p_key bytea, p_kind text, p_slot int, p_copy int, p_card_id bytea, p_meter text, p_record bytea, p_length int) returns bytea
language plpgsql stable as $$
begin
    return substring(p_record from 1 for length(p_record) - p_length)
        || rules.record_mac(p_key, p_kind, p_slot, p_copy, p_card_id, p_meter, p_record, p_length);
end $$;

create function rules.mac_fits(p_key bytea, p_kind text, p_slot int, p_copy int, p_card_id bytea, p_meter text, p_record bytea, p_length int) returns boolean
language plpgsql stable as $$
begin
    for i in 0 .. length(p_key) / 16 - 1 loop
        if rules.record_mac(substring(p_key from i * 16 + 1 for 16), p_kind, p_slot, p_copy, p_card_id, p_meter, p_record, p_length)
            = substring(p_record from length(p_record) - p_length + 1) then
            return not rules.blank(p_record);
        end if;
    end loop;
    return false;
end $$;
