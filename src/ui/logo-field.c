/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logo. It is sent only where it was changed: a form that leaves it out leaves it as it is. */
#include "ui/logo-field.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/rows.h"
#include "ops/ops.h"
#include "ui/form-hint.h"

#define FIELD "logo"
#define MAX_BYTES (256 * 1024)
#define HEIGHT 96

struct _OcLogoField {
    GtkWidget parent_instance;

    GtkWidget *box;
    GtkPicture *picture;
    GtkWidget *none;
    GtkWidget *remove;
    OcFormHint *hint;

    GBytes *bytes; /* NULL: no logo */
    gboolean changed;
    GCancellable *reading;
    GtkFileChooserNative *chooser;
};

static void oc_logo_field_part_init (OcFormPartInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcLogoField, oc_logo_field, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (OC_TYPE_FORM_PART, oc_logo_field_part_init))

/* TRUE: it is a picture, and is shown. */
static gboolean
show (OcLogoField *self, GBytes *bytes)
{
    g_autoptr(GdkTexture) texture = bytes != NULL ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;

    if (bytes != NULL && texture == NULL)
        return FALSE;
    g_clear_pointer (&self->bytes, g_bytes_unref);
    self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
    gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
    gtk_widget_set_visible (GTK_WIDGET (self->picture), texture != NULL);
    gtk_widget_set_visible (self->none, texture == NULL);
    gtk_widget_set_sensitive (self->remove, texture != NULL);
    return TRUE;
}

static void
change (OcLogoField *self, GBytes *bytes)
{
    if (show (self, bytes)) {
        oc_form_hint_set_error (self->hint, NULL);
        self->changed = TRUE;
        oc_form_part_changed (OC_FORM_PART (self));
    } else {
        g_autoptr(GError) error = oc_error_new_code ("OC116", (const OcErrorParam[]){ { "max", "256" }, { NULL, NULL } });
        oc_form_hint_set_error (self->hint, error->message);
    }
}

/* Choosing a file -------------------------------------------------------------------------------------------------- */

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcLogoField) self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
    g_autoptr(GBytes) nothing = NULL;

    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (bytes == NULL)
        oc_form_hint_set_error (self->hint, error->message);
    else if (g_bytes_get_size (bytes) <= MAX_BYTES)
        change (self, bytes);
    else
        change (self, nothing = g_bytes_new_static ("", 0)); /* too large is no logo either */
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    OcLogoField *self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

    if (stream != NULL) {
        g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), MAX_BYTES + 1, G_PRIORITY_DEFAULT, self->reading, on_read_cb,
            self);
        return;
    }
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        oc_form_hint_set_error (self->hint, error->message);
    g_object_unref (self);
}

static void
on_chosen_cb (OcLogoField *self, int response)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

    if (file != NULL)
        g_file_read_async (file, G_PRIORITY_DEFAULT, self->reading, on_opened_cb, g_object_ref (self));
    g_clear_object (&self->chooser);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcLogoField *self = OC_LOGO_FIELD (widget);
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

    if (self->chooser != NULL)
        return;
    self->chooser = gtk_file_chooser_native_new (_("Choose a logo"), GTK_WINDOW (gtk_widget_get_root (widget)),
        GTK_FILE_CHOOSER_ACTION_OPEN, _("Choose"), _("Cancel"));
    gtk_file_filter_set_name (filter, _("Pictures (PNG, JPEG)"));
    gtk_file_filter_add_mime_type (filter, "image/png");
    gtk_file_filter_add_mime_type (filter, "image/jpeg");
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
    gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
    g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
    gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *target)
{
    change (OC_LOGO_FIELD (widget), NULL);
}

/* OcFormPart ------------------------------------------------------------------------------------------------------- */

/* As the database prints bytea: "\x89504e…"; anything else is base64, as a form sends it. */
static GBytes *
bytes_of (const char *text)
{
    gsize n = 0;
    guint8 *data;

    if (text == NULL || *text == '\0')
        return NULL;
    if (!g_str_has_prefix (text, "\\x")) {
        data = g_base64_decode (text, &n);
        return g_bytes_new_take (data, n);
    }
    n = (strlen (text) - 2) / 2;
    data = g_malloc (n);
    for (gsize i = 0; i < n; i++)
        data[i] = (guint8) (g_ascii_xdigit_value (text[2 + 2 * i]) << 4 | g_ascii_xdigit_value (text[3 + 2 * i]));
    return g_bytes_new_take (data, n);
}

static void
oc_logo_field_fill (OcFormPart *part, const OcFields *values)
{
    OcLogoField *self = OC_LOGO_FIELD (part);
    g_autoptr(GBytes) bytes = values != NULL ? bytes_of (oc_fields_get (values, FIELD)) : NULL;

    if (!show (self, bytes))
        show (self, NULL);
    self->changed = FALSE;
}

static void
oc_logo_field_put (OcFormPart *part, const OcFields *values)
{
    if (oc_fields_get (values, FIELD) != NULL) {
        g_autoptr(GBytes) bytes = bytes_of (oc_fields_get (values, FIELD));
        change (OC_LOGO_FIELD (part), bytes);
    }
}

static void
oc_logo_field_read (OcFormPart *part, OcFields *values)
{
    if (OC_LOGO_FIELD (part)->changed)
        oc_setting_set_logo (values, OC_LOGO_FIELD (part)->bytes);
}

static guint
oc_logo_field_count_changes (OcFormPart *part)
{
    return OC_LOGO_FIELD (part)->changed;
}

static gboolean
oc_logo_field_check (OcFormPart *part, gboolean tell)
{
    return TRUE;
}

static gboolean
oc_logo_field_show_error (OcFormPart *part, const char *field, const char *text)
{
    OcLogoField *self = OC_LOGO_FIELD (part);
    gboolean own = g_strcmp0 (field, FIELD) == 0;

    if (own || field == NULL)
        oc_form_hint_set_error (self->hint, own ? text : NULL);
    if (own)
        gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
    return own;
}

static void
oc_logo_field_describe (OcFormPart *part, const OcFields *values, OcFields *lines)
{
    const char *logo = oc_fields_get (values, FIELD);

    oc_fields_set (lines, _("Logo"), logo != NULL && *logo != '\0' ? _("a picture") : "");
}

static void
oc_logo_field_part_init (OcFormPartInterface *iface)
{
    iface->fill = oc_logo_field_fill;
    iface->put = oc_logo_field_put;
    iface->read = oc_logo_field_read;
    iface->count_changes = oc_logo_field_count_changes;
    iface->check = oc_logo_field_check;
    iface->show_error = oc_logo_field_show_error;
    iface->describe = oc_logo_field_describe;
}

/* GObject ---------------------------------------------------------------------------------------------------------- */

static void
oc_logo_field_dispose (GObject *object)
{
    OcLogoField *self = OC_LOGO_FIELD (object);

    g_cancellable_cancel (self->reading);
    g_clear_object (&self->chooser);
    g_clear_pointer (&self->bytes, g_bytes_unref);
    gtk_widget_dispose_template (GTK_WIDGET (self), OC_TYPE_LOGO_FIELD);
    G_OBJECT_CLASS (oc_logo_field_parent_class)->dispose (object);
}

static void
oc_logo_field_finalize (GObject *object)
{
    g_object_unref (OC_LOGO_FIELD (object)->reading);
    G_OBJECT_CLASS (oc_logo_field_parent_class)->finalize (object);
}

static void
oc_logo_field_class_init (OcLogoFieldClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_logo_field_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_logo_field_finalize;
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/logo-field.ui");
    gtk_widget_class_bind_template_child (widget_class, OcLogoField, box); /* what is bound goes with the template */
    gtk_widget_class_bind_template_child (widget_class, OcLogoField, picture);
    gtk_widget_class_bind_template_child (widget_class, OcLogoField, none);
    gtk_widget_class_bind_template_child (widget_class, OcLogoField, remove);
    gtk_widget_class_bind_template_child (widget_class, OcLogoField, hint);
    gtk_widget_class_install_action (widget_class, "logo.choose", NULL, choose_action);
    gtk_widget_class_install_action (widget_class, "logo.remove", NULL, remove_action);
}

static void
oc_logo_field_init (OcLogoField *self)
{
    self->reading = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
    gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, HEIGHT);
}
