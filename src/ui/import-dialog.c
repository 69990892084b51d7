/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See import-dialog.h. A check is the whole import, given up at its end: what it says holds for the import too. */
#include "ui/import-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ops/ops.h"
#include "ui/present-error.h"
#include "ui/table.h"

#define OC_TYPE_IMPORT_DIALOG (oc_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OcImportDialog, oc_import_dialog, OC, IMPORT_DIALOG, GtkWindow)

struct _OcImportDialog {
    GtkWindow parent_instance;

    GtkLabel *summary, *message;
    GtkProgressBar *progress;
    GtkStack *tables;
    OcTable *sample, *faults;
    GtkWidget *save_faults, *start;

    OcScreen *screen;
    GBytes *file;
    OcImported *checked;
    OcImportCount *count;      /* NULL: nothing runs */
    GCancellable *cancellable;
    guint tick;
};

G_DEFINE_FINAL_TYPE (OcImportDialog, oc_import_dialog, GTK_TYPE_WINDOW)

static const OcColumn sample_columns[] = {
    { N_("Line"), "line", OC_COLUMN_INTEGER, 6 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 22 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
    { N_("Kind of identity paper"), "id_kind", OC_COLUMN_TEXT, 10 },
    { N_("Number of identity paper"), "id_number", OC_COLUMN_TEXT, 18 },
    { N_("District"), "district", OC_COLUMN_TEXT, 8 },
    { N_("Household"), "household", OC_COLUMN_TEXT, 8 },
    { N_("Permanent number"), "permanent_number", OC_COLUMN_TEXT, 10 },
    { N_("Note"), "note", OC_COLUMN_TEXT, 16 },
};

static const OcColumn fault_columns[] = {
    { N_("Line"), "line", OC_COLUMN_INTEGER, 6 },
    { N_("What is wrong"), "message", OC_COLUMN_TEXT, 44 },
    { N_("Name"), "name", OC_COLUMN_TEXT, 10 },
    { N_("Address"), "address", OC_COLUMN_TEXT, 20 },
};

/* Showing ---------------------------------------------------------------------------------------------------------- */

static gboolean
on_tick_cb (gpointer data)
{
    OcImportDialog *self = data;
    guint done, total;

    oc_import_count_get (self->count, &done, &total);
    gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / total : 0);
    return G_SOURCE_CONTINUE;
}

static void
set_running (OcImportDialog *self, gboolean running)
{
    g_clear_pointer (&self->count, oc_import_count_unref);
    g_clear_handle_id (&self->tick, g_source_remove);
    if (running) {
        self->count = oc_import_count_new ();
        self->tick = g_timeout_add (100, on_tick_cb, self);
    }
    gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
    gtk_widget_set_sensitive (self->start, !running && self->checked != NULL && oc_rows_count (self->checked->faults) == 0);
}

static void
tell (OcImportDialog *self, const char *text)
{
    gtk_label_set_label (self->message, text);
}

static const char *
separator_name (const char *separator)
{
    return strcmp (separator, "\t") == 0 ? _("tab") : separator;
}

static void
show_checked (OcImportDialog *self)
{
    guint n_faults = oc_rows_count (self->checked->faults);
    g_autofree char *lines = g_strdup_printf (ngettext ("%u line", "%u lines", self->checked->n_lines), self->checked->n_lines);
    /* Translators: how many lines a file has, its encoding, and the character between its columns. */
    g_autofree char *summary = g_strdup_printf (_("%s · %s · separator %s"), lines, self->checked->encoding,
        separator_name (self->checked->separator));
    g_autofree char *wrong = n_faults > 0 ? g_strdup_printf (
        ngettext ("%u line is wrong. Correct it in the file, then choose the file again.",
            "%u lines are wrong. Correct them in the file, then choose the file again.", n_faults), n_faults) : NULL;

    gtk_label_set_label (self->summary, summary);
    oc_table_set_rows (self->sample, self->checked->sample, "line");
    oc_table_set_rows (self->faults, self->checked->faults, "line");
    gtk_stack_set_visible_child_name (self->tables, n_faults > 0 ? "faults" : "sample");
    gtk_widget_set_sensitive (self->save_faults, n_faults > 0);
    tell (self, wrong != NULL ? wrong : _("Every line is right. Look whether the columns were understood, then import."));
}

/* Running ---------------------------------------------------------------------------------------------------------- */

static void
on_imported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcImportDialog) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcImported) imported = oc_pre_registered_import_finish (OC_DESK (source), result, &error);

    if (self->screen == NULL)
        return; /* closed meanwhile */
    if (imported != NULL && imported->imported) {
        g_autofree char *text = g_strdup_printf (ngettext ("%u customer was imported.", "%u customers were imported.", imported->n_lines),
            imported->n_lines);

        oc_screen_show_message (self->screen, "success", text);
        oc_screen_refresh (self->screen);
        set_running (self, FALSE);
        gtk_window_destroy (GTK_WINDOW (self));
        return;
    }
    if (imported != NULL) {
        oc_imported_free (self->checked);
        self->checked = g_steal_pointer (&imported);
        show_checked (self);
    } else
        tell (self, error->message);
    set_running (self, FALSE);
}

static void
start (OcImportDialog *self, gboolean check)
{
    OcImportAsk ask = { .file = self->file, .check = check };

    set_running (self, TRUE);
    tell (self, check ? _("Checking the lines") : _("Importing"));
    ask.count = self->count;
    oc_pre_registered_import_async (oc_screen_get_desk (self->screen), &ask, self->cancellable, on_imported_cb, g_object_ref (self));
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    start (OC_IMPORT_DIALOG (widget), FALSE);
}

static void
on_faults_file_cb (GtkFileChooserNative *chooser, int response, gpointer data)
{
    OcImportDialog *self = data;
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
    g_autoptr(GBytes) csv = NULL;
    g_autoptr(GError) error = NULL;

    if (file != NULL && self->checked != NULL) {
        csv = oc_imported_faults_csv (self->checked);
        if (!g_file_replace_contents (file, g_bytes_get_data (csv, NULL), g_bytes_get_size (csv), NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                NULL, &error))
            tell (self, error->message);
    }
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
    g_object_unref (chooser);
}

static void
save_faults_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save the errors"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_SAVE,
        _("Save"), _("Cancel"));

    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "errors.csv");
    g_signal_connect_object (chooser, "response", G_CALLBACK (on_faults_file_cb), widget, 0);
    gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    gtk_window_close (GTK_WINDOW (widget));
}

/* Cancel: what runs is given up, and nothing of the file is in. */
static gboolean
oc_import_dialog_close_request (GtkWindow *window)
{
    g_cancellable_cancel (OC_IMPORT_DIALOG (window)->cancellable);
    return GTK_WINDOW_CLASS (oc_import_dialog_parent_class)->close_request (window);
}

static void
oc_import_dialog_dispose (GObject *object)
{
    OcImportDialog *self = OC_IMPORT_DIALOG (object);

    g_cancellable_cancel (self->cancellable);
    g_clear_handle_id (&self->tick, g_source_remove);
    g_clear_pointer (&self->count, oc_import_count_unref);
    g_clear_pointer (&self->checked, oc_imported_free);
    g_clear_pointer (&self->file, g_bytes_unref);
    g_clear_object (&self->screen);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_IMPORT_DIALOG);
    G_OBJECT_CLASS (oc_import_dialog_parent_class)->dispose (object);
}

static void
oc_import_dialog_finalize (GObject *object)
{
    g_object_unref (OC_IMPORT_DIALOG (object)->cancellable);
    G_OBJECT_CLASS (oc_import_dialog_parent_class)->finalize (object);
}

static void
oc_import_dialog_class_init (OcImportDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_import_dialog_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_import_dialog_finalize;
    GTK_WINDOW_CLASS (klass)->close_request = oc_import_dialog_close_request;
    g_type_ensure (OC_TYPE_TABLE);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/import-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, summary);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, message);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, progress);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, tables);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, sample);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, faults);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, save_faults);
    gtk_widget_class_bind_template_child (widget_class, OcImportDialog, start);
    gtk_widget_class_install_action (widget_class, "import.start", NULL, import_action);
    gtk_widget_class_install_action (widget_class, "import.save-errors", NULL, save_faults_action);
    gtk_widget_class_install_action (widget_class, "import.close", NULL, close_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "import.close", NULL);
}

static void
oc_import_dialog_init (OcImportDialog *self)
{
    self->cancellable = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_table_set_columns (self->sample, sample_columns, G_N_ELEMENTS (sample_columns), _("The first lines of the file"));
    oc_table_set_empty (self->sample, "oc-info-symbolic", _("Nothing is read yet"), "");
    oc_table_set_columns (self->faults, fault_columns, G_N_ELEMENTS (fault_columns), _("Lines that are wrong"));
    oc_table_set_empty (self->faults, "oc-done-symbolic", _("No line is wrong"), "");
}

/* The file --------------------------------------------------------------------------------------------------------- */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcScreen) screen = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
    OcImportDialog *self;

    if (bytes == NULL) {
        oc_present_error (GTK_WIDGET (screen), error);
        return;
    }
    if (!oc_screen_is_shown (screen))
        return;
    self = g_object_new (OC_TYPE_IMPORT_DIALOG, "transient-for", gtk_widget_get_root (GTK_WIDGET (screen)), NULL);
    self->screen = g_object_ref (screen);
    self->file = g_steal_pointer (&bytes);
    gtk_window_present (GTK_WINDOW (self));
    start (self, TRUE);
}

static void
on_chosen_cb (GtkFileChooserNative *chooser, int response, gpointer screen)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

    if (file != NULL)
        g_file_load_bytes_async (file, NULL, on_loaded_cb, g_object_ref (screen));
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
    g_object_unref (chooser);
}

void
oc_import_present (OcScreen *screen)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Choose a CSV file"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (screen))),
        GTK_FILE_CHOOSER_ACTION_OPEN, _("Open"), _("Cancel"));

    g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen_cb), screen, 0);
    gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
