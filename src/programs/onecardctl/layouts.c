/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card layouts of a site's own: checked before they go into the folder "cards" of the data. */
#include <glib/gi18n.h>

#include "card/layout.h"
#include "programs/onecardctl/ctl.h"

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const char *name, guint number)
{
    json_builder_set_member_name (builder, name);
    json_builder_add_int_value (builder, number);
}

static void
print_layout (Ctl *ctl, const OcLayout *layout)
{
    JsonBuilder *builder;

    if (!ctl->json) {
        /* Translators: name, title and kind of card of a layout */
        g_print (_("%s: %s (%s)\n"), layout->name, layout->title, layout->family);
        return;
    }
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    add_text (builder, "layout", layout->name);
    add_number (builder, "version", layout->version);
    add_text (builder, "title", layout->title);
    add_text (builder, "family", layout->family);
    add_number (builder, "areas", layout->areas->len);
    json_builder_end_object (builder);
    ctl_print_json (builder);
}

static int
refuse (Ctl *ctl, const GError *error)
{
    JsonBuilder *builder;
    guint line, column;

    oc_layout_error_get_place (error, &line, &column);
    if (!ctl->json || line == 0)
        return ctl_fail (ctl, error);
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "error");
    json_builder_begin_object (builder);
    add_text (builder, "code", "LAYOUT");
    add_number (builder, "line", line);
    add_number (builder, "column", column);
    add_text (builder, "message", error->message);
    json_builder_end_object (builder);
    json_builder_end_object (builder);
    ctl_print_json (builder);

    return CTL_REFUSED;
}

static int
run_check (Ctl *ctl, int argc, char **argv)
{
    g_autoptr(OcLayout) layout = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    if (!ctl_parse (ctl, NULL, &argc, &argv, 1, &status))
        return status;
    if (!(layout = oc_layout_read (argv[1], NULL, &error)))
        return error->domain == G_FILE_ERROR ? ctl_wrong_use (ctl, "%s", error->message) : refuse (ctl, error);
    print_layout (ctl, layout);

    return CTL_DONE;
}

const CtlCommand ctl_layout_commands[] = {
    { "layouts check", N_("FILE"), N_("Says whether a card layout can be sold with, or in which line and column it is wrong"), run_check },
    { NULL },
};
