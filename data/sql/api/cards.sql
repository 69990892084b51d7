-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a card that was read says, against the ledger. Sources: cards.md 1 to 3.

-- The acts on a card look everything up by its key: one plan serves them for good, and asking anew each time whether another one would be
-- better costs more than it could save (plan_cache_mode). A station keeps its plans all day: one that was made when a table was small enough
-- to be read whole would read it whole when it has grown (enable_seqscan).

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
