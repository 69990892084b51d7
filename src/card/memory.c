/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory cards: what is the same behind every reader's commands. */
#include "card/memory.h"

#include <string.h>

static const OcMemoryCommands *const command_sets[] = { &oc_acs_commands };

const OcMemoryCommands *
oc_memory_commands (const char *reader)
{
    for (guint i = 0; i < G_N_ELEMENTS (command_sets); i++)
        if (g_ascii_strncasecmp (reader, command_sets[i]->match, strlen (command_sets[i]->match)) == 0)
            return command_sets[i];
    return NULL;
}

gboolean
oc_memory_atr (const guint8 *atr, gsize len)
{
    /* ACR39 family: no historical bytes; ACR38: "I2C." */
    static const guint8 i2c[] = { 0x3B, 0x04, 0x49, 0x32, 0x43, 0x2E };

    return (len == 2 && atr[0] == 0x3B && atr[1] == 0) || (len == sizeof i2c && memcmp (atr, i2c, sizeof i2c) == 0);
}

gboolean
oc_memory_is_large (const OcLayoutChip *chip)
{
    return chip->size > 2048;
}

gboolean
oc_memory_read (const OcMemoryCommands *commands, OcCardLink *link, guint at, guint8 *out, gsize len, GError **error)
{
    for (gsize done = 0; done < len;) {
        gsize n = MIN (len - done, commands->read_max);

        if (!commands->read (link, at + (guint) done, out + done, n, error))
            return FALSE;
        done += n;
    }
    return TRUE;
}

gboolean
oc_memory_write (const OcMemoryCommands *commands, OcCardLink *link, guint page, guint at, const guint8 *now,
    const guint8 *target, gsize len, OcMemoryBeforePage before, gpointer data, GError **error)
{
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
                || !commands->write (link, at + (guint) first, target + first, last - first, error)))
            return FALSE;
        begin = end;
    }
    return TRUE;
}
