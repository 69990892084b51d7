/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card of any family: tickets, and what reading and writing have in common. */
#include "card/card.h"

#include <glib/gi18n-lib.h>

#include "card/apdu.h"
#include "card/family.h"
#include "card/memory.h"

static void
step_free (gpointer data)
{
    OcCardStep *self = data;

    g_free (self->area);
    g_clear_pointer (&self->before, g_bytes_unref);
    g_clear_pointer (&self->target, g_bytes_unref);
    g_free (self);
}

/* Keys are secret bytes: they wipe themselves with their last reference. */
static void
directory_free (gpointer data)
{
    OcCardDirectory *self = data;

    g_free (self->df);
    g_clear_pointer (&self->challenge, g_bytes_unref);
    g_clear_pointer (&self->check, g_bytes_unref);
    g_clear_pointer (&self->external_key, g_bytes_unref);
    g_clear_pointer (&self->mac_key, g_bytes_unref);
    g_clear_pointer (&self->proof, g_bytes_unref);
    g_free (self);
}

OcCardTicket *
oc_card_ticket_new (const char *family, const char *chip)
{
    OcCardTicket *self = g_new0 (OcCardTicket, 1);

    self->family = g_strdup (family);
    self->chip = g_strdup (chip);
    self->steps = g_ptr_array_new_with_free_func (step_free);
    self->directories = g_ptr_array_new_with_free_func (directory_free);
    return self;
}

void
oc_card_ticket_add_step (OcCardTicket *self, const char *area, GBytes *before, GBytes *target)
{
    OcCardStep *step = g_new0 (OcCardStep, 1);

    step->area = g_strdup (area);
    step->before = before != NULL ? g_bytes_ref (before) : NULL;
    step->target = target != NULL ? g_bytes_ref (target) : NULL;
    g_ptr_array_add (self->steps, step);
}

OcCardDirectory *
oc_card_ticket_add_directory (OcCardTicket *self, const char *df)
{
    OcCardDirectory *directory = g_new0 (OcCardDirectory, 1);

    directory->df = g_strdup (df);
    g_ptr_array_add (self->directories, directory);
    return directory;
}

void
oc_card_ticket_free (OcCardTicket *self)
{
    if (self == NULL)
        return;
    g_free (self->family);
    g_free (self->chip);
    g_clear_pointer (&self->serial, g_bytes_unref);
    g_ptr_array_unref (self->steps);
    g_ptr_array_unref (self->directories);
    g_clear_pointer (&self->psc, g_bytes_unref);
    g_clear_pointer (&self->after, oc_image_free);
    g_free (self);
}

static void
work_free (gpointer data)
{
    OcCardWork *self = data;

    g_clear_pointer (&self->now, g_bytes_unref);
    g_free (self);
}

static gboolean
fits (GBytes *bytes, const OcLayoutArea *area)
{
    return bytes == NULL || g_bytes_get_size (bytes) == area->size;
}

static const OcLayout *
layout_of_step (const OcCardTicket *ticket, const OcCardStep *step)
{
    if (!g_str_equal (ticket->family, "cpu"))
        return oc_layout_for_family (ticket->family, NULL);
    for (guint i = 0; i < ticket->directories->len; i++) {
        const OcCardDirectory *directory = g_ptr_array_index (ticket->directories, i);

        if (g_str_has_prefix (step->area, directory->df))
            return directory->layout;
    }
    return NULL;
}

GPtrArray *
oc_card_work_new (const OcCardTicket *ticket, GError **error)
{
    g_autoptr(GPtrArray) works = g_ptr_array_new_with_free_func (work_free);

    for (guint i = 0; i < ticket->steps->len; i++) {
        const OcCardStep *step = g_ptr_array_index (ticket->steps, i);
        const OcLayout *layout = layout_of_step (ticket, step);
        const OcLayoutArea *area = layout != NULL ? oc_layout_area_of (layout, step->area) : NULL;
        OcCardWork *work;

        if (area == NULL || !fits (step->before, area) || !fits (step->target, area)) {
            oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0, _("No layout fits this card. Use another card."));
            return NULL;
        }
        work = g_new0 (OcCardWork, 1);
        work->step = step;
        work->area = area;
        if (ticket->fresh && step->before != NULL)
            work->now = g_bytes_ref (step->before);
        g_ptr_array_add (works, work);
    }
    return g_steal_pointer (&works);
}

gboolean
oc_card_work_differs (const OcCardWork *work)
{
    return work->step->target != NULL && !g_bytes_equal (work->now, work->step->target);
}

gboolean
oc_card_work_check (const OcCardWork *work, gboolean erased, GError **error)
{
    if (work->step->target == NULL || work->step->before == NULL
        || oc_image_may_be_torn (work->now, work->step->before, work->step->target, erased))
        return TRUE;
    return oc_card_error_set (error, OC_CARD_ERROR_CHANGED, 0, _("The card isn't as it was read before. Read it again."));
}

void
oc_card_work_publish (GPtrArray *works, OcCardTicket *ticket)
{
    OcImage *after = oc_image_new (ticket->family, ticket->chip);

    oc_image_set_serial (after, ticket->serial);
    for (guint i = 0; i < works->len; i++) {
        const OcCardWork *work = g_ptr_array_index (works, i);
        gsize size;
        const guint8 *data = g_bytes_get_data (work->now, &size);

        oc_image_set (after, work->step->area, data, size);
    }
    g_clear_pointer (&ticket->after, oc_image_free);
    ticket->after = after;
}

gboolean
oc_card_is_blank (const guint8 *data, gsize size)
{
    gboolean zeros = TRUE;
    gboolean ones = TRUE;

    for (gsize i = 0; i < size; i++) {
        zeros = zeros && data[i] == 0;
        ones = ones && data[i] == 0xFF;
    }
    return zeros || ones;
}

gboolean
oc_card_before_write (OcCardTicket *ticket, GError **error)
{
    if (ticket->renew != NULL && !ticket->renew (ticket->renew_data, error))
        return FALSE;
    ticket->sent = TRUE;
    return TRUE;
}

OcImage *
oc_card_read (OcCardLink *link, const OcCardPlan *plan, GError **error)
{
    g_autoptr(GError) cpu_error = NULL;
    gsize atr_len;
    const guint8 *atr = oc_card_link_atr (link, &atr_len);
    gboolean is_cpu = FALSE;
    OcImage *image;

    if (!oc_memory_atr (atr, atr_len, NULL)) {
        if ((image = oc_card_read_cpu (link, plan, &is_cpu, &cpu_error)) != NULL)
            return image;
        /* Only a card that said no to the first command may be something else. */
        if (is_cpu || !g_error_matches (cpu_error, OC_CARD_ERROR, OC_CARD_ERROR_STATUS)
            || oc_memory_commands (link) == NULL) {
            g_propagate_error (error, g_steal_pointer (&cpu_error));
            return NULL;
        }
    }
    return oc_card_read_memory (link, plan, error);
}

gboolean
oc_card_write (OcCardLink *link, OcCardTicket *ticket, GError **error)
{
    g_clear_pointer (&ticket->after, oc_image_free);
    ticket->sent = ticket->sent_mac = FALSE;
    if (g_str_equal (ticket->family, "cpu"))
        return oc_card_write_cpu (link, ticket, error);
    return oc_card_write_memory (link, ticket, error);
}
