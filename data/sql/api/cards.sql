-- SPDX-License-Identifier: GPL-3.0-or-later
-- Cards as the database sees them: the layout engine (bytes <-> values, from the same documents as the station's),
-- keys and MACs, and what a card that was read says. No key leaves through here. Sources: cards.md 1 to 3.

-- The smallest functions are one expression, returned in SQL, which takes the place of its call. All others are plpgsql: in plain SQL they cost
-- ten times as much to start.

-- Layouts ----------------------------------------------------------------------------------------------------

-- Takes a layout document apart into card_layout, card_area, card_field, card_chip. The document was checked by the
-- station's reader of layouts; loading the same one again makes the same rows.
create function rules.load_layout(p_document jsonb) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
declare
    l text := p_document ->> 'layout';
    a jsonb;
    f jsonb;
    n int;
    i int;
    copy_count int;
begin
    insert into card_layout (name, version, family, meter_types, by_money, authentic, tiered, kid_internal, kid_external, kid_mac, document)
    values (l, (p_document ->> 'version')::int, p_document ->> 'family',
        array(select code from meter_type where p_document -> 'meter_types' ? name order by code),
        p_document ->> 'billing' = 'money', (p_document ->> 'authentication')::boolean, (p_document ->> 'tiered')::boolean,
        (p_document #>> '{keys,internal}')::int, (p_document #>> '{keys,external}')::int, (p_document #>> '{keys,mac}')::int, p_document)
    on conflict (name) do update
    set version = excluded.version, family = excluded.family, meter_types = excluded.meter_types, by_money = excluded.by_money,
        authentic = excluded.authentic, tiered = excluded.tiered, kid_internal = excluded.kid_internal,
        kid_external = excluded.kid_external, kid_mac = excluded.kid_mac, document = excluded.document;
    delete from card_area where layout = l;
    delete from card_chip where layout = l;
    for a in select value from jsonb_array_elements(p_document -> 'chips') loop
        insert into card_chip (layout, chip, code, size, page, first, stride, slots)
        values (l, a ->> 'chip', decode(a ->> 'code', 'hex'), (a ->> 'size')::int, (a ->> 'page')::int, (a ->> 'first')::int,
            (a ->> 'stride')::int, least(8, ((a ->> 'size')::int - (a ->> 'first')::int) / (a ->> 'stride')::int));
    end loop;
    for a in select value from jsonb_array_elements(p_document -> 'areas') loop
        insert into card_area (layout, area, sfi, kind, size, by_meter, ord, payload_at, payload_size, mac_length,
            role, price_set, empty, fixed, mask, digits, blank, names, encodings, ats, lengths, units)
        values (l, a ->> 'area', coalesce((a ->> 'sfi')::int, 0), coalesce(a ->> 'kind', ''), (a ->> 'size')::int,
            a ->> 'writer' = 'meter', (a ->> 'order')::int, coalesce((a #>> '{frame,payload}')::int, 0),
            coalesce((a #>> '{frame,size}')::int, 0),
            coalesce((select (value ->> 'length')::int from jsonb_array_elements(a -> 'fields') where value ->> 'encoding' = 'mac'), 0),
            coalesce(a ->> 'role', ''), (a ->> 'set')::int, array(select jsonb_array_elements_text(a -> 'empty')),
            coalesce((select jsonb_object_agg(value ->> 'name', value ->> 'fixed') from jsonb_array_elements(a -> 'fields') where value ? 'fixed'), '{}'),
            '', '{}', '', '{}', '{}', '{}', '{}', '{}');
        n := 0;
        for f in select value from jsonb_array_elements(a -> 'fields') loop
            copy_count := coalesce((f ->> 'repeat')::int, 1);
            for i in 1 .. copy_count loop
                n := n + 1;
                insert into card_field (layout, area, seq, base, name, at, length, encoding, decimals, in_steps, constant)
                values (l, a ->> 'area', n, f ->> 'name', (f ->> 'name') || case when copy_count > 1 then i::text else '' end,
                    (f ->> 'at')::int + (i - 1) * (f ->> 'length')::int, (f ->> 'length')::int, f ->> 'encoding',
                    coalesce((f ->> 'decimals')::int, 0), coalesce(f ->> 'scale' = 'step', false), decode(f ->> 'value', 'hex'));
            end loop;
        end loop;
    end loop;
    -- a flag follows fields of its own file, fields of another ("ladder.price"), or a whole file
    insert into card_update_bit (layout, bit, ord, area, field)
    select l, (b.value ->> 'bit')::int, o.ord,
        case when o.name like '%.%' then split_part(o.name, '.', 1)
            when exists (select from card_area where layout = l and area = o.name) then o.name
            else x.value ->> 'area' end,
        case when o.name like '%.%' then split_part(o.name, '.', 2)
            when exists (select from card_area where layout = l and area = o.name) then ''
            else o.name end
    from jsonb_array_elements(p_document -> 'areas') x
    cross join jsonb_array_elements(x.value -> 'fields') y
    cross join jsonb_array_elements(y.value -> 'bits') b
    cross join jsonb_array_elements_text(b.value -> 'of') with ordinality o(name, ord);
    perform rules.prepare_areas(l);
    perform rules.prepare_flags(l);
end $$;

-- Draws from card_field what decode_area and encode_area need of each area of a layout.
create function rules.prepare_areas(p_layout text) returns void
language plpgsql as $$
begin
    update card_area a
    set mask = x.mask, digits = x.digits, sum_at = x.sum_at, step_at = x.step_at, blank = decode(replace(x.mask, '_', '0'), 'hex'),
        names = x.names, encodings = x.encodings, ats = x.ats, lengths = x.lengths, units = x.units
    from (
        select y.area,
            string_agg(coalesce(encode(y.bytes, 'hex'), repeat('_', y.length * 2)), '' order by y.at) as mask,
            coalesce((
                -- fields of digits that follow each other are one run
                select array_agg(array[r.at * 2 + 1, r.length * 2] order by r.at)
                from (
                    select min(z.at) as at, sum(z.length)::int as length
                    from (
                        select f.at, f.length, f.at - sum(f.length) over (order by f.at) as run
                        from card_field f
                        where f.layout = p_layout and f.area = y.area and f.encoding in ('bcd', 'digits', 'time')) z
                    group by z.run) r), '{}') as digits,
            min(y.at) filter (where y.encoding = 'sum') as sum_at,
            min(y.at) filter (where y.encoding = 'step') as step_at,
            coalesce(array_agg(y.name order by y.seq) filter (where y.holds), '{}') as names,
            coalesce(array_agg(y.encoding order by y.seq) filter (where y.holds), '{}') as encodings,
            coalesce(array_agg(y.at order by y.seq) filter (where y.holds), '{}') as ats,
            coalesce(array_agg(y.length order by y.seq) filter (where y.holds), '{}') as lengths,
            coalesce(array_agg(case when not y.in_steps then round(10::numeric ^ -y.decimals, y.decimals) end order by y.seq) filter (where y.holds), '{}') as units
        from (
            select f.area, f.seq, f.name, f.at, f.length, f.encoding, f.decimals, f.in_steps,
                f.encoding not in ('const', 'length', 'sum', 'reserved', 'mac') as holds,
                case f.encoding when 'const' then f.constant
                    when 'length' then substring(int8send(ca.payload_size) from 9 - f.length for f.length) end as bytes
            from card_field f
            join card_area ca on ca.layout = f.layout and ca.area = f.area
            where f.layout = p_layout) y
        group by y.area) x
    where a.layout = p_layout and a.area = x.area;
end $$;

-- Draws from card_update_bit what parameters_of needs: a repeated field is one range.
create function rules.prepare_flags(p_layout text) returns void
language plpgsql as $$
begin
    update card_layout y
    set flag_bits = x.bits, flag_sfis = x.sfis, flag_ats = x.ats, flag_lengths = x.lengths
    from (
        select coalesce(array_agg(r.bit order by r.bit, r.ord, r.seq), '{}') as bits,
            coalesce(array_agg(r.sfi order by r.bit, r.ord, r.seq), '{}') as sfis,
            coalesce(array_agg(r.at order by r.bit, r.ord, r.seq), '{}') as ats,
            coalesce(array_agg(r.length order by r.bit, r.ord, r.seq), '{}') as lengths
        from (
            select z.bit, z.ord, z.sfi, min(z.seq) as seq, min(z.at) as at, sum(z.length)::int as length
            from (
                select u.bit, u.ord, a.sfi, f.seq, coalesce(f.at, 0) as at, coalesce(f.length, a.size) as length,
                    coalesce(f.at, 0) - sum(coalesce(f.length, a.size)) over (partition by u.bit, u.ord order by f.seq) as run
                from card_update_bit u
                join card_area a on a.layout = u.layout and a.area = u.area
                left join card_field f on f.layout = u.layout and f.area = u.area and f.base = u.field
                where u.layout = p_layout) z
            group by z.bit, z.ord, z.sfi, z.run) r) x
    where y.name = p_layout;
end $$;

create function rules.get_number(p_bytes bytea, p_at int, p_length int) returns bigint
language sql immutable parallel safe
return ('x' || lpad(encode(substring(p_bytes from p_at + 1 for p_length), 'hex'), 16, '0'))::bit(64)::bigint;

create function rules.sum_of(p_bytes bytea, p_from int, p_to int) returns int
language plpgsql immutable parallel safe as $$
declare
    total int := 0;
begin
    for i in p_from .. p_to loop
        total := total + get_byte(p_bytes, i);
    end loop;
    return total & 255;
end $$;

create function rules.blank(p_bytes bytea) returns boolean
language sql immutable parallel safe
return p_bytes is null or encode(p_bytes, 'hex') ~ '^(0*|f*)$';

-- Sampling steps as one byte: 0 = 0.01, 1 = 0.1, 2 = 1, 3 = 10 (ours).
create function rules.step_of(p_code int) returns numeric
language sql immutable parallel safe
return case p_code when 0 then 0.01 when 1 then 0.1 when 2 then 1 when 3 then 10 end;

-- A time as a card has it, 'YYMMDDhhmm' or 'YYYYMMDDhhmmss', to read. A meter whose clock is wrong wrote a day that is none: it is
-- unknown, '', like no time.
create function rules.time_of(p_digits text) returns text
language plpgsql immutable parallel safe as $$
declare
    t constant text := case length(p_digits) when 10 then '20' || p_digits || '00' else p_digits end;
    year constant int := substr(t, 1, 4)::int;
    month constant int := substr(t, 5, 2)::int;
    day constant int := substr(t, 7, 2)::int;
    clock constant int := substr(t, 9, 4)::int;
begin
    if year = 0 or month not between 1 and 12 or day = 0 or clock > 2400 or clock % 100 > 59
        or substr(t, 13, 2)::int > 59 or clock = 2400 and substr(t, 13, 2)::int > 0
        or day > 28 and day > extract(day from make_date(year, month, 1) + interval '1 month - 1 day') then
        return '';
    end if;
    return substr(t, 1, 4) || '-' || substr(t, 5, 2) || '-' || substr(t, 7, 2) || ' ' || substr(t, 9, 2) || ':' || substr(t, 11, 2)
        || case length(p_digits) when 10 then '' else ':' || substr(t, 13, 2) end;
end $$;

-- The values of one area, or null where its constants, length, digits or sum are wrong. MACs are checked by rules.mac_fits.
-- p_step null: taken from the record's own step field. p_names: what is wanted of it, null: all but the rates.
create function rules.decode_area(p_layout text, p_area text, p_bytes bytea, p_step numeric, p_names text[] default null) returns jsonb
language plpgsql stable as $$
declare
    a card_area;
begin
    select * into a from card_area where layout = p_layout and area = p_area;
    return rules.decode_record(a, p_bytes, p_step, p_names);
end $$;

-- The same, for who knows the area.
create function rules.decode_record(a onecard.card_area, p_bytes bytea, p_step numeric, p_names text[] default null) returns jsonb
language plpgsql stable as $$
declare
    step numeric := p_step;
    hex constant text := encode(p_bytes, 'hex');
    wanted text[] := p_names;
    name text;
    i int;
    v text;
    vals text[] := '{}';
begin
    if hex is null or length(hex) <> length(a.mask) or hex not like a.mask then
        return null;
    end if;
    for i in 1 .. cardinality(a.digits) / 2 loop
        if ltrim(substr(hex, a.digits[i][1], a.digits[i][2]), '0123456789') <> '' then
            return null;
        end if;
    end loop;
    if a.sum_at is not null and get_byte(p_bytes, a.sum_at) <> rules.sum_of(p_bytes, 1, a.payload_at + a.payload_size - 1) then
        return null;
    end if;
    if step is null and a.step_at is not null then
        step := rules.step_of(get_byte(p_bytes, a.step_at));
        if step is null then
            return null;
        end if;
    end if;
    if wanted is null then
        wanted := a.names;
    end if;
    foreach name in array wanted loop
        i := array_position(a.names, name);
        v := substr(hex, a.ats[i] * 2 + 1, a.lengths[i] * 2);
        vals := array_append(vals, case a.encodings[i]
            when 'bcd' then (v::numeric * a.units[i])::text
            when 'digits' then v
            when 'hex' then upper(v)
            when 'time' then rules.time_of(v)
            when 'step' then step::text
            when 'i32' then (('x' || v)::bit(32)::int * coalesce(a.units[i], step))::text
            when 'minutes' then case when v ~ '^0*$' then ''
                else to_char(timestamp '2020-01-01' + ('x' || lpad(v, 16, '0'))::bit(64)::bigint * interval '1 minute', 'YYYY-MM-DD HH24:MI') end
            else (('x' || lpad(v, 16, '0'))::bit(64)::bigint * coalesce(a.units[i], step))::text end);
    end loop;
    return jsonb_object(wanted, vals);
end $$;

-- Refuses a value that its field has no room for: OC057.
create function rules.refuse_value(p_layout text, p_area text, p_name text, p_step numeric) returns void
language plpgsql stable as $$
declare
    f card_field;
    label text;
    most numeric;
begin
    select * into f from card_field where layout = p_layout and area = p_area and name = p_name;
    most := case
        when f.encoding in ('bcd', 'digits') then 100::numeric ^ f.length - 1
        when f.encoding = 'i32' then 2147483647
        when f.encoding in ('u8', 'u16', 'u24', 'u32') then 256::numeric ^ f.length - 1 end;
    select e.value ->> 'label' into label
    from card_layout y, jsonb_array_elements(y.document -> 'areas') x, jsonb_array_elements(x.value -> 'fields') e
    where y.name = p_layout and x.value ->> 'area' = p_area and e.value ->> 'name' = f.base;
    perform rules.refuse('OC057', 'what', coalesce(label, p_name),
        'limit', coalesce(trim_scale(most * case when f.in_steps then p_step else 10::numeric ^ -f.decimals end)::text, ''));
end $$;

-- A record with its sum filled in, where its area has one.
create function rules.summed(a onecard.card_area, p_bytes bytea) returns bytea
language sql immutable parallel safe
return case when a.sum_at is null then p_bytes
    else set_byte(p_bytes, a.sum_at, rules.sum_of(p_bytes, 1, a.payload_at + a.payload_size - 1)) end;

-- The bytes of one area: absent values are zero; constants, length and sum are filled in, MAC bytes stay zero.
create function rules.encode_area(p_layout text, p_area text, p_values jsonb, p_step numeric) returns bytea
language plpgsql stable as $$
declare
    a card_area;
begin
    select * into a from card_area where layout = p_layout and area = p_area;
    return rules.encode_record(a, p_values, p_step);
end $$;

-- The same, for who knows the area.
create function rules.encode_record(a onecard.card_area, p_values jsonb, p_step numeric) returns bytea
language plpgsql stable as $$
declare
    names constant text[] := a.names;
    b bytea := a.blank;
    k text;
    v text;
    n numeric;
    part bytea;
begin
    for i in 1 .. cardinality(names) loop
        if not p_values ? names[i] then
            continue;
        end if;
        k := names[i];
        v := p_values ->> k;
        if a.encodings[i] in ('u8', 'u16', 'u24', 'u32', 'i32') then
            n := v::numeric / coalesce(a.units[i], p_step);
            if n <> trunc(n) or n >= 1::bigint << a.lengths[i] * 8 - (a.encodings[i] = 'i32')::int
                or n < (case when a.encodings[i] = 'i32' then -2147483648 else 0 end) then
                perform rules.refuse_value(a.layout, a.area, k, p_step);
            end if;
            part := substring(int8send(n::bigint) from 9 - a.lengths[i] for a.lengths[i]);
        elsif a.encodings[i] in ('bcd', 'digits') then
            n := v::numeric / a.units[i];
            if n <> trunc(n) or n < 0 or length(trunc(n)::text) > a.lengths[i] * 2 then
                perform rules.refuse_value(a.layout, a.area, k, p_step);
            end if;
            part := decode(lpad(trunc(n)::text, a.lengths[i] * 2, '0'), 'hex');
        elsif a.encodings[i] = 'time' then
            part := decode(case when v = '' then repeat('00', a.lengths[i])
                else to_char(v::timestamp, case a.lengths[i] when 7 then 'YYYYMMDDHH24MISS' else 'YYMMDDHH24MI' end) end, 'hex');
        elsif a.encodings[i] = 'step' then
            part := decode(case v::numeric when 0.01 then '00' when 0.1 then '01' when 1 then '02' when 10 then '03' end, 'hex');
        elsif a.encodings[i] = 'hex' then
            part := decode(v, 'hex');
        else
            continue;
        end if;
        if part is null or length(part) <> a.lengths[i] then
            perform rules.refuse_value(a.layout, a.area, k, p_step);
        end if;
        b := overlay(b placing part from a.ats[i] + 1);
    end loop;
    return rules.summed(a, b);
end $$;

-- Ciphers ----------------------------------------------------------------------------------------------------

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

-- What a card says --------------------------------------------------------------------------------------------

create function rules.area(p_area text[], p_bytes bytea[], p_name text) returns bytea
language sql immutable
return p_bytes[array_position(p_area, p_name)];

-- The files of a CPU directory as images name them: DF01/02.
create function rules.file(p_directory text, p_sfi int) returns text
language sql immutable
return p_directory || '/' || lpad(upper(to_hex(p_sfi)), 2, '0');

-- What an image holds of one file. A file on the card may be longer than its layout says.
create function rules.file_bytes(p_file onecard.card_area, p_directory text, p_area text[], p_bytes bytea[]) returns bytea
language sql immutable
return substring(rules.area(p_area, p_bytes, rules.file(p_directory, p_file.sfi)) from 1 for p_file.size);

-- Whether a return file is empty by its layout: a constant that is named is not there, other fields that are named are zeros. As a sale
-- leaves it, all zeros, it always is.
create function rules.is_empty(p_file onecard.card_area, p_bytes bytea) returns boolean
language plpgsql stable as $$
begin
    if p_bytes is null or length(p_bytes) < p_file.size or ltrim(encode(p_bytes, 'hex'), '0') = '' then
        return true;
    end if;
    return not exists (
        select from card_field f
        where f.layout = p_file.layout and f.area = p_file.area and f.base = any (p_file.empty)
            and case when f.encoding = 'const' then substring(p_bytes from f.at + 1 for f.length) = f.constant
                else encode(substring(p_bytes from f.at + 1 for f.length), 'hex') ~ '[^0]' end);
end $$;

create type rules.slot_view as (
    written boolean,        -- the seller's record of this meter is there and valid
    in_force text,          -- memory: the copy in force, 'A' or 'B'
    count int,
    revision int,
    amount numeric,
    card_type text,         -- 01 opening, 02 purchase, 03 replacement
    return_valid boolean,
    return_count int,
    remaining numeric,
    overdraft numeric,
    credited numeric,
    return_time timestamptz,
    return_raw bytea
);

-- The view with what the meter said: the values of its return data, and the bytes that they are of.
create function rules.with_return(v rules.slot_view, p_values jsonb, p_bytes bytea) returns rules.slot_view
language plpgsql stable as $$
begin
    v.return_count := (p_values ->> 'count')::int;
    v.remaining := greatest((p_values ->> 'remaining')::numeric, 0);
    -- a meter without a field for it writes what it owes as less than nothing
    v.overdraft := coalesce((p_values ->> 'overdraft')::numeric, greatest(-(p_values ->> 'remaining')::numeric, 0));
    v.credited := (p_values ->> 'credited')::numeric;
    v.return_time := nullif(p_values ->> 'return_time', '')::timestamptz;
    v.return_raw := p_bytes;
    return v;
end $$;

-- What an image says of one meter. Wallet and return data of a CPU directory, or the records of a memory slot.
create function rules.view_slot(p_meter onecard.meter, p_layout text, p_key bytea, p_card_id bytea, p_area text[], p_bytes bytea[])
returns rules.slot_view
language plpgsql stable as $$
declare
    v slot_view;
    d jsonb;
    p jsonb;
    w jsonb;
    b bytea;
    c text;
    a card_area;
    r card_area;
    best bigint := -1;
    k bigint;
begin
    v.written := false;
    v.return_valid := false;
    if p_meter.directory <> '' then
        for a in select * from card_area where layout = p_layout and role in ('wallet', 'parameters', 'return') loop
            b := rules.file_bytes(a, p_meter.directory, p_area, p_bytes);
            if a.role = 'wallet' then
                w := rules.decode_record(a, b, null, '{count,purchase}');
                v.count := (w ->> 'count')::int;
                v.revision := p_meter.revision;
                v.amount := (w ->> 'purchase')::numeric;
            elsif a.role = 'parameters' then
                p := rules.decode_record(a, b, null, '{meter,card_type}');
                v.card_type := p ->> 'card_type';
            else
                d := rules.decode_record(a, b, null, '{meter,count,remaining,overdraft,credited,return_time}');
                if d is not null then
                    v := rules.with_return(v, d, b);
                    v.return_valid := d ->> 'meter' = p_meter.number;
                end if;
            end if;
        end loop;
        v.written := w is not null and coalesce(p ->> 'meter' = p_meter.number, false);
        return v;
    end if;

    select * into a from card_area where layout = p_layout and kind = 'V';
    select * into r from card_area where layout = p_layout and kind = 'R';
    foreach c in array array['A', 'B'] loop
        b := rules.area(p_area, p_bytes, 'V' || p_meter.slot || c);
        if b is null or length(b) <> a.size then
            continue;
        end if;
        if rules.mac_fits(p_key, 'V', p_meter.slot, (c = 'B')::int, p_card_id, p_meter.number, b, a.mac_length) then
            d := rules.decode_record(a, b, null, '{meter,count,flags,purchase,card_type}');
            if d is not null and d ->> 'meter' = p_meter.number then
                k := (d ->> 'count')::bigint * 16 + (get_byte(decode(d ->> 'flags', 'hex'), 0) >> 4);
                if k > best then
                    best := k;
                    v.written := true;
                    v.in_force := c;
                    v.count := (d ->> 'count')::int;
                    v.revision := k % 16;
                    v.amount := (d ->> 'purchase')::numeric;
                    v.card_type := d ->> 'card_type';
                end if;
            end if;
        end if;
    end loop;
    best := -1;
    foreach c in array array['A', 'B'] loop
        b := rules.area(p_area, p_bytes, 'R' || p_meter.slot || c);
        if b is null or length(b) <> r.size then
            continue;
        end if;
        if rules.mac_fits(p_key, 'R', p_meter.slot, (c = 'B')::int, p_card_id, p_meter.number, b, r.mac_length) then
            d := rules.decode_record(r, b, (select step from meter_model where id = p_meter.model),
                '{count,remaining,credited,return_time}');
            -- the newer of two equal counts is the one written later
            k := (d ->> 'count')::bigint * 16777216
                + coalesce(extract(epoch from nullif(d ->> 'return_time', '')::timestamp - timestamp '2020-01-01')::bigint / 60, 0);
            if k > best then
                best := k;
                v := rules.with_return(v, d, b);
                v.return_valid := true;
            end if;
        end if;
    end loop;
    return v;
end $$;

create type rules.card_view as (
    state text,             -- blank, current, dead, lost, foreign, other-area, damaged, in-doubt
    card bigint,
    customer bigint,
    card_id bytea,
    key bytea,              -- memory cards: the card's own keys
    issue int,
    job uuid,               -- its pending job
    code text,              -- why nothing can be sold; null if it can
    params text             -- name=value lines
);

-- Whose card this is, from the image alone and the ledger.
create function rules.view_card(p_family text, p_serial bytea, p_area text[], p_bytes bytea[]) returns rules.card_view
language plpgsql stable as $$
declare
    v card_view;
    c card;
    h jsonb;
    l text;
    b bytea;
    i int;
    own_area int;
begin
    if p_family = 'cpu' then
        select * into c from card where serial = p_serial and state not in ('cleared', 'void');
        if c.id is null then
            v.state := 'blank';
            for i in 1 .. coalesce(array_length(p_area, 1), 0) loop
                if not rules.blank(p_bytes[i]) then
                    v.state := 'foreign';
                    v.code := 'OC020';
                end if;
            end loop;
            return v;
        end if;
    else
        b := rules.area(p_area, p_bytes, 'header');
        select layout into l from card_area a join card_layout y on y.name = a.layout where y.family = p_family and a.kind = 'H';
        h := rules.decode_area(l, 'header', b, null);
        if h is null then
            -- an opening or a replacement that was cut before its header: a sale record names its meter, and that meter's job this card
            select k.* into c
            from unnest(p_area, p_bytes) as x(area, bytes)
            join card_area va on va.layout = l and va.kind = 'V'
            join card_field vf on vf.layout = l and vf.area = va.area and vf.name = 'meter'
            join meter m on m.number = encode(substring(x.bytes from vf.at + 1 for vf.length), 'hex') and m.state in ('pending', 'open')
            join card_job_meter jm on jm.meter = m.id and jm.pending
            join card_job j on j.id = jm.job
            join card k on k.id = j.card
            where x.area ~ '^V[1-8][AB]$' and length(x.bytes) = va.size
                and rules.mac_fits(rules.memory_key(k.serial, k.customer), 'V', substr(x.area, 2, 1)::int, (substr(x.area, 3, 1) = 'B')::int,
                    k.serial, m.number, x.bytes, va.mac_length)
            limit 1;
            if c.id is null then
                select k.* into c
                from card_job j
                join card k on k.id = j.card
                where j.state = 'pending' and (j.blank or j.kind in ('clear-card', 'close')) and b is not null and length(b) = 32
                    and k.serial = substring(b from 9 for 8);
            end if;
            if c.id is null then
                v.state := case when (select bool_and(rules.blank(x)) from unnest(p_bytes) x) or get_byte(b, 0) in (0, 255)
                    then 'blank' else 'foreign' end;
                if v.state = 'foreign' then
                    v.code := 'OC020';
                end if;
                return v;
            end if;
        else
            select area_number into own_area from parameters;
            if (h ->> 'area_number')::int <> own_area then
                v.state := 'other-area';
                v.code := 'OC021';
                v.params := 'area=' || (h ->> 'area_number') || E'\nown=' || own_area;
                return v;
            end if;
            select * into c from card where serial = decode(h ->> 'card_id', 'hex') and state not in ('cleared', 'void');
            if c.id is null then
                v.state := 'foreign';
                v.code := 'OC020';
                return v;
            end if;
        end if;
        v.key := rules.memory_key(c.serial, c.customer);
    end if;
    v.card := c.id;
    v.customer := c.customer;
    v.card_id := c.serial;
    v.issue := c.issue;
    select id, 'job=' || number into v.job, v.params from card_job where card = c.id and state = 'pending';
    if v.job is not null then
        v.state := 'in-doubt';
        v.code := 'OC031';
        return v;
    end if;
    if p_family <> 'cpu' and not rules.mac_fits(v.key, 'H', 0, 0, c.serial, '000000000000', b, 4) then
        v.state := 'damaged';
        v.code := 'OC025';
        return v;
    end if;
    v.state := c.state;
    if c.state in ('dead', 'lost') then
        v.code := 'OC022';
    end if;
    return v;
end $$;

-- Whether the purchase on the card has not been put in the meter, as far as the return data of this card, or of any before it, say.
create function rules.is_unread(p_meter onecard.meter, p_view rules.slot_view) returns boolean
language plpgsql stable as $$
begin
    return p_view.written and greatest(case when p_view.return_valid then p_view.return_count end, p_meter.return_count, 0) < p_view.count;
end $$;

-- Why a meter can't buy on this card now, as {code, name=value lines}; null if it can.
create function rules.meter_refusal(p_meter onecard.meter, p_view rules.slot_view) returns text[]
language plpgsql stable as $$
declare
    why text[];
begin
    if p_meter.barred is not null then
        return array['OC028', 'reason=' || p_meter.barred];
    end if;
    why := rules.meter_mismatch(p_meter, p_view);
    if why is not null then
        return why;
    end if;
    if rules.is_unread(p_meter, p_view) then
        return array['OC023', 'amount=' || trim_scale(p_view.amount) || E'\ntime=' || coalesce(p_meter.last_purchase_at::text, '')];
    end if;
    return null;
end $$;

-- How card and ledger differ about a meter, or an open conflict; the same form.
create function rules.meter_mismatch(p_meter onecard.meter, p_view rules.slot_view) returns text[]
language plpgsql stable as $$
begin
    if not p_view.written then
        return array['OC025', ''];
    end if;
    if p_view.count > p_meter.purchase_count
        or (p_view.count = p_meter.purchase_count and p_view.revision > p_meter.revision) then
        return array['OC026', 'card=' || p_view.count || E'\nledger=' || p_meter.purchase_count];
    end if;
    if (p_view.count, p_view.revision) <> (p_meter.purchase_count, p_meter.revision) or p_view.amount <> p_meter.last_purchase then
        return array['OC027', 'card=' || p_view.count || E'\nledger=' || p_meter.purchase_count];
    end if;
    if exists (select from conflict where meter = p_meter.id and state = 'open') then
        return array['OC038', ''];
    end if;
    return null;
end $$;

-- Keeps what the meter wrote: as the meter's newest return data, and as an observation where it differs. Answers the meter as it is then.
create function rules.observe(p_me onecard.operator, p_meter onecard.meter, p_view rules.slot_view, p_card bigint, p_area text[], p_bytes bytea[])
returns onecard.meter
language plpgsql as $$
declare
    m meter;
    seen jsonb := p_meter.confirmed;
    dir text := p_meter.directory;
begin
    -- its clock orders only what it says of the same count: a higher one is newer, whatever the clock was set to
    if not p_view.return_valid or p_view.return_count < coalesce(p_meter.return_count, 0)
        or (p_view.return_count = p_meter.return_count and p_view.return_time < p_meter.return_time) then
        return p_meter;
    end if;
    -- a meter writes its answer and takes the parameters at once: what it said before it says of the same parameters
    if p_meter.return_count = p_view.return_count and p_meter.return_remaining is not distinct from p_view.remaining
        and p_meter.return_time is not distinct from p_view.return_time and (dir = '' or p_meter.confirmed is not null) then
        return p_meter;
    end if;
    -- once the meter answered this purchase it has taken the parameters that came with it
    if dir <> '' and p_view.return_count >= p_view.count then
        seen := rules.parameters_of((select layout from meter_model where id = p_meter.model), dir, p_area, p_bytes);
    end if;
    perform rules.judge_held(p_meter, p_view);
    insert into observation (meter, card, operator, branch, count, remaining, overdraft, credited, return_time, raw)
    values (p_meter.id, p_card, p_me.number, p_me.branch, p_view.return_count, p_view.remaining, p_view.overdraft, p_view.credited,
        p_view.return_time, p_view.return_raw);
    update meter
    set return_count = p_view.return_count, return_remaining = p_view.remaining, return_overdraft = p_view.overdraft,
        return_credited = p_view.credited, return_time = p_view.return_time, return_seen_at = now(), confirmed = seen
    where id = p_meter.id
    returning * into m;
    return m;
end $$;

-- What a meter takes from its CPU directory beside money, in a form to compare: a digest for each bit of the layout's update flags.
create function rules.parameters_of(p_layout text, p_directory text, p_area text[], p_bytes bytea[]) returns jsonb
language plpgsql stable as $$
declare
    y card_layout;
    n int;
    part bytea;
    whole bytea;
    has jsonb := '{}';
begin
    select * into y from card_layout where name = p_layout;
    n := cardinality(y.flag_bits);
    for i in 1 .. n loop
        part := substring(rules.area(p_area, p_bytes, rules.file(p_directory, y.flag_sfis[i])) from y.flag_ats[i] + 1 for y.flag_lengths[i]);
        whole := coalesce(whole || part, whole, part);
        if i = n or y.flag_bits[i + 1] <> y.flag_bits[i] then
            has := has || jsonb_build_object(y.flag_bits[i]::text, md5(whole));
            whole := null;
        end if;
    end loop;
    return has;
end $$;

-- A card or meter ahead of the ledger sells nothing and is listed.
create function rules.list_conflict(p_meter bigint, p_job uuid, p_reason text, p_detail text) returns void
language sql as $$
    insert into conflict (meter, job, reason, detail)
    select p_meter, p_job, p_reason, p_detail
    where not exists (
        select from conflict
        where meter is not distinct from p_meter and reason = p_reason and detail = p_detail and state = 'open')
$$;

-- The acts on a card look everything up by its key: one plan serves them for good, and asking anew each time whether another one would be
-- better costs more than it could save (plan_cache_mode). A station keeps its plans all day: one that was made when a table was small enough
-- to be read whole would read it whole when it has grown (enable_seqscan).

-- Reading a card: everything that the screens show, in one call. Part 'card' is one row, 'meter' a row a sub-meter,
-- 'trade' the customer's last ten. Keeps new return data.
create function api.card_read(p_family text, p_chip text, p_serial bytea, p_area text[], p_bytes bytea[])
returns table (
    part text, card_state text, customer bigint, name text, address text, phone text, note text, balance numeric, household bigint,
    id_masked text, issue bigint, reason_code text, reason_params text, pending_job uuid, serving_operator text, serving_branch text,
    sub_meter bigint, slot bigint, directory text, meter_type text, unit text, model text, layout text, by_money boolean, step numeric, meter text,
    user_type text, alarm_1 numeric, alarm_2 numeric, hoarding numeric, purchase_limit numeric, presale numeric, ct bigint, vt bigint,
    price_1 text, price_2 text, unit_price numeric, tiered boolean, switch_at timestamptz, purchase_count bigint,
    last_purchase numeric, last_purchase_at timestamptz, unread numeric, return_time timestamptz, remaining numeric, overdraft numeric,
    return_count bigint, trade bigint, at timestamptz, kind text, quantity numeric, card_amount numeric, received numeric, state text)
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    me operator;
    v card_view;
    c customer;
    server text;
    server_branch text;
    s slot_view;
    m meter;
    why text[];
begin
    me := rules.need('read-card');
    v := rules.view_card(p_family, p_serial, p_area, p_bytes);

    select x.* into c from customer x where x.number = v.customer;
    if v.job is not null then
        select o.name, b.name into server, server_branch
        from card_job j
        join operator o on o.number = j.holder_operator
        join branch b on b.number = o.branch
        where j.id = v.job and j.lease_until > clock_timestamp() and j.holder_station is distinct from rules.my_station();
    end if;
    if server is not null then   -- to be waited for, not to be settled
        v.code := 'OC030';
        v.params := 'operator=' || replace(server, '\', '\\') || E'\nbranch=' || replace(server_branch, '\', '\\');
    end if;
    part := 'card';
    card_state := v.state;
    customer := c.number;
    name := c.name;
    address := c.address;
    phone := c.phone;
    note := c.note;
    balance := c.balance;
    household := c.household;
    id_masked := case when length(c.id_number) > 4 then repeat('*', length(c.id_number) - 4) || right(c.id_number, 4) else c.id_number end;
    issue := v.issue;
    reason_code := coalesce(v.code, '');
    reason_params := coalesce(v.params, '');
    pending_job := v.job;
    serving_operator := server;
    serving_branch := server_branch;
    return next;

    if v.customer is null then
        return;
    end if;
    for m in
        select * from meter
        where meter.customer = v.customer and meter.state in ('pending', 'open')
        order by meter.slot
    loop
        s := rules.view_slot(m, (select mm.layout from meter_model mm where mm.id = m.model), v.key, v.card_id, p_area, p_bytes);
        why := null;
        if v.code is null then
            m := rules.observe(me, m, s, v.card, p_area, p_bytes);
            why := rules.meter_refusal(m, s);
            if why[1] = 'OC026' then
                perform rules.list_conflict(m.id, null, 'ahead', why[2]);
            end if;
        end if;
        return query
        select 'meter', v.state, v.customer, null, null, null, null, null::numeric, null::bigint,
            null, null::bigint, coalesce(v.code, why[1], ''), coalesce(v.params, why[2], ''), v.job, null, null,
            m.sub_meter::bigint, m.slot::bigint, m.directory, mt.name, mt.unit, mm.name, mm.layout, y.by_money, mm.step, m.number,
            ut.name, ut.alarm_1, ut.alarm_2, ut.hoarding, ut.purchase_limit, m.presale, m.ct::bigint, m.vt::bigint,
            p1.name, p2.name, x.unit_price, coalesce(x.tiered, false), m.switch_at, m.purchase_count::bigint,
            m.last_purchase, m.last_purchase_at,
            case when rules.is_unread(m, s) then s.amount else 0 end,
            m.return_time, m.return_remaining, m.return_overdraft,
            m.return_count::bigint, null::bigint, null::timestamptz, null, null::numeric, null::numeric, null::numeric, m.state
        from meter_model mm
        join card_layout y on y.name = mm.layout
        join meter_type mt on mt.code = mm.meter_type
        join user_type ut on ut.id = m.user_type
        join price p1 on p1.id = m.price_1
        join price p2 on p2.id = m.price_2
        left join lateral (
            select pv.tiered, (select sum(ti.unit_price) from price_tier_item ti where ti.version = pv.id and ti.tier = 1) as unit_price
            from price_version pv
            where pv.price = m.price_1 and pv.starts_at <= now()
            order by pv.starts_at desc
            limit 1) x on true
        where mm.id = m.model;
    end loop;

    return query
    select 'trade', v.state, v.customer, null, null, null, null, null::numeric, null::bigint,
        null, null::bigint, null, null, null::uuid, null, null,
        t.sub_meter::bigint, null::bigint, null, null, null, null, null, null::boolean, null::numeric, null,
        null, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::bigint, null::bigint,
        null, null, null::numeric, null::boolean, null::timestamptz, null::bigint,
        null::numeric, null::timestamptz, null::numeric, null::timestamptz, null::numeric, null::numeric,
        null::bigint, t.number, t.at, t.kind, t.quantity, t.card_amount, t.received, t.state
    from trade t
    where t.customer = v.customer
    order by t.at desc, t.number desc
    limit 10;
end $$;
