/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a form is made of: a widget that shows some of a record's values and gives them back. Most are an OcFormField;
 * what is no single value (tiers of a price, permissions of a role) is a part of its own. Values are texts as the api
 * says them. A part tells its form with oc_form_part_changed (). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "core/fields.h"

G_BEGIN_DECLS

#define OC_TYPE_FORM_PART (oc_form_part_get_type ())
G_DECLARE_INTERFACE (OcFormPart, oc_form_part, OC, FORM_PART, GtkWidget)

struct _OcFormPartInterface {
    GTypeInterface parent_iface;

    /* Shows these values and remembers them as unchanged; NULL: a new record. */
    void (*fill) (OcFormPart *self, const OcFields *values);
    /* Shows those of its fields that are in @values, as if a person had put them in. */
    void (*put) (OcFormPart *self, const OcFields *values);
    /* Adds what is in it now. */
    void (*read) (OcFormPart *self, OcFields *values);
    guint (*count_changes) (OcFormPart *self);
    /* FALSE: something is no value; with @tell said at its place, and the caret is there. */
    gboolean (*check) (OcFormPart *self, gboolean tell);
    /* TRUE when @field is one of its own and @text is shown there, with the caret; @field NULL: no error any more. */
    gboolean (*show_error) (OcFormPart *self, const char *field, const char *text);
    /* Adds @values of its fields as a person reads them: names are translated labels. */
    void (*describe) (OcFormPart *self, const OcFields *values, OcFields *lines);
};

void oc_form_part_fill (OcFormPart *self, const OcFields *values);
void oc_form_part_put (OcFormPart *self, const OcFields *values);
void oc_form_part_read (OcFormPart *self, OcFields *values);
guint oc_form_part_count_changes (OcFormPart *self);
gboolean oc_form_part_check (OcFormPart *self, gboolean tell);
gboolean oc_form_part_show_error (OcFormPart *self, const char *field, const char *text);
void oc_form_part_describe (OcFormPart *self, const OcFields *values, OcFields *lines);

/* A person changed something: the form that it stands in says so. */
void oc_form_part_changed (OcFormPart *self);

G_END_DECLS
