/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding one of the pre-registered customers in a dialog, to open his account. Main thread. */
#pragma once

#include "core/fields.h"
#include "ui/screen.h"

G_BEGIN_DECLS

/* @record: names as in api.pre_registered_find; lent. */
typedef void (*OcPickedFunc) (OcScreen *screen, const OcFields *record);

void oc_picker_present (OcScreen *screen, OcPickedFunc picked);

G_END_DECLS
