-- SPDX-License-Identifier: GPL-3.0-or-later
-- A second person's word. Who wants it calls his act; the refusal (OC117) says the digest of what he asked. Another operator approves that
-- request with that digest on a connection of his own, and the act is called again, the same. Source: ledger.md, Second person.

-- Who approved this very request, not more than five minutes ago; null: nobody who may, but oneself.
create function rules.approved_by(p_request uuid, p_digest bytea) returns int
language plpgsql stable as $$
begin
    return (
        select a.operator
        from approval a
        join operator o on o.number = a.operator
        where a.request = p_request and a.digest = p_digest and a.operator <> (rules.me()).number
            and a.at > now() - interval '5 minutes'
            and o.state = 'active' and rules.role_may(o.role, '{approve}')
        order by a.at desc
        limit 1);
end $$;

-- p_code until somebody approved; p_limit is what was gone over.
create function rules.need_approval(p_request uuid, p_digest bytea, p_limit text, p_code text default 'OC117') returns void
language plpgsql stable as $$
begin
    if rules.approved_by(p_request, p_digest) is null then
        perform rules.refuse(p_code, 'limit', p_limit, 'request', p_request::text, 'digest', encode(p_digest, 'hex'));
    end if;
end $$;

-- The second person's own call.
create function api.approve(p_request uuid, p_digest bytea) returns void
language plpgsql security definer set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.need('approve');
    if p_request is null or length(p_digest) is distinct from 32 then
        perform rules.refuse('OC118');
    end if;
    insert into approval as a (request, digest, operator)
    values (p_request, p_digest, (rules.me()).number)
    on conflict (request, operator) do update set digest = excluded.digest, at = now();
end $$;
