/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page is made in memory first: a full disk or an unwritable folder leaves no half file. */
#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "paper/painter.h"

#define POINTS_PER_MM (72 / 25.4)

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append (closure, data, length);

    return CAIRO_STATUS_SUCCESS;
}

GBytes *
oc_pdf_render (const OcTemplate *template, const OcFields *fields, const char *language, GError **error)
{
    GByteArray *out = g_byte_array_new ();
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, out, template->width * POINTS_PER_MM,
        template->height * POINTS_PER_MM);
    cairo_t *cr = cairo_create (surface);
    cairo_status_t status;

    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
        oc_phrase_get (&template->title, language ? language : oc_painter_language ()));
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "OneCard " ONECARD_VERSION);
    cairo_scale (cr, POINTS_PER_MM, POINTS_PER_MM);
    oc_painter_paint (cr, template, fields, language);
    cairo_show_page (cr);
    status = cairo_status (cr);
    cairo_destroy (cr);
    cairo_surface_finish (surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status (surface);
    cairo_surface_destroy (surface);

    if (status != CAIRO_STATUS_SUCCESS) {
        g_byte_array_unref (out);
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, /* translators: %s is the reason, in English */
            _("The receipt could not be drawn (%s). Print it again; if it stays so, call support."),
            cairo_status_to_string (status));
        return NULL;
    }

    return g_byte_array_free_to_bytes (out);
}

gboolean
oc_pdf_write (const OcTemplate *template, const OcFields *fields, const char *path, GError **error)
{
    g_autoptr(GBytes) pdf = oc_pdf_render (template, fields, NULL, error);
    g_autoptr(GError) reason = NULL;

    if (pdf == NULL)
        return FALSE;
    if (g_file_set_contents (path, g_bytes_get_data (pdf, NULL), (gssize) g_bytes_get_size (pdf), &reason))
        return TRUE;

    g_set_error (error, reason->domain, reason->code, /* translators: %s is the reason, with the file's name */
        _("The receipt was not saved: %s. Choose another folder or make room."), reason->message);

    return FALSE;
}
