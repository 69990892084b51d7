/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carrying out a ticket on a memory card. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/family.h"
#include "card/memory.h"

#define GAP 96u        /* bytes that are rather read along than asked for apart */

typedef struct {
    OcMemoryPort port;
    OcMemoryKind kind;
    OcCardTicket *ticket;
    const OcLayoutChip *chip;
    const OcLayoutArea *header;
    GPtrArray *works;
    OcCardWork *writing;
} Session;

static gint
by_place (gconstpointer a, gconstpointer b)
{
    const OcCardWork *x = *(OcCardWork *const *) a;
    const OcCardWork *y = *(OcCardWork *const *) b;

    return (x->at > y->at) - (x->at < y->at);
}

/* Reads what is not known, neighbours by one command. */
static gboolean
read_works (Session *self, GError **error)
{
    g_autoptr(GPtrArray) missing = g_ptr_array_new ();

    for (guint i = 0; i < self->works->len; i++)
        if (((OcCardWork *) g_ptr_array_index (self->works, i))->now == NULL)
            g_ptr_array_add (missing, g_ptr_array_index (self->works, i));
    g_ptr_array_sort (missing, by_place);
    for (guint i = 0; i < missing->len;) {
        const OcCardWork *first = g_ptr_array_index (missing, i);
        guint end = first->at + first->area->size;
        g_autofree guint8 *bytes = NULL;
        guint n = 1;

        for (; i + n < missing->len; n++) {
            const OcCardWork *next = g_ptr_array_index (missing, i + n);

            if (next->at > end + GAP || next->at + next->area->size - first->at > self->port.commands->read_max)
                break;
            end = next->at + next->area->size;
        }
        bytes = g_malloc (end - first->at);
        if (!oc_memory_read (&self->port, first->at, bytes, end - first->at, error))
            return FALSE;
        for (guint k = 0; k < n; k++) {
            OcCardWork *work = g_ptr_array_index (missing, i + k);

            work->now = g_bytes_new (bytes + (work->at - first->at), work->area->size);
        }
        i += n;
    }
    return TRUE;
}

/* The id stands in the header. A card at its opening has none yet, or part of the one that it is to get. */
static gboolean
check_id (Session *self, GError **error)
{
    gsize size;
    const guint8 *wanted = g_bytes_get_data (self->ticket->serial, &size);
    guint8 header[32];
    gboolean same = size == 8;

    if (!oc_memory_read (&self->port, self->header->copies[0], header, sizeof header, error))
        return FALSE;
    for (guint i = 0; same && i < 8; i++) {
        guint8 byte = header[8 + i];

        same = byte == wanted[i] || (self->ticket->blank && (byte == 0xFF || byte == 0));
    }
    return same || oc_card_error_set (error, OC_CARD_ERROR_CHANGED, 0, _("This is another card than the one that was read."));
}

static gboolean
before_page (guint at, gsize len, gpointer data, GError **error)
{
    Session *self = data;
    const OcLayoutArea *area = self->writing->area;

    if (!oc_card_before_write (self->ticket, error))
        return FALSE;
    self->writing->sent = TRUE;
    for (guint i = 0; i < area->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (area->fields, i);

        if (field->encoding == OC_ENC_MAC && at + len > self->writing->at + field->at && area->kind != 'H')
            self->ticket->sent_mac = TRUE;
    }
    return TRUE;
}

static gboolean
write_works (Session *self, GError **error)
{
    gboolean any = FALSE;

    for (guint i = 0; i < self->works->len; i++)
        any = any || oc_card_work_differs (g_ptr_array_index (self->works, i));
    if (any && !self->port.commands->prepare_write (&self->port, self->chip, error))
        return FALSE;
    if (any && self->kind == OC_MEMORY_4442 && !oc_memory_unlock (&self->port, self->ticket->psc, self->ticket->psc_tries, error))
        return FALSE;
    for (guint i = 0; i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);

        self->writing = work;
        if (oc_card_work_differs (work)
            && !oc_memory_write (&self->port, work->at, g_bytes_get_data (work->now, NULL), g_bytes_get_data (work->step->target, NULL),
                work->area->size, before_page, self, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
carry_out (Session *self, GError **error)
{
    if (!self->port.commands->choose (&self->port, self->kind, self->chip, error))
        return FALSE;
    if (!self->ticket->fresh && !check_id (self, error))
        return FALSE;
    if (!read_works (self, error))
        return FALSE;
    for (guint i = 0; i < self->works->len; i++)
        if (!oc_card_work_check (g_ptr_array_index (self->works, i), TRUE, error))
            return FALSE;
    return write_works (self, error);
}

static gboolean
read_back (Session *self, gboolean all, GError **error)
{
    for (guint i = 0; i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);

        if (all || work->sent)
            g_clear_pointer (&work->now, g_bytes_unref);
    }
    if (!read_works (self, error))
        return FALSE;
    oc_card_work_publish (self->works, self->ticket);
    return TRUE;
}

/* Finds the ticket's chip and every area's place on it. */
static gboolean
prepare (Session *self, GError **error)
{
    const OcLayout *layout = oc_layout_for_family (self->ticket->family, NULL);

    if ((self->port.commands = oc_card_memory_commands (self->port.link, error)) == NULL
        || (self->works = oc_card_work_new (self->ticket, error)) == NULL)
        return FALSE;
    self->header = layout != NULL ? oc_layout_area_of (layout, "header") : NULL;
    self->chip = self->header != NULL && self->ticket->chip != NULL ? oc_layout_chip (layout, self->ticket->chip) : NULL;
    self->kind = oc_memory_kind (self->ticket->family, self->chip);
    for (guint i = 0; self->chip != NULL && i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);
        const char *name = work->step->area;
        gboolean header = work->area->kind == 'H';
        guint slot = header ? 1 : (guint) g_ascii_digit_value (name[1]);

        if (slot < 1 || slot > oc_layout_chip_slots (layout, self->chip))
            self->chip = NULL;
        else
            work->at = oc_layout_offset (work->area, self->chip, slot, !header && name[2] == 'B' ? 1 : 0);
    }
    return self->chip != NULL
        || oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0, _("No layout fits this card. Use another card."));
}

gboolean
oc_card_write_memory (OcCardLink *link, OcCardTicket *ticket, GError **error)
{
    Session self = { .port = { .link = link }, .ticket = ticket };
    gboolean prepared = prepare (&self, error);
    g_autoptr(GPtrArray) works = self.works;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GError) unread = NULL;

    if (!prepared)
        return FALSE;
    if (carry_out (&self, &fault))
        return read_back (&self, FALSE, error);
    if (g_error_matches (fault, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED)) {
        if (works->len > 0 && ((OcCardWork *) g_ptr_array_index (works, 0))->now != NULL && !ticket->fresh)
            oc_card_work_publish (works, ticket);
    } else if (!g_error_matches (fault, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED)) {
        read_back (&self, TRUE, &unread);
    }
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
}
