/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a CPU card's image, and carrying out a ticket on one. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "card/apdu.h"
#include "card/cpu.h"
#include "card/family.h"
#include "seal/bytes.h"
#include "seal/mac.h"

typedef struct {
    OcCpu cpu;
    OcCardTicket *ticket;
    GPtrArray *works;
    OcCardWork *writing;      /* the area whose bytes are being sent */
    OcCardDirectory *trusted; /* the directory that has taken our EXTERNAL AUTHENTICATE */
} Session;

/* A card that has no such file, or has it shorter, is of another maker. */
static gboolean
not_ours (GError **error)
{
    guint16 sw = oc_card_error_get_sw (*error);

    if ((sw & 0xFF00) != 0x6A00 && (sw & 0xFF00) != 0x6B00 && !g_error_matches (*error, OC_CARD_ERROR, OC_CARD_ERROR_PROTOCOL))
        return FALSE;
    g_clear_error (error);
    return oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, sw, _("No layout fits this card. Use another card."));
}

/* Of all candidates; the longest, where they differ. */
static gsize
size_of_file (GPtrArray *layouts, guint sfi)
{
    gsize size = 0;

    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);

        for (guint k = 0; k < layout->areas->len; k++) {
            const OcLayoutArea *area = g_ptr_array_index (layout->areas, k);

            if (area->sfi == sfi)
                size = MAX (size, area->size);
        }
    }
    return size;
}

/* Unless it was asked for already; one that is not there has no bytes. @blank: nothing is in it. */
static gboolean
read_file (OcCpu *cpu, GPtrArray *layouts, guint sfi, const char *directory, OcImage *image, gboolean *blank, GError **error)
{
    g_autofree char *name = g_strdup_printf ("%s/%02X", directory, sfi);
    gsize size = size_of_file (layouts, sfi);
    g_autofree guint8 *data = g_malloc (size);

    *blank = TRUE;
    if (oc_image_get (image, name) != NULL)
        return TRUE;
    if (!oc_cpu_read_some (cpu, (guint8) sfi, data, &size, error))
        return FALSE;
    *blank = oc_card_is_blank (data, size);
    oc_image_set (image, name, data, size);
    return TRUE;
}

/* Whether every file of the layout is there, as long as it must be. */
static gboolean
is_complete (const OcLayout *layout, const char *directory, const OcImage *image)
{
    for (guint i = 0; i < layout->areas->len; i++) {
        const OcLayoutArea *area = g_ptr_array_index (layout->areas, i);
        g_autofree char *name = g_strdup_printf ("%s/%02X", directory, area->sfi);
        GBytes *bytes = oc_image_get (image, name);

        if (bytes == NULL || g_bytes_get_size (bytes) < area->size)
            return FALSE;
    }
    return TRUE;
}

static gboolean
no_layout (const char *directory, GError **error)
{
    return oc_card_error_set (error, OC_CARD_ERROR_PROTOCOL, 0, "no layout fits %s", directory);
}

/* The parameters say whether a directory is in use; without them it is another maker's. */
static gboolean
read_parameters (OcCpu *cpu, GPtrArray *layouts, const char *directory, OcImage *image, gboolean *in_use, GError **error)
{
    gsize size = 0;

    *in_use = FALSE;
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayoutArea *area = oc_layout_role (g_ptr_array_index (layouts, i), OC_ROLE_PARAMETERS);
        gboolean blank;

        if (!read_file (cpu, layouts, area->sfi, directory, image, &blank, error))
            return FALSE;
        *in_use = *in_use || !blank;
    }
    for (guint i = 0; i < oc_image_count (image); i++)
        size += g_bytes_get_size (oc_image_bytes (image, i));
    return size > 0 || no_layout (directory, error);
}

static gboolean
read_others (OcCpu *cpu, GPtrArray *layouts, const char *directory, OcImage *image, GError **error)
{
    for (guint i = 0; i < layouts->len; i++) {
        const OcLayout *layout = g_ptr_array_index (layouts, i);

        for (guint k = 0; k < layout->areas->len; k++) {
            const OcLayoutArea *area = g_ptr_array_index (layout->areas, k);
            gboolean blank;

            if (!read_file (cpu, layouts, area->sfi, directory, image, &blank, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
read_directory (OcCpu *cpu, const OcCardPlan *plan, const char *directory, OcImage *image, GError **error)
{
    g_autoptr(GPtrArray) layouts = oc_layouts_of_directory (directory, plan->layouts);
    g_autoptr(OcImage) found = oc_image_new ("cpu", "cpu");
    gboolean there, in_use;
    gboolean complete = FALSE;

    if (layouts->len == 0)
        return TRUE;
    if (!oc_cpu_select (cpu, oc_cpu_directory (directory), &there, error))
        return FALSE;
    if (!there)
        return TRUE;
    if (!read_parameters (cpu, layouts, directory, found, &in_use, error))
        return FALSE;
    if (!in_use && !plan->whole)
        return TRUE;
    if (!read_others (cpu, layouts, directory, found, error))
        return FALSE;
    for (guint i = 0; i < layouts->len; i++)
        complete = complete || is_complete (g_ptr_array_index (layouts, i), directory, found);
    /* what is on a card in use is shown, even where files are missing; a blank one of another maker is no use */
    if (!complete && !in_use)
        return no_layout (directory, error);
    for (guint i = 0; i < oc_image_count (found); i++) {
        gsize size;
        const guint8 *data = g_bytes_get_data (oc_image_bytes (found, i), &size);

        if (size > 0)
            oc_image_set (image, oc_image_area (found, i), data, size);
    }
    return TRUE;
}

static gboolean
select_master (OcCpu *cpu, GError **error)
{
    gboolean there;

    if (!oc_cpu_select (cpu, OC_CPU_MF, &there, error))
        return FALSE;
    return there || oc_sw_error (0x6A82, "selecting the master file", error);
}

OcImage *
oc_card_read_cpu (OcCardLink *link, const OcCardPlan *plan, gboolean *is_cpu, GError **error)
{
    static const char *const otherwise[] = { "DF01", NULL };
    const char *const *directories = plan->directories != NULL ? plan->directories : otherwise;
    OcCpu cpu = { link, 0 };
    g_autoptr(OcImage) image = oc_image_new ("cpu", "cpu");
    g_autoptr(GBytes) serial = NULL;
    g_autoptr(GError) why = NULL;
    guint8 bytes[8];
    gboolean ok;

    *is_cpu = FALSE;
    if (!select_master (&cpu, error))
        return NULL;
    *is_cpu = TRUE;
    ok = oc_cpu_serial (&cpu, bytes, &why);
    for (guint i = 0; ok && directories[i] != NULL; i++)
        ok = read_directory (&cpu, plan, directories[i], image, &why);
    if (!ok) {
        not_ours (&why);
        g_propagate_error (error, g_steal_pointer (&why));
        return NULL;
    }
    serial = g_bytes_new (bytes, sizeof bytes);
    oc_image_set_serial (image, serial);
    return g_steal_pointer (&image);
}

/* Writing -------------------------------------------------------------------------------------------------------- */

static gboolean
select_directory (Session *self, const char *area, GError **error)
{
    g_autofree char *directory = g_strndup (area, strcspn (area, "/"));
    gboolean there;

    if (self->cpu.current != oc_cpu_directory (directory))
        self->trusted = NULL; /* what a card grants in one directory ends with leaving it */
    if (!oc_cpu_select (&self->cpu, oc_cpu_directory (directory), &there, error))
        return FALSE;
    return there || oc_card_error_set (error, OC_CARD_ERROR_UNREADABLE, 0x6A82, _("No layout fits this card. Use another card."));
}

static gboolean
check_serial (Session *self, GError **error)
{
    guint8 serial[8];
    gsize size;
    const guint8 *wanted = g_bytes_get_data (self->ticket->serial, &size);

    if (!select_master (&self->cpu, error) || !oc_cpu_serial (&self->cpu, serial, error))
        return FALSE;
    return (size == sizeof serial && memcmp (serial, wanted, size) == 0)
        || oc_card_error_set (error, OC_CARD_ERROR_CHANGED, 0, _("This is another card than the one that was read."));
}

/* Reads what is not known of the directory's areas. */
static gboolean
read_works (Session *self, const char *df, GError **error)
{
    for (guint i = 0; i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);
        g_autofree guint8 *data = NULL;

        if (work->now != NULL || !g_str_has_prefix (work->step->area, df))
            continue;
        data = g_malloc (work->area->size);
        if (!select_directory (self, df, error)
            || !oc_cpu_read (&self->cpu, (guint8) work->area->sfi, data, work->area->size, error))
            return FALSE;
        work->now = g_bytes_new_take (g_steal_pointer (&data), work->area->size);
    }
    return TRUE;
}

static gboolean
read_all_works (Session *self, GError **error)
{
    for (guint i = 0; i < self->works->len; i++) {
        const OcCardWork *work = g_ptr_array_index (self->works, i);
        g_autofree char *df = g_strndup (work->step->area, strcspn (work->step->area, "/") + 1);

        if (!read_works (self, df, error))
            return FALSE;
    }
    return TRUE;
}

/* The card proves itself to the database's challenge; costs no try. */
static gboolean
prove (Session *self, OcCardDirectory *directory, GError **error)
{
    guint8 answer[8];
    guint8 digest[32];

    if (directory->proof != NULL)
        return TRUE;
    g_assert (g_bytes_get_size (directory->challenge) == 8);
    if (!select_directory (self, directory->df, error)
        || !oc_cpu_internal_authenticate (&self->cpu, directory->internal_kid, g_bytes_get_data (directory->challenge, NULL),
            answer, error))
        return FALSE;
    oc_seal_sha256 (answer, sizeof answer, digest);
    if (g_bytes_get_size (directory->check) != sizeof digest
        || !oc_equal_ct (digest, g_bytes_get_data (directory->check, NULL), sizeof digest))
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, 0, _("The card couldn't prove that it is ours. Use another card."));
    directory->proof = g_bytes_new (answer, sizeof answer);
    return TRUE;
}

static gboolean
prove_all (Session *self, GError **error)
{
    for (guint i = 0; i < self->ticket->directories->len; i++) {
        OcCardDirectory *directory = g_ptr_array_index (self->ticket->directories, i);

        if (!prove (self, directory, error))
            return FALSE;
    }
    return TRUE;
}

static OcCardDirectory *
directory_of (Session *self, const OcCardWork *work)
{
    for (guint i = 0; i < self->ticket->directories->len; i++) {
        OcCardDirectory *directory = g_ptr_array_index (self->ticket->directories, i);

        if (g_str_has_prefix (work->step->area, directory->df))
            return directory;
    }
    return NULL;
}

static gboolean
before_write (gpointer data, GError **error)
{
    Session *self = data;

    if (!oc_card_before_write (self->ticket, error))
        return FALSE;
    self->writing->sent = TRUE;
    return TRUE;
}

static gboolean
write_work (Session *self, OcCardWork *work, GError **error)
{
    OcCardDirectory *directory = directory_of (self, work);

    if (!oc_card_work_differs (work))
        return TRUE;
    if (directory == NULL || directory->external_key == NULL || directory->mac_key == NULL)
        return oc_card_error_set (error, OC_CARD_ERROR_AUTH, 0, _("There are no keys for this card."));
    if (!select_directory (self, directory->df, error))
        return FALSE;
    if (self->trusted != directory
        && !oc_cpu_external_authenticate (&self->cpu, directory->external_kid,
            g_bytes_get_data (directory->external_key, NULL), error))
        return FALSE;
    self->trusted = directory;
    self->writing = work;
    return oc_cpu_write (&self->cpu, (guint8) work->area->sfi, g_bytes_get_data (directory->mac_key, NULL),
        g_bytes_get_data (work->now, NULL), g_bytes_get_data (work->step->target, NULL), work->area->size, before_write, self,
        error);
}

/* Everything up to the last write; the first fault ends it. */
static gboolean
carry_out (Session *self, GError **error)
{
    if (!self->ticket->fresh && !check_serial (self, error))
        return FALSE;
    if (!read_all_works (self, error))
        return FALSE;
    for (guint i = 0; i < self->works->len; i++)
        if (!oc_card_work_check (g_ptr_array_index (self->works, i), FALSE, error))
            return FALSE;
    if (!prove_all (self, error))
        return FALSE;
    for (guint i = 0; i < self->works->len; i++)
        if (!write_work (self, g_ptr_array_index (self->works, i), error))
            return FALSE;
    return TRUE;
}

/* What was sent is read again; after a fault everything, and what proofs are missing. */
static gboolean
read_back (Session *self, gboolean all, GError **error)
{
    for (guint i = 0; i < self->works->len; i++) {
        OcCardWork *work = g_ptr_array_index (self->works, i);

        if (all || work->sent)
            g_clear_pointer (&work->now, g_bytes_unref);
    }
    if (all) {
        self->cpu.current = 0; /* the fault may have reset the card */
        if (!prove_all (self, error))
            g_clear_error (error);
    }
    if (!read_all_works (self, error))
        return FALSE;
    oc_card_work_publish (self->works, self->ticket);
    return TRUE;
}

gboolean
oc_card_write_cpu (OcCardLink *link, OcCardTicket *ticket, GError **error)
{
    Session self = { .cpu = { link, 0 }, .ticket = ticket };
    g_autoptr(GPtrArray) works = oc_card_work_new (ticket, error);
    g_autoptr(GError) fault = NULL;
    g_autoptr(GError) unread = NULL;

    if ((self.works = works) == NULL)
        return FALSE;
    if (carry_out (&self, &fault))
        return read_back (&self, FALSE, error);
    /* Another card's bytes say nothing of this job; a state that the job doesn't know is told as it was read. */
    if (g_error_matches (fault, OC_CARD_ERROR, OC_CARD_ERROR_CHANGED)) {
        if (works->len > 0 && ((OcCardWork *) g_ptr_array_index (works, 0))->now != NULL && !ticket->fresh)
            oc_card_work_publish (works, ticket);
    } else if (!g_error_matches (fault, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED)) {
        read_back (&self, TRUE, &unread);
    }
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
}
