/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a memory card's image. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "card/family.h"
#include "card/memory.h"

#define HEAD 128u      /* every I2C chip has so much: one command tells which it is */
#define IMAGE_MAX 4096u /* no layout's slots end later */

/* What was read of a chip, from its beginning on. */
typedef struct {
    const OcLayout *layout;
    const OcLayoutArea *header;
    const OcLayoutChip *chip; /* NULL: not known */
    OcMemoryKind kind;
    guint8 bytes[IMAGE_MAX];
    guint size;
    guint begin; /* what lies before is not ours */
} Dump;

const OcMemoryCommands *
oc_card_memory_commands (OcCardLink *link, GError **error)
{
    const OcMemoryCommands *commands = oc_memory_commands (link);

    if (commands == NULL)
        oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0, _("This reader can't read memory cards. Use another reader."));
    return commands;
}

/* The chip that a header names; NULL when it is none of ours. */
static const OcLayoutChip *
chip_of_header (const Dump *dump)
{
    const guint8 *bytes = dump->bytes + dump->header->copies[0];
    const OcLayoutChip *chip = NULL;

    for (guint i = 0; i < dump->header->fields->len; i++) {
        const OcLayoutField *field = g_ptr_array_index (dump->header->fields, i);

        if (field->encoding == OC_ENC_CONST && memcmp (bytes + field->at, g_bytes_get_data (field->constant, NULL), field->length) != 0)
            return NULL;
        for (guint k = 0; g_str_equal (field->name, "chip") && k < dump->layout->chips->len; k++) {
            const OcLayoutChip *known = g_ptr_array_index (dump->layout->chips, k);

            if (known->code == bytes[field->at])
                chip = known;
        }
    }
    return chip != NULL && oc_memory_kind (dump->layout->family, chip) == dump->kind ? chip : NULL;
}

static gboolean
is_blank (const Dump *dump)
{
    return oc_card_is_blank (dump->bytes + dump->begin, dump->size - dump->begin);
}

static guint
end_of_slots (const OcLayout *layout, const OcLayoutChip *chip)
{
    return MIN (chip->first + oc_layout_chip_slots (layout, chip) * chip->stride, IMAGE_MAX);
}

/* Reads on up to @end. */
static gboolean
dump_more (OcMemoryPort *port, Dump *dump, guint end, GError **error)
{
    if (end > dump->size && !oc_memory_read (port, dump->size, dump->bytes + dump->size, end - dump->size, error))
        return FALSE;
    dump->size = MAX (dump->size, end);
    return TRUE;
}

/* A chip that nothing names ends where it refuses to be read, at the size of some chip. */
static gboolean
dump_unknown (OcMemoryPort *port, Dump *dump, GError **error)
{
    const OcLayoutChip *biggest = NULL;

    for (guint i = 0; i < dump->layout->chips->len; i++) {
        const OcLayoutChip *chip = g_ptr_array_index (dump->layout->chips, i);
        g_autoptr(GError) why = NULL;

        if (oc_memory_kind (dump->layout->family, chip) != dump->kind)
            continue;
        if (dump_more (port, dump, end_of_slots (dump->layout, chip), &why)) {
            biggest = chip;
        } else if (g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_STATUS)) {
            break;
        } else {
            g_propagate_error (error, g_steal_pointer (&why));
            return FALSE;
        }
    }
    if (!is_blank (dump))
        dump->chip = biggest;
    return TRUE;
}

/* @hint: the chip to expect on a card that doesn't say. There is but one SLE4442, and all of it that can be ours goes into
 * one command. @glance: where the beginning is blank, no further. */
static gboolean
dump_chip (OcMemoryPort *port, OcMemoryKind kind, const OcLayoutChip *hint, gboolean glance, Dump *dump, GError **error)
{
    const OcLayoutChip *named;

    dump->kind = kind;
    dump->layout = oc_layout_for_family (oc_memory_family (kind), NULL);
    dump->header = oc_layout_area_of (dump->layout, "header");
    dump->chip = NULL;
    dump->begin = dump->size = dump->header->copies[0];
    if (kind == OC_MEMORY_4442)
        hint = g_ptr_array_index (dump->layout->chips, 0);
    else if (hint != NULL && oc_memory_kind ("24c", hint) != kind)
        hint = NULL;
    if (!port->commands->choose (port, kind, hint, error)
        || !dump_more (port, dump, kind == OC_MEMORY_4442 ? hint->size : HEAD, error))
        return FALSE;
    if (glance && is_blank (dump))
        return TRUE;
    named = chip_of_header (dump);
    dump->chip = named != NULL ? named : hint;
    if (dump->chip == NULL)
        return dump_unknown (port, dump, error);
    return dump_more (port, dump, end_of_slots (dump->layout, dump->chip), error);
}

static void
set_record (OcImage *image, const OcLayoutArea *area, guint slot, guint copy, const guint8 *bytes)
{
    g_autofree char *name = g_strdup_printf ("%c%u%c", area->kind, slot, copy == 0 ? 'A' : 'B');

    oc_image_set (image, name, bytes, area->size);
}

static OcImage *
image_of_dump (const Dump *dump, gboolean whole)
{
    OcImage *image = oc_image_new (dump->layout->family, dump->chip != NULL ? dump->chip->name : NULL);
    const guint8 *header = dump->bytes + dump->header->copies[0];
    guint n_slots = dump->chip != NULL ? oc_layout_chip_slots (dump->layout, dump->chip) : 0;

    oc_image_set (image, "header", header, dump->header->size);
    if (!oc_card_is_blank (header, dump->header->size)) {
        g_autoptr(GBytes) id = g_bytes_new (header + 8, 8);

        oc_image_set_serial (image, id);
    }
    for (guint slot = 1; slot <= n_slots; slot++) {
        guint begin = dump->chip->first + (slot - 1) * dump->chip->stride;

        if (begin + dump->chip->stride > dump->size || (!whole && oc_card_is_blank (dump->bytes + begin, dump->chip->stride)))
            continue;
        for (guint i = 0; i < dump->layout->areas->len; i++) {
            const OcLayoutArea *area = g_ptr_array_index (dump->layout->areas, i);

            for (guint copy = 0; area->kind != 'H' && copy < area->n_copies; copy++)
                set_record (image, area, slot, copy, dump->bytes + oc_layout_offset (area, dump->chip, slot, copy));
        }
    }
    return image;
}

/* What the card may be, the likeliest first. No reader tells which I2C chip it holds, and some not even that it is one. */
static guint
list_kinds (OcCardLink *link, const OcLayoutChip *hint, OcMemoryKind kinds[3])
{
    gsize len;
    const guint8 *atr = oc_card_link_atr (link, &len);
    OcMemoryKind seen;
    gboolean large = hint != NULL && oc_memory_kind ("24c", hint) == OC_MEMORY_LARGE;

    if (oc_memory_atr (atr, len, &seen) && seen == OC_MEMORY_4442) {
        kinds[0] = seen;
        return 1;
    }
    kinds[0] = large ? OC_MEMORY_LARGE : OC_MEMORY_SMALL;
    kinds[1] = large ? OC_MEMORY_SMALL : OC_MEMORY_LARGE;
    kinds[2] = OC_MEMORY_4442;
    return 3;
}

/* A status says that the card is not of the kind that it was taken for. */
static gboolean
is_other_kind (const GError *why)
{
    return g_error_matches (why, OC_CARD_ERROR, OC_CARD_ERROR_STATUS);
}

static OcImage *
fail_to_read (GError *why, GError **error)
{
    g_autoptr(GError) cause = why;

    if (is_other_kind (cause) && oc_card_error_get_sw (cause) == 0x6300)
        oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0x6300, _("No layout fits this card. Use another card."));
    else
        g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
}

typedef struct {
    OcMemoryPort port;
    const OcLayoutChip *hint;
    gboolean whole;
    Dump dump;
    OcImage *blank; /* what is blank in every way that was tried */
    GError *first;  /* why the first kind was none */
} Search;

/* Tries the kinds in turn. @glance: where the beginning is blank no further, so that a chip of another kind is found before all of
 * this one is read. FALSE: an end, for better or worse; @found is the image, or @error why there is none. */
static gboolean
search_kinds (Search *self, const OcMemoryKind *kinds, guint n_kinds, gboolean glance, OcImage **found, GError **error)
{
    for (guint i = 0; i < n_kinds; i++) {
        g_autoptr(GError) why = NULL;

        if (kinds[i] == OC_MEMORY_4442 ? self->blank != NULL : self->first != NULL && self->blank == NULL)
            continue; /* what answers as I2C is no other chip; what can't be addressed at all is none of either size */
        if (dump_chip (&self->port, kinds[i], self->hint, glance, &self->dump, &why)) {
            if (!is_blank (&self->dump)) {
                *found = image_of_dump (&self->dump, self->whole);
                return FALSE;
            }
            if (self->blank == NULL)
                self->blank = image_of_dump (&self->dump, self->whole);
        } else if (!is_other_kind (why)) {
            fail_to_read (g_steal_pointer (&why), error);
            return FALSE;
        } else if (self->first == NULL) {
            self->first = g_steal_pointer (&why);
        }
    }
    return TRUE;
}

static void
forget (Search *self)
{
    g_clear_pointer (&self->blank, oc_image_free);
    g_clear_error (&self->first);
}

/* A big chip looks blank to one who addresses it as a small one, and the other way round: blank is what is blank both ways. Where
 * nothing says which it is, both are looked at before either is read to its end. */
OcImage *
oc_card_read_memory (OcCardLink *link, const OcCardPlan *plan, GError **error)
{
    const OcLayout *layout = oc_layout_for_family (oc_memory_family (OC_MEMORY_SMALL), NULL);
    g_autofree Search *self = g_new0 (Search, 1);
    OcImage *found = NULL;
    OcMemoryKind kinds[3];
    gboolean on = TRUE;
    guint n_kinds, begin = 0;

    self->port = (OcMemoryPort){ .commands = oc_card_memory_commands (link, error), .link = link };
    if (self->port.commands == NULL)
        return NULL;
    self->hint = plan->chip != NULL ? oc_layout_chip (layout, plan->chip) : NULL;
    self->whole = plan->whole;
    n_kinds = list_kinds (link, self->hint, kinds);
    if (self->hint == NULL && n_kinds > 1) {
        on = search_kinds (self, kinds, 2, TRUE, &found, error);
        begin = self->blank == NULL ? 2 : 0; /* neither size answered */
        if (begin == 0)
            forget (self);
    }
    if (on && search_kinds (self, kinds + begin, n_kinds - begin, FALSE, &found, error))
        found = self->blank != NULL ? g_steal_pointer (&self->blank) : fail_to_read (g_steal_pointer (&self->first), error);
    forget (self);
    return found;
}
