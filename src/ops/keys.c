/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading card keys: a component a person. What is typed goes to the database and nowhere else. */
#include <string.h>

#include "core/error.h"
#include "ops/desk-private.h"
#include "seal/bytes.h"

/* The digits without what people put between them; NULL: no hexadecimal. Wipes its own copies. */
static GBytes *
parse_component (const char *typed)
{
    g_autofree char *digits = g_strdup (typed);
    g_autoptr(GBytes) plain = NULL;
    GBytes *secret = NULL;
    gsize n = 0;

    for (const char *c = typed; *c != '\0'; c++)
        if (strchr (" -:", *c) == NULL)
            digits[n++] = *c;
    digits[n] = '\0';
    if ((plain = oc_unhex (digits)) != NULL)
        secret = oc_secret_bytes (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
    oc_wipe (digits, strlen (typed));
    if (plain != NULL)
        oc_wipe ((gpointer) g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));

    return secret;
}

OcRows *
oc_key_component (OcDesk *desk, const OcKeyAsk *ask, GCancellable *cancellable, GError **error)
{
    g_autoptr(GBytes) component = parse_component (ask->component);
    OcRows *rows = NULL;

    if (component == NULL) {
        oc_error_set (error, "OC076", NULL);
        return NULL;
    }

    return oc_desk_call (desk, "key_component", &rows, cancellable, error, oc_text (ask->purpose), oc_bytes (&component),
               oc_time (ask->in_force_at)) ? rows : NULL;
}
