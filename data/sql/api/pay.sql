-- SPDX-License-Identifier: GPL-3.0-or-later
-- Means of payment. One act is paid with one of them ("cash"), or with several: "wechat=40,cash=60", where the last may take the rest:
-- "wechat=40,cash".

-- The parts in order, each as from where to where of the payment it goes; the last one's end is null where it takes the rest. OC054: not
-- known, named twice, or an amount that is none.
create function rules.pay_parts(p_pay text) returns table (means text, starts numeric, ends numeric)
language plpgsql stable as $$
declare
    parts constant text[] := string_to_array(p_pay, ',');
    n constant int := coalesce(cardinality(parts), 0);
    seen text[] := '{}';
    amount text;
begin
    ends := 0;
    for i in 1 .. n loop
        means := btrim(split_part(parts[i], '=', 1));
        amount := btrim(substr(parts[i], strpos(parts[i] || '=', '=') + 1));
        if means not in ('cash', 'bankcard', 'wechat', 'alipay', 'transfer') or means = any (seen)
            or (amount = '' and (i < n or parts[i] ~ '='))
            or (amount <> '' and (amount !~ '^[0-9]{1,9}([.][0-9]{1,2})?$' or amount::numeric = 0)) then
            perform rules.refuse('OC054', 'pay', coalesce(p_pay, ''));
        end if;
        seen := seen || means;
        starts := ends;
        ends := starts + nullif(amount, '')::numeric;
        return next;
    end loop;
    if n = 0 then
        perform rules.refuse('OC054', 'pay', coalesce(p_pay, ''));
    end if;
end $$;

create function rules.check_pay(p_pay text) returns void
language plpgsql stable as $$
begin
    if p_pay is null or p_pay not in ('cash', 'bankcard', 'wechat', 'alipay', 'transfer') then
        perform from rules.pay_parts(p_pay);
    end if;
end $$;

-- OC158 unless the parts make exactly what is due.
create function rules.check_paid(p_pay text, p_due numeric) returns void
language plpgsql stable as $$
declare
    last record;
begin
    if p_pay !~ '=' then
        return;
    end if;
    select x.starts, x.ends into last from rules.pay_parts(p_pay) x order by x.starts desc, x.ends desc nulls first limit 1;
    if coalesce(last.ends <> p_due, last.starts > p_due) then
        perform rules.refuse('OC158', 'sum', trim_scale(coalesce(last.ends, last.starts))::text, 'due', trim_scale(p_due)::text);
    end if;
end $$;

-- The lines of a trade that takes p_due of the payment, after the p_from that trades before it took. A trade that gives money back has
-- p_due below zero.
create function rules.pay_lines(p_pay text, p_from numeric, p_due numeric) returns rules.line[]
language plpgsql stable as $$
begin
    if p_pay !~ '=' then
        return array[row(p_pay, null, null, null, null, -p_due)::rules.line];
    end if;
    return array(
        select row(x.means, null, null, null, null, -sign(p_due) * (least(coalesce(x.ends, p_from + abs(p_due)), p_from + abs(p_due)) - greatest(x.starts, p_from)))::rules.line
        from rules.pay_parts(p_pay) x
        where coalesce(x.ends > p_from, true) and x.starts < p_from + abs(p_due)
        order by x.starts);
end $$;

-- With what these trades were paid: "cash", or all of it, "wechat=40.00,cash=60.00"; null for nothing.
create function rules.paid_with(p_trades bigint[]) returns text
language plpgsql stable as $$
begin
    return (
        select case when count(*) = 1 then min(x.account) else string_agg(x.account || '=' || round(x.amount, 2), ',' order by x.first) end
        from (
            select l.account, abs(sum(l.amount)) as amount, min(l.trade * 1000 + l.line) as first
            from trade_line l
            where l.trade = any (p_trades) and l.account in ('cash', 'bankcard', 'wechat', 'alipay', 'transfer')
            group by l.account) x);
end $$;

-- A payment reference, as long as a payment service's number may be.
create function rules.check_reference(p_reference text) returns void
language plpgsql stable as $$
begin
    perform rules.check_text(p_reference, 100, 'reference');
end $$;
