-- SPDX-License-Identifier: GPL-3.0-or-later
-- Card layouts of a site's own meter makers. Owner only; the station's reader of layouts has checked the document.

-- Takes it, or its new text. A layout stays when its file is gone: cards may be out with it.
create function admin.load_layout(p_document jsonb) returns void
language plpgsql set search_path = onecard, rules, ext, pg_temp as $$
begin
    perform rules.load_layout(p_document);
end $$;
