/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a 24C memory card's image, and carrying out a ticket on one. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "card/family.h"
#include "card/memory.h"

#define FAMILY "24c"
#define HEAD 128u      /* every chip has so much: one command tells which it is */
#define IMAGE_MAX 4096u /* no layout's slots end later */
#define GAP 96u        /* bytes that are rather read along than asked for apart */

/* What was read of a chip, from its beginning on. */
typedef struct {
    const OcLayoutChip *chip; /* NULL: not known */
    guint8 bytes[IMAGE_MAX];
    guint size;
} Dump;

static const OcMemoryCommands *
commands_of (OcCardLink *link, GError **error)
{
    const OcMemoryCommands *commands = oc_memory_commands (oc_card_link_reader (link));

    if (commands == NULL)
        oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0, _("This reader can't read memory cards. Use another reader."));
    return commands;
}

static const OcLayoutArea *
area_of_kind (const OcLayout *layout, char kind)
{
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

        if (area->kind == kind)
            return area;
    }
    return NULL;
}

/* The chip that a header names; NULL when it is none of ours. */
static const OcLayoutChip *
chip_of_header (const OcLayout *layout, const guint8 *bytes)
{
    const OcLayoutArea *header = area_of_kind (layout, 'H');
    const OcLayoutChip *chip = NULL;

    for (guint i = 0; i < header->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (header->fields, i);

        if (field->encoding == OC_ENC_CONST && memcmp (bytes + field->at, g_bytes_get_data (field->constant, NULL), field->length) != 0)
            return NULL;
        for (guint k = 0; g_str_equal (field->name, "chip") && k < layout->chips->len; k++) {
            const OcLayoutChip *known = g_ptr_array_index (layout->chips, k);

            if (known->code == bytes[field->at])
                chip = known;
        }
    }
    return chip;
}

static guint
end_of_slots (const OcLayout *layout, const OcLayoutChip *chip)
{
    return chip->first + oc_layout_chip_slots (layout, chip) * chip->stride;
}

/* A chip that nothing names ends where it refuses to be read, at the size of some chip. */
static gboolean
dump_unknown (const OcMemoryCommands *commands, OcCardLink *link, const OcLayout *layout, gboolean large, Dump *dump, GError **error)
{
    const OcLayoutChip *biggest = NULL;

    for (guint i = 0; i < layout->chips->len; i++) {
        const OcLayoutChip *chip = g_ptr_array_index (layout->chips, i);
        g_autoptr(GError) why = NULL;
        guint end = end_of_slots (layout, chip);

        if (oc_memory_is_large (chip) != large)
            continue;
        if (end <= dump->size) {
            biggest = chip;
            continue;
        }
        if (oc_memory_read (commands, link, dump->size, dump->bytes + dump->size, end - dump->size, &why)) {
            dump->size = end;
            biggest = chip;
        } else if (g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_STATUS)) {
            break;
        } else {
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        }
    }
    if (!oc_card_is_blank (dump->bytes, dump->size))
        dump->chip = biggest;
    return TRUE;
}

static gboolean
dump_chip (const OcMemoryCommands *commands, OcCardLink *link, const OcLayout *layout, gboolean large,
    const OcLayoutChip *hint, Dump *dump, GError **error)
{
    const OcLayoutChip *named;
    guint end;

    dump->chip = NULL;
    dump->size = HEAD;
    if (!commands->choose (link, large, error) || !oc_memory_read (commands, link, 0, dump->bytes, HEAD, error))
        return FALSE;
    named = chip_of_header (layout, dump->bytes);
    dump->chip = named != NULL && oc_memory_is_large (named) == large ? named : hint;
    if (dump->chip == NULL)
        return dump_unknown (commands, link, layout, large, dump, error);
    end = MIN (end_of_slots (layout, dump->chip), IMAGE_MAX);
    if (end > dump->size && !oc_memory_read (commands, link, dump->size, dump->bytes + dump->size, end - dump->size, error))
        return FALSE;
    dump->size = end;
    return TRUE;
}

static void
set_record (OcImage *image, const OcLayoutArea *area, guint slot, guint copy, const guint8 *bytes)
{
    g_autofree char *name = g_strdup_printf ("%c%u%c", area->kind, slot, copy == 0 ? 'A' : 'B');

    oc_image_set (image, name, bytes, area->size);
}

static OcImage *
image_of_dump (const OcLayout *layout, const Dump *dump, gboolean whole)
{
    OcImage *image = oc_image_new (FAMILY, dump->chip != NULL ? dump->chip->name : NULL);
    const OcLayoutArea *header = area_of_kind (layout, 'H');
    guint n_slots = dump->chip != NULL ? oc_layout_chip_slots (layout, dump->chip) : 0;

    oc_image_set (image, "header", dump->bytes, header->size);
    if (!oc_card_is_blank (dump->bytes, header->size)) {
        g_autoptr(GBytes) id = g_bytes_new (dump->bytes + 8, 8);

        oc_image_set_serial (image, id);
    }
    for (guint slot = 1; slot <= n_slots; slot++) {
        guint begin = dump->chip->first + (slot - 1) * dump->chip->stride;

        if (begin + dump->chip->stride > dump->size || (!whole && oc_card_is_blank (dump->bytes + begin, dump->chip->stride)))
            continue;
        for (guint i = 0; i < layout->areas->len; i++) {
            const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);

            for (guint copy = 0; area->kind != 'H' && copy < area->n_copies; copy++)
                set_record (image, area, slot, copy, dump->bytes + oc_layout_offset (area, dump->chip, slot, copy));
        }
    }
    return image;
}

OcImage *
oc_card_read_memory (OcCardLink *link, const OcCardPlan *plan, GError **error)
{
    const OcMemoryCommands *commands = commands_of (link, error);
    const OcLayout *layout = oc_layout_for_family (FAMILY, NULL);
    const OcLayoutChip *hint = plan->chip != NULL && layout != NULL ? oc_layout_chip (layout, plan->chip) : NULL;
    g_autofree Dump *dump = g_new0 (Dump, 1);
    g_autofree Dump *other = g_new0 (Dump, 1);
    gboolean large = hint != NULL && oc_memory_is_large (hint);
    g_autoptr(GError) why = NULL;

    if (commands == NULL)
        return NULL;
    if (!dump_chip (commands, link, layout, large, hint, dump, &why)) {
        if (g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_STATUS) && oc_card_error_get_sw (why) == 0x6300) {
            g_clear_error (&why);
            oc_card_error_set (&why, OC_CARD_ERROR_UNREADABLE, 0x6300, _("No layout fits this card. Use another card."));
        }
        g_propagate_error (error, g_steal_pointer (&why));
        return NULL;
    }
    /* A big chip looks blank to one who addresses it as a small one, and the other way round. */
    if (oc_card_is_blank (dump->bytes, dump->size)) {
        if (dump_chip (commands, link, layout, !large, NULL, other, &why) && !oc_card_is_blank (other->bytes, other->size))
            return image_of_dump (layout, other, plan->whole);
        if (g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED)) {
            g_propagate_error (error, g_steal_pointer (&why));
            return NULL;
        }
    }
    return image_of_dump (layout, dump, plan->whole);
}

/* Writing -------------------------------------------------------------------------------------------------------- */

typedef struct {
    const OcMemoryCommands *commands;
    OcCardLink *link;
    OcCardTicket *ticket;
    const OcLayoutChip *chip;
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

            if (next->at > end + GAP || next->at + next->area->size - first->at > self->commands->read_max)
                break;
            end = next->at + next->area->size;
        }
        bytes = g_malloc (end - first->at);
        if (!oc_memory_read (self->commands, self->link, first->at, bytes, end - first->at, error))
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

    if (!oc_memory_read (self->commands, self->link, 0, header, sizeof header, error))
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
    if (any && !self->commands->set_page (self->link, self->chip->page, error))
        return FALSE;
    for (guint i = 0; i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);

        self->writing = work;
        if (oc_card_work_differs (work)
            && !oc_memory_write (self->commands, self->link, self->chip->page, work->at, g_bytes_get_data (work->now, NULL),
                g_bytes_get_data (work->step->target, NULL), work->area->size, before_page, self, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
carry_out (Session *self, GError **error)
{
    if (!self->commands->choose (self->link, oc_memory_is_large (self->chip), error))
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

    if ((self->commands = commands_of (self->link, error)) == NULL || (self->works = oc_card_work_new (self->ticket, error)) == NULL)
        return FALSE;
    self->chip = self->ticket->chip != NULL ? oc_layout_chip (layout, self->ticket->chip) : NULL;
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
    Session self = { .link = link, .ticket = ticket };
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
