/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a form. */
#include "ui/form-part.h"

#include "ui/form.h"

G_DEFINE_INTERFACE (OcFormPart, oc_form_part, GTK_TYPE_WIDGET)

static void
oc_form_part_default_init (OcFormPartInterface *iface)
{
}

void
oc_form_part_fill (OcFormPart *self, const OcFields *values)
{
    OC_FORM_PART_GET_IFACE (self)->fill (self, values);
}

void
oc_form_part_put (OcFormPart *self, const OcFields *values)
{
    OC_FORM_PART_GET_IFACE (self)->put (self, values);
}

void
oc_form_part_read (OcFormPart *self, OcFields *values)
{
    OC_FORM_PART_GET_IFACE (self)->read (self, values);
}

guint
oc_form_part_count_changes (OcFormPart *self)
{
    return OC_FORM_PART_GET_IFACE (self)->count_changes (self);
}

gboolean
oc_form_part_check (OcFormPart *self, gboolean tell)
{
    return OC_FORM_PART_GET_IFACE (self)->check (self, tell);
}

gboolean
oc_form_part_show_error (OcFormPart *self, const char *field, const char *text)
{
    return OC_FORM_PART_GET_IFACE (self)->show_error (self, field, text);
}

void
oc_form_part_describe (OcFormPart *self, const OcFields *values, OcFields *lines)
{
    OC_FORM_PART_GET_IFACE (self)->describe (self, values, lines);
}

void
oc_form_part_changed (OcFormPart *self)
{
    GtkWidget *form;

    g_return_if_fail (OC_IS_FORM_PART (self));
    form = gtk_widget_get_ancestor (GTK_WIDGET (self), OC_TYPE_FORM);
    if (form != NULL)
        oc_form_changed (OC_FORM (form));
}
