-- SPDX-License-Identifier: GPL-3.0-or-later
-- After the files of api/ and admin/: operators may call all that api holds, and nothing else.

do $$
declare
    operator constant text := onecard.role_prefix() || '_operator';
begin
    execute format('revoke all on all functions in schema api, admin, rules from public');
    execute format('grant execute on all functions in schema api to %I', operator);
    execute format('grant select on all tables in schema api to %I', operator);
end
$$;
