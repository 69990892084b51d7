/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One receipt, one page. The job keeps what it draws: the outcome may be gone before the printer dialog is answered. */
#include "ui/print.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "paper/painter.h"
#include "paper/sample.h"
#include "paper/template-io.h"
#include "ui/present-error.h"

typedef struct {
    OcTemplate *template;
    OcFields *fields;
    GtkWidget *widget;
    OcPrinted done;
    gpointer data;
} OcPrintJob;

static void
print_job_free (OcPrintJob *self)
{
    oc_template_free (self->template);
    oc_fields_unref (self->fields);
    g_object_unref (self->widget);
    g_free (self);
}

/* Sizes of paper, each a group of the file. */
static char *
settings_path (void)
{
    return g_build_filename (g_get_user_config_dir (), "onecard", "printers.ini", NULL);
}

/* "241x93": caller frees. */
static char *
paper_of (const OcTemplate *template)
{
    return g_strdup_printf ("%gx%g", oc_template_get_width (template), oc_template_get_height (template));
}

/* What was chosen for this paper; NULL: nothing yet. */
static GtkPrintSettings *
load_settings (const OcTemplate *template)
{
    g_autofree char *path = settings_path ();
    g_autofree char *paper = paper_of (template);
    g_autoptr(GKeyFile) file = g_key_file_new ();

    if (!g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL))
        return NULL;
    return gtk_print_settings_new_from_key_file (file, paper, NULL);
}

/* A printer that can't be remembered is asked for again: no reason to trouble anybody. */
static void
save_settings (GtkPrintSettings *settings, const OcTemplate *template)
{
    g_autofree char *path = settings_path ();
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *paper = paper_of (template);
    g_autoptr(GKeyFile) file = g_key_file_new ();
    g_autoptr(GError) error = NULL;

    g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
    gtk_print_settings_to_key_file (settings, file, paper);
    if (g_mkdir_with_parents (folder, 0700) != 0)
        g_warning ("%s: %s", folder, g_strerror (errno));
    else if (!g_key_file_save_to_file (file, path, &error))
        g_warning ("The printer was not remembered: %s", error->message);
}

static GtkPageSetup *
page_setup_of (const OcTemplate *template)
{
    GtkPageSetup *setup = gtk_page_setup_new ();
    GtkPaperSize *size = gtk_paper_size_new_custom ("onecard-receipt", oc_template_get_title (template),
        oc_template_get_width (template), oc_template_get_height (template), GTK_UNIT_MM);

    gtk_page_setup_set_paper_size (setup, size);
    gtk_page_setup_set_top_margin (setup, 0, GTK_UNIT_MM);
    gtk_page_setup_set_bottom_margin (setup, 0, GTK_UNIT_MM);
    gtk_page_setup_set_left_margin (setup, 0, GTK_UNIT_MM);
    gtk_page_setup_set_right_margin (setup, 0, GTK_UNIT_MM);
    gtk_paper_size_free (size);
    return setup;
}

static void
on_draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, OcPrintJob *job)
{
    oc_painter_paint (gtk_print_context_get_cairo_context (context), job->template, job->fields, NULL);
}

static void
on_done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, OcPrintJob *job)
{
    g_autoptr(GError) error = NULL;

    if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
        save_settings (gtk_print_operation_get_print_settings (operation), job->template);
    if (result == GTK_PRINT_OPERATION_RESULT_ERROR) {
        gtk_print_operation_get_error (operation, &error);
        oc_present_error (job->widget, error);
    }
    if (job->done != NULL)
        job->done (result == GTK_PRINT_OPERATION_RESULT_APPLY, job->data);
    print_job_free (job);
}

/* "open-1-2": names a receipt that goes to a file. Caller frees. */
static char *
file_name_of (const OcPrintJob *job)
{
    g_auto(GStrv) trades = g_strsplit (oc_fields_get (job->fields, "trades"), ", ", -1);
    g_autofree char *joined = g_strjoinv ("-", trades);

    return g_strdup_printf ("%s-%s", job->template->name, joined);
}

/* Who chose a PDF file instead of a printer gets the next receipt in the same folder, each with a name of its own. NULL: a
 * printer was chosen. Caller frees. */
static char *
next_file (GtkPrintSettings *settings, const OcPrintJob *job)
{
    const char *uri = gtk_print_settings_get (settings, GTK_PRINT_SETTINGS_OUTPUT_URI);
    const char *format = gtk_print_settings_get (settings, GTK_PRINT_SETTINGS_OUTPUT_FILE_FORMAT);
    g_autofree char *last = uri != NULL && g_strcmp0 (format, "pdf") == 0 ? g_filename_from_uri (uri, NULL, NULL) : NULL;
    g_autofree char *folder = last != NULL ? g_path_get_dirname (last) : NULL;
    g_autofree char *name = file_name_of (job);
    g_autofree char *file = g_strconcat (name, ".pdf", NULL);

    gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, name);
    return folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
}

static const char *
printer_of (GtkPrintSettings *settings)
{
    return settings != NULL ? gtk_print_settings_get_printer (settings) : NULL;
}

gboolean
oc_print_has_printer (const char *kind)
{
    g_autoptr(OcTemplate) template = oc_template_load_resource (kind, NULL);
    g_autoptr(GtkPrintSettings) settings = template != NULL ? load_settings (template) : NULL;

    return printer_of (settings) != NULL;
}

static void
paper_free (gpointer data)
{
    OcPaper *self = data;

    g_free (self->title);
    g_free (self->kind);
    g_free (self->printer);
    g_free (self);
}

static gboolean
has_title (gconstpointer paper, gconstpointer title)
{
    return g_str_equal (((const OcPaper *) paper)->title, title);
}

GPtrArray *
oc_print_papers (void)
{
    GPtrArray *papers = g_ptr_array_new_with_free_func (paper_free);
    g_auto(GStrv) kinds = oc_template_resource_names ();

    for (guint i = 0; kinds[i] != NULL; i++) {
        g_autoptr(OcTemplate) template = oc_template_load_resource (kinds[i], NULL);
        g_autoptr(GtkPrintSettings) settings = template != NULL ? load_settings (template) : NULL;
        g_autofree char *title = NULL;
        OcPaper *paper;

        if (template == NULL)
            continue;
        title = g_strdup_printf ("%g × %g mm", oc_template_get_width (template), oc_template_get_height (template));
        if (g_ptr_array_find_with_equal_func (papers, title, has_title, NULL))
            continue;
        paper = g_new0 (OcPaper, 1);
        paper->title = g_steal_pointer (&title);
        paper->kind = g_strdup (kinds[i]);
        paper->printer = g_strdup (printer_of (settings));
        g_ptr_array_add (papers, paper);
    }

    return papers;
}

static void
print (GtkWidget *widget, const char *kind, OcFields *fields, gboolean choose, OcPrinted done, gpointer data)
{
    g_autoptr(GtkPrintOperation) operation = NULL;
    g_autoptr(GtkPrintSettings) settings = NULL;
    g_autoptr(GtkPageSetup) setup = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = NULL;
    GtkPrintOperationAction action;
    OcTemplate *template;
    OcPrintJob *job;
    GtkRoot *root;

    template = oc_template_load_resource (kind, &error);
    if (template == NULL) {
        oc_present_error (widget, error);
        if (done != NULL)
            done (FALSE, data);
        return;
    }
    job = g_new0 (OcPrintJob, 1);
    job->template = template;
    job->fields = oc_fields_ref (fields);
    job->widget = g_object_ref (widget);
    job->done = done;
    job->data = data;

    settings = load_settings (template);
    if (settings == NULL)
        settings = gtk_print_settings_new ();
    file = next_file (settings, job);
    setup = page_setup_of (template);
    choose = choose || gtk_print_settings_get_printer (settings) == NULL;
    root = gtk_widget_get_root (widget);
    operation = gtk_print_operation_new ();
    gtk_print_operation_set_job_name (operation, oc_template_get_title (template));
    gtk_print_operation_set_print_settings (operation, settings);
    gtk_print_operation_set_default_page_setup (operation, setup);
    gtk_print_operation_set_unit (operation, GTK_UNIT_MM);
    gtk_print_operation_set_use_full_page (operation, TRUE);
    gtk_print_operation_set_n_pages (operation, 1);
    gtk_print_operation_set_allow_async (operation, TRUE);
    g_signal_connect (operation, "draw-page", G_CALLBACK (on_draw_page_cb), job);
    g_signal_connect (operation, "done", G_CALLBACK (on_done_cb), job);
    if (file != NULL)
        gtk_print_operation_set_export_filename (operation, file);
    action = choose ? GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG
        : file != NULL ? GTK_PRINT_OPERATION_ACTION_EXPORT : GTK_PRINT_OPERATION_ACTION_PRINT;
    gtk_print_operation_run (operation, action, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL);
}

void
oc_print_receipt (GtkWidget *widget, const OcOutcome *outcome, gboolean choose, OcPrinted done, gpointer data)
{
    g_return_if_fail (GTK_IS_WIDGET (widget));
    g_return_if_fail (outcome != NULL);

    print (widget, outcome->kind, outcome->fields, choose, done, data);
}

void
oc_print_test (GtkWidget *widget, const char *kind, gboolean choose, OcPrinted done, gpointer data)
{
    g_autoptr(OcFields) sample = oc_receipt_sample ();

    g_return_if_fail (GTK_IS_WIDGET (widget));
    g_return_if_fail (kind != NULL);

    print (widget, kind, sample, choose, done, data);
}
