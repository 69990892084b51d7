-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a form sends is one object of names and values, the values as they were typed. Each function here takes one field of it: absent,
-- it stays what it was (p_was); wrong, it is refused with a code and the field's name, and nothing is saved.

-- A text of a form: OC042 when it is too long or carries control characters.
create function rules.check_text(p_text text, p_max int, p_field text) returns text
language plpgsql stable as $$
begin
    if length(p_text) > p_max or p_text ~ '[\x01-\x1f\x7f]' then
        perform rules.refuse('OC042', 'max', p_max::text, 'field', p_field);
    end if;
    return btrim(coalesce(p_text, ''));
end $$;

-- p_path before the name says where the form is inside another one: 'tiers.2.'.
create function rules.text_field(p_form jsonb, p_name text, p_max int, p_needed boolean, p_was text, p_path text default '') returns text
language plpgsql stable as $$
declare
    t text := coalesce(p_form ->> p_name, case when not p_form ? p_name then p_was end, '');
begin
    t := rules.check_text(t, p_max, p_path || p_name);
    if t = '' and p_needed then
        perform rules.refuse('OC100', 'field', p_path || p_name);
    end if;
    return t;
end $$;

-- A decimal number, exact. An empty one is null, and refused where it is needed.
create function rules.number_field(p_form jsonb, p_name text, p_decimals int, p_min numeric, p_max numeric, p_needed boolean, p_was numeric,
    p_path text default '') returns numeric
language plpgsql stable as $$
declare
    t text := btrim(p_form ->> p_name);
    n numeric;
begin
    if not p_form ? p_name then
        t := trim_scale(p_was)::text;
    end if;
    if coalesce(t, '') = '' then
        if p_needed then
            perform rules.refuse('OC100', 'field', p_path || p_name);
        end if;
        return null;
    end if;
    if t ~ '^[+-]?[0-9]{1,20}([.][0-9]{1,20})?$' then
        n := t::numeric;
    end if;
    if n is null or n not between p_min and p_max or scale(trim_scale(n)) > p_decimals then
        if p_decimals = 0 then
            perform rules.refuse('OC101', 'field', p_path || p_name, 'min', trim_scale(p_min)::text, 'max', trim_scale(p_max)::text);
        end if;
        perform rules.refuse('OC102', 'field', p_path || p_name, 'min', trim_scale(p_min)::text, 'max', trim_scale(p_max)::text,
            'decimals', p_decimals::text);
    end if;
    return n;
end $$;

create function rules.truth_field(p_form jsonb, p_name text, p_was boolean) returns boolean
language plpgsql stable as $$
declare
    t constant text := lower(btrim(p_form ->> p_name));
begin
    if not p_form ? p_name then
        return p_was;
    end if;
    if t in ('true', 't', '1', 'yes') then
        return true;
    end if;
    if t in ('false', 'f', '0', 'no', '') or t is null then
        return false;
    end if;
    return rules.refuse_choice(p_name, 'choice', t) is not null;
end $$;

-- Refuses (OC047) and never returns: a word that is none of the choices.
create function rules.refuse_choice(p_field text, p_what text, p_value text) returns text
language plpgsql stable as $$
begin
    if coalesce(p_value, '') = '' then
        perform rules.refuse('OC100', 'field', p_field);
    end if;
    perform rules.refuse('OC047', 'what', p_what, 'name', p_value, 'field', p_field);
    return null;
end $$;

create function rules.choice_field(p_form jsonb, p_name text, p_what text, p_choices text[], p_was text) returns text
language plpgsql stable as $$
declare
    t constant text := case when p_form ? p_name then btrim(coalesce(p_form ->> p_name, '')) else coalesce(p_was, '') end;
begin
    if not t = any (p_choices) then
        perform rules.refuse_choice(p_name, p_what, t);
    end if;
    return t;
end $$;

create function rules.meter_type_field(p_form jsonb, p_was int) returns int
language plpgsql stable as $$
declare
    t constant text := case when p_form ? 'meter_type' then btrim(coalesce(p_form ->> 'meter_type', ''))
        else coalesce((select name from meter_type where code = p_was), '') end;
    found_code int := (select code from meter_type where name = t);
begin
    if found_code is null then
        perform rules.refuse_choice('meter_type', 'meter type', t);
    end if;
    return found_code;
end $$;

-- A moment; null when empty. Without a zone it is the connection's.
create function rules.time_field(p_form jsonb, p_name text) returns timestamptz
language plpgsql stable as $$
declare
    t constant text := btrim(coalesce(p_form ->> p_name, ''));
begin
    if t = '' then
        return null;
    end if;
    if t !~ '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([+-][0-9]{2}(:?[0-9]{2})?|Z)?)?$' then
        perform rules.refuse('OC124', 'field', p_name);
    end if;
    return t::timestamptz;
exception
    when datetime_field_overflow or invalid_datetime_format then
        perform rules.refuse('OC124', 'field', p_name);
end $$;

-- A form may hold fewer fields than there are, never others: a misspelt one would silently change nothing. Columns that only the list
-- has (p_shown) may come back with it and are passed over.
create function rules.check_fields(p_form jsonb, p_names text[], p_shown text[] default '{}') returns void
language plpgsql stable as $$
declare
    other text;
begin
    if p_form is null or jsonb_typeof(p_form) <> 'object' then
        perform rules.refuse('OC121', 'field', '', 'name', '');
    end if;
    select k into other from jsonb_object_keys(p_form) k where not k = any (p_names || p_shown || '{id,row_version}') limit 1;
    if other is not null then
        perform rules.refuse('OC121', 'field', left(other, 50), 'name', left(other, 50));
    end if;
end $$;

-- What others use can't become something else under them.
create function rules.check_unused(p_field text, p_changed boolean, p_count bigint) returns void
language plpgsql stable as $$
begin
    if p_changed and p_count > 0 then
        perform rules.refuse('OC111', 'field', p_field, 'count', p_count::text);
    end if;
end $$;
