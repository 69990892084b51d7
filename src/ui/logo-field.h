/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a form that shows a picture and takes another one from a file: PNG or JPEG, field "logo". Main thread. */
#pragma once

#include "ui/form-part.h"

G_BEGIN_DECLS

#define OC_TYPE_LOGO_FIELD (oc_logo_field_get_type ())
G_DECLARE_FINAL_TYPE (OcLogoField, oc_logo_field, OC, LOGO_FIELD, GtkWidget)

G_END_DECLS
