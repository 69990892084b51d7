/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The editor of connections. */
#include "ui/server-editor.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "ops/ops.h"
#include "ui/drop-down.h"
#include "ui/form-field.h"
#include "ui/form-hint.h"
#include "ui/form.h"

#define OC_TYPE_SERVER_EDITOR (oc_server_editor_get_type ())
G_DECLARE_FINAL_TYPE (OcServerEditor, oc_server_editor, OC, SERVER_EDITOR, GtkWindow)

struct _OcServerEditor {
    GtkWindow parent_instance;

    GtkDropDown *server;
    OcForm *form;
    OcFormField *number, *password, *sslmode;
    GtkGrid *steps;
    GtkWidget *spinner;
    OcFormHint *hint;

    OcDesk *desk;
    OcRows *servers;
    GCancellable *testing;
    char *tested_mode; /* sslmode of the connection that is tried */
    OcServerChosenFunc chosen;
    gpointer data;
    GDestroyNotify data_free;
    gboolean filling;
};

G_DEFINE_FINAL_TYPE (OcServerEditor, oc_server_editor, GTK_TYPE_WINDOW)

/* Which one ---------------------------------------------------------------------------------------------------------- */

/* -1: a new one, which is the last of the list. */
static int
selected_row (OcServerEditor *self)
{
    guint i = gtk_drop_down_get_selected (self->server);

    return i < oc_rows_count (self->servers) ? (int) i : -1;
}

static const char *
text_of (OcServerEditor *self, const char *column)
{
    int row = selected_row (self);

    return row >= 0 ? oc_rows_text (self->servers, (guint) row, column) : NULL;
}

static void
clear_steps (OcServerEditor *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->steps))) != NULL)
        gtk_grid_remove (self->steps, child);
    oc_form_hint_set_error (self->hint, NULL);
}

static void
show_server (OcServerEditor *self)
{
    const char *uri = text_of (self, "uri");
    g_autoptr(OcFields) fields = uri != NULL ? oc_server_fields (uri, NULL) : NULL;

    if (self->filling)
        return;
    if (fields != NULL)
        oc_fields_set (fields, "title", text_of (self, "title"));
    oc_form_fill (self->form, fields);
    clear_steps (self);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.delete", text_of (self, "own") != NULL
        && *text_of (self, "own") == 't');
}

static void
fill_servers (OcServerEditor *self, const char *name)
{
    g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);
    guint chosen;

    g_clear_object (&self->servers);
    self->servers = oc_servers ();
    chosen = oc_rows_count (self->servers);
    for (guint i = 0; i < oc_rows_count (self->servers); i++) {
        gtk_string_list_append (titles, oc_rows_text (self->servers, i, "title"));
        if (g_strcmp0 (oc_rows_text (self->servers, i, "name"), name) == 0)
            chosen = i;
    }
    gtk_string_list_append (titles, _("New connection"));
    self->filling = TRUE;
    gtk_drop_down_set_model (self->server, G_LIST_MODEL (titles));
    gtk_drop_down_set_selected (self->server, chosen);
    self->filling = FALSE;
    show_server (self);
}

/* What was proven of the connection itself goes by what was asked for. */
static const char *
encryption_words (const char *mode)
{
    static const struct {
        const char *mode, *words;
    } all[] = {
        { "verify-ca", N_("The connection is encrypted, the certificate is valid") },
        { "require", N_("The connection is encrypted; nothing was checked") },
        { "disable", N_("The connection is not encrypted, as it was chosen") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
        if (g_strcmp0 (all[i].mode, mode) == 0)
            return _(all[i].words);
    }
    return _("The connection is encrypted, the server is the right one");
}

/* Trying it ---------------------------------------------------------------------------------------------------------- */

static const char *
step_words (OcServerEditor *self, const char *step)
{
    static const struct {
        const char *step, *words;
    } all[] = {
        { "address", N_("The address can be read") }, { "name", N_("The server's name is known") },
        { "server", N_("The server answers") },
        { "login", N_("Operator and password are right") }, { "database", N_("The database is there") },
        { "version", N_("Program and database fit together") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
        if (g_str_equal (all[i].step, step))
            return _(all[i].words);
    }
    return g_str_equal (step, "tls") ? encryption_words (self->tested_mode) : step;
}

/* Each step has a mark, never a colour alone; the one that failed says why and what to do. */
static void
show_step (OcServerEditor *self, OcRows *rows, guint i)
{
    gboolean reached = !oc_rows_is_null (rows, i, "ok");
    gboolean good = reached && oc_rows_bool (rows, i, "ok");
    GtkWidget *icon = gtk_image_new_from_icon_name (good ? "oc-done-symbolic" : reached ? "oc-error-symbolic" : "oc-minus-symbolic");
    const char *why = oc_rows_text (rows, i, "text");
    GtkWidget *label = gtk_label_new (reached && !good ? why : step_words (self, oc_rows_text (rows, i, "step")));

    gtk_widget_add_css_class (icon, good ? "success" : reached ? "error" : "dim-label");
    gtk_widget_add_css_class (label, good ? "success" : reached ? "error" : "dim-label");
    gtk_widget_set_valign (icon, GTK_ALIGN_START);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_widget_set_hexpand (label, TRUE);
    gtk_grid_attach (self->steps, icon, 0, (int) i, 1, 1);
    gtk_grid_attach (self->steps, label, 1, (int) i, 1, 1);
}

static void
show_error (OcServerEditor *self, const GError *error)
{
    const char *field = oc_error_get_field (error);

    if (field == NULL || !oc_form_show_error (self->form, field, error->message))
        oc_form_hint_set_error (self->hint, error->message);
}

static void
set_testing (OcServerEditor *self, gboolean testing)
{
    gtk_widget_set_visible (self->spinner, testing);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.test", !testing);
}

static void
on_tested_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcServerEditor) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(OcRows) rows = oc_server_test_finish (OC_DESK (source), result, &error);

    if (self->desk == NULL)
        return; /* disposed meanwhile */
    set_testing (self, FALSE);
    clear_steps (self);
    for (guint i = 0; rows != NULL && i < oc_rows_count (rows); i++)
        show_step (self, rows, i);
    if (rows == NULL)
        show_error (self, error);
}

static void
test_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcServerEditor *self = OC_SERVER_EDITOR (widget);
    g_autoptr(OcFields) fields = oc_form_read (self->form);
    g_autofree char *number = oc_form_field_get (self->number);
    g_autofree char *password = oc_form_field_get (self->password);
    OcServerTestAsk ask = { .fields = fields, .uri = text_of (self, "uri"), .number = g_ascii_strtoll (number, NULL, 10),
        .password = password };

    oc_form_clear_errors (self->form);
    if (!oc_form_check (self->form))
        return;
    set_testing (self, TRUE);
    g_free (self->tested_mode);
    self->tested_mode = oc_form_field_get (self->sslmode);
    oc_server_test_async (self->desk, &ask, self->testing, on_tested_cb, g_object_ref (self));
}

/* Keeping it --------------------------------------------------------------------------------------------------------- */

/* A new one is named by what it is. */
static char *
name_of (OcServerEditor *self, const OcFields *fields)
{
    const char *name = text_of (self, "name");

    return name != NULL ? g_strdup (name)
                        : g_strdup_printf ("%s@%s", oc_fields_get (fields, "dbname"), oc_fields_get (fields, "host"));
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *target)
{
    OcServerEditor *self = OC_SERVER_EDITOR (widget);
    g_autoptr(OcFields) fields = oc_form_read (self->form);
    g_autofree char *name = name_of (self, fields);
    g_autoptr(GError) error = NULL;

    oc_form_clear_errors (self->form);
    if (!oc_form_check (self->form))
        return;
    if (!oc_server_save (name, fields, &error)) {
        show_error (self, error);
        return;
    }
    self->chosen (name, self->data);
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
delete_action (GtkWidget *widget, const char *action, GVariant *target)
{
    OcServerEditor *self = OC_SERVER_EDITOR (widget);
    g_autoptr(GError) error = NULL;

    if (!oc_server_delete (text_of (self, "name"), &error)) {
        show_error (self, error);
        return;
    }
    self->chosen (NULL, self->data);
    gtk_window_destroy (GTK_WINDOW (self));
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static void
oc_server_editor_dispose (GObject *object)
{
    OcServerEditor *self = OC_SERVER_EDITOR (object);

    g_cancellable_cancel (self->testing);
    g_clear_object (&self->desk);
    g_clear_pointer (&self->tested_mode, g_free);
    g_clear_object (&self->servers);
    if (self->data_free != NULL)
        g_clear_pointer (&self->data, self->data_free);
    self->filling = TRUE;
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_SERVER_EDITOR);
    G_OBJECT_CLASS (oc_server_editor_parent_class)->dispose (object);
}

static void
oc_server_editor_finalize (GObject *object)
{
    g_object_unref (OC_SERVER_EDITOR (object)->testing);
    G_OBJECT_CLASS (oc_server_editor_parent_class)->finalize (object);
}

static void
oc_server_editor_class_init (OcServerEditorClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_server_editor_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_server_editor_finalize;
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/server-editor.ui");
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, server);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, form);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, number);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, password);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, sslmode);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, steps);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, spinner);
    gtk_widget_class_bind_template_child (widget_class, OcServerEditor, hint);
    gtk_widget_class_bind_template_callback_full (widget_class, "show_server", G_CALLBACK (show_server));
    gtk_widget_class_install_action (widget_class, "server.test", NULL, test_action);
    gtk_widget_class_install_action (widget_class, "server.save", NULL, save_action);
    gtk_widget_class_install_action (widget_class, "server.delete", NULL, delete_action);
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oc_server_editor_init (OcServerEditor *self)
{
    static const char *const modes[] = { "", "verify-full", "verify-ca", "require", "disable", NULL };
    const char *const titles[] = { _("Encrypted, the server is checked (recommended)"), _("Encrypted, the server is checked"),
        _("Encrypted, the certificate is checked"), _("Encrypted, nothing is checked"), _("Not encrypted"), NULL };

    self->testing = g_cancellable_new ();
    self->filling = TRUE;
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_drop_down_keep_caret (self->server);
    self->filling = FALSE;
    oc_form_field_set_choices (self->sslmode, modes, titles, FALSE);
}

void
oc_server_editor_present (GtkWidget *widget, OcDesk *desk, const char *name, OcServerChosenFunc chosen, gpointer data,
    GDestroyNotify data_free)
{
    OcServerEditor *self = g_object_new (OC_TYPE_SERVER_EDITOR, "transient-for", gtk_widget_get_root (widget), NULL);

    self->desk = g_object_ref (desk);
    self->chosen = chosen;
    self->data = data;
    self->data_free = data_free;
    fill_servers (self, name);
    gtk_window_present (GTK_WINDOW (self));
    oc_form_start (self->form);
}
