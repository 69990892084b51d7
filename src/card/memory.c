/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory cards: what is the same behind every reader's commands. */
#include "card/memory.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/link.h"

#define LARGE_FROM 2048 /* bigger chips take two address bytes */

static const OcMemoryCommands *const command_sets[] = { &oc_acs_commands, &oc_omnikey_commands };

gboolean
oc_reader_set_commands (OcReader *self, const char *name)
{
    self->commands = NULL;
    if (name != NULL && g_str_equal (name, OC_READER_PLAIN))
        self->commands = OC_READER_PLAIN;
    for (guint i = 0; name != NULL && i < G_N_ELEMENTS (command_sets); i++)
        if (g_str_equal (command_sets[i]->name, name))
            self->commands = command_sets[i]->name;
    return name == NULL || self->commands != NULL;
}

gboolean
oc_reader_knows_memory (const OcReader *self, const char *reader)
{
    return oc_memory_commands (&(OcCardLink){ .reader = (OcReader *) self, .state = { .name = (char *) reader } }) != NULL;
}

const OcMemoryCommands *
oc_memory_commands (OcCardLink *link)
{
    const char *wanted = link->reader->commands;

    for (guint i = 0; i < G_N_ELEMENTS (command_sets); i++) {
        const OcMemoryCommands *set = command_sets[i];

        if (wanted != NULL ? g_str_equal (wanted, set->name) : link->state.name != NULL && strstr (link->state.name, set->match) != NULL)
            return set;
    }
    return NULL;
}

gboolean
oc_memory_atr (const guint8 *atr, gsize len, OcMemoryKind *kind)
{
    /* ACR39 family: no historical bytes; ACR38: "I2C."; SLE4442: the chip's own four bytes. */
    static const guint8 i2c[] = { 0x3B, 0x04, 0x49, 0x32, 0x43, 0x2E };
    static const guint8 sle[] = { 0x3B, 0x04, 0xA2, 0x13, 0x10, 0x91 };
    gboolean is_sle = len == sizeof sle && memcmp (atr, sle, sizeof sle) == 0;

    if (kind != NULL)
        *kind = is_sle ? OC_MEMORY_4442 : OC_MEMORY_SMALL;
    return is_sle || (len == 2 && atr[0] == 0x3B && atr[1] == 0) || (len == sizeof i2c && memcmp (atr, i2c, sizeof i2c) == 0);
}

OcMemoryKind
oc_memory_kind (const char *family, const OcLayoutChip *chip)
{
    if (g_str_equal (family, "4442"))
        return OC_MEMORY_4442;
    return chip != NULL && chip->size > LARGE_FROM ? OC_MEMORY_LARGE : OC_MEMORY_SMALL;
}

const char *
oc_memory_family (OcMemoryKind kind)
{
    return kind == OC_MEMORY_4442 ? "4442" : "24c";
}

gboolean
oc_memory_read (OcMemoryPort *port, guint at, guint8 *out, gsize len, GError **error)
{
    for (gsize done = 0; done < len;) {
        gsize n = MIN (len - done, port->commands->read_max);

        if (!port->commands->read (port, at + (guint) done, out + done, n, error))
            return FALSE;
        done += n;
    }
    return TRUE;
}

gboolean
oc_memory_write (OcMemoryPort *port, guint at, const guint8 *now, const guint8 *target, gsize len, OcMemoryBeforePage before,
    gpointer data, GError **error)
{
    guint page = port->chip->page;
    gsize begin = 0;

    while (begin < len) {
        gsize end = MIN (len, begin + page - (at + begin) % page);
        gsize first = begin;
        gsize last = end;

        while (first < end && now[first] == target[first])
            first++;
        while (last > first && now[last - 1] == target[last - 1])
            last--;
        if (first < last
            && (!before (at + (guint) first, last - first, data, error)
                || !port->commands->write (port, at + (guint) first, target + first, last - first, error)))
            return FALSE;
        begin = end;
    }
    return TRUE;
}

gboolean
oc_memory_unlock (OcMemoryPort *port, GBytes *psc, guint tries_needed, GError **error)
{
    guint8 bits;
    guint tries;

    if (psc == NULL || g_bytes_get_size (psc) != 3)
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, 0, _("The keys don't fit this card. Use another card."));
    if (!port->commands->read_counter (port, &bits, error))
        return FALSE;
    tries = (guint) (bits & 1) + (guint) (bits >> 1 & 1) + (guint) (bits >> 2 & 1);
    if (tries < tries_needed)
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, (guint16) (0x63C0 | tries),
            g_dngettext (GETTEXT_PACKAGE, "Wrong codes were tried on this card; %u try is left. Use another card.",
                "Wrong codes were tried on this card; %u tries are left. Use another card.", tries), tries);
    return port->commands->present_code (port, g_bytes_get_data (psc, NULL), error);
}
