/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hint or error under a field. */
#include "ui/form-hint.h"

struct _OcFormHint {
    GtkWidget parent_instance;

    GtkWidget *icon;
    GtkWidget *label;
    char *hint;
    char *error;
};

enum { PROP_0, PROP_HINT, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OcFormHint, oc_form_hint, GTK_TYPE_WIDGET)

static void
update (OcFormHint *self)
{
    const char *text = self->error != NULL ? self->error : self->hint;

    gtk_widget_set_visible (self->icon, self->error != NULL);
    gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (self), text != NULL && *text != '\0');
    if (self->error != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (self), "error");
    else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

static void
oc_form_hint_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_HINT)
        g_value_set_string (value, OC_FORM_HINT (object)->hint);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oc_form_hint_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_HINT)
        oc_form_hint_set_hint (OC_FORM_HINT (object), g_value_get_string (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oc_form_hint_dispose (GObject *object)
{
    OcFormHint *self = OC_FORM_HINT (object);

    g_clear_pointer (&self->icon, gtk_widget_unparent);
    g_clear_pointer (&self->label, gtk_widget_unparent);
    g_clear_pointer (&self->hint, g_free);
    g_clear_pointer (&self->error, g_free);
    G_OBJECT_CLASS (oc_form_hint_parent_class)->dispose (object);
}

static void
oc_form_hint_class_init (OcFormHintClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_form_hint_dispose;
    G_OBJECT_CLASS (klass)->get_property = oc_form_hint_get_property;
    G_OBJECT_CLASS (klass)->set_property = oc_form_hint_set_property;
    properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL,
        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "hint");
}

static void
oc_form_hint_init (OcFormHint *self)
{
    self->icon = gtk_image_new_from_icon_name ("oc-error-symbolic");
    self->label = gtk_label_new (NULL);
    gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
    gtk_label_set_xalign (GTK_LABEL (self->label), 0);
    gtk_label_set_max_width_chars (GTK_LABEL (self->label), 48);
    gtk_widget_set_hexpand (self->label, TRUE); /* the whole line, before it wraps */
    gtk_widget_set_hexpand (GTK_WIDGET (self), FALSE);
    gtk_widget_set_valign (self->icon, GTK_ALIGN_START);
    gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
    gtk_widget_set_parent (self->label, GTK_WIDGET (self));
    update (self);
}

void
oc_form_hint_set_hint (OcFormHint *self, const char *hint)
{
    g_return_if_fail (OC_IS_FORM_HINT (self));
    if (g_strcmp0 (self->hint, hint) == 0)
        return;
    g_free (self->hint);
    self->hint = g_strdup (hint);
    update (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HINT]);
}

void
oc_form_hint_set_error (OcFormHint *self, const char *error)
{
    g_return_if_fail (OC_IS_FORM_HINT (self));
    g_free (self->error);
    self->error = g_strdup (error);
    update (self);
}

gboolean
oc_form_hint_has_error (OcFormHint *self)
{
    g_return_val_if_fail (OC_IS_FORM_HINT (self), FALSE);
    return self->error != NULL;
}
