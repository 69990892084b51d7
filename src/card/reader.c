/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every reader has in common: its errors, its states, its end. */
#include "card/reader.h"

#include <string.h>

#include "card/apdu.h"

typedef struct {
    guint16 sw;
} OcCardErrorPrivate;

static void
oc_card_error_private_init (OcCardErrorPrivate *private)
{
    private->sw = 0;
}

static void
oc_card_error_private_copy (const OcCardErrorPrivate *src, OcCardErrorPrivate *dest)
{
    *dest = *src;
}

static void
oc_card_error_private_clear (OcCardErrorPrivate *private)
{
}

G_DEFINE_EXTENDED_ERROR (OcCardError, oc_card_error)

guint16
oc_card_error_get_sw (const GError *error)
{
    const OcCardErrorPrivate *private = oc_card_error_get_private (error);

    return private != NULL ? private->sw : 0;
}

gboolean
oc_card_error_set (GError **error, OcCardErrorCode code, guint16 sw, const char *format, ...)
{
    va_list args;
    GError *made;

    va_start (args, format);
    made = g_error_new_valist (OC_CARD_ERROR, (int) code, format, args);
    va_end (args);
    oc_card_error_get_private (made)->sw = sw;
    g_propagate_error (error, made);
    return FALSE;
}

void
oc_reader_state_free (OcReaderState *self)
{
    if (self == NULL)
        return;
    g_free (self->name);
    g_free (self);
}

char *
oc_reader_name_stem (const char *name)
{
    gsize len = strlen (name);

    /* pcsc-lite: " 00 00"; Windows: " 0" */
    while (len > 2) {
        gsize digits = 0;

        while (digits < len && g_ascii_isxdigit (name[len - 1 - digits]))
            digits++;
        if (digits == 0 || digits > 2 || digits + 1 >= len || name[len - 1 - digits] != ' ')
            break;
        len -= digits + 1;
    }
    return g_strndup (name, len);
}

void
oc_reader_free (OcReader *self)
{
    if (self != NULL)
        self->klass->free (self);
}
