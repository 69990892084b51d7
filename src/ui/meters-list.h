/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A customer's meters, each with what it is barred for, a button that changes its user type or prices, and one that bars or releases it
 * alone. Main thread. */
#pragma once

#include "core/fields.h"
#include "ui/screen.h"

G_BEGIN_DECLS

#define OC_TYPE_METERS_LIST (oc_meters_list_get_type ())
G_DECLARE_FINAL_TYPE (OcMetersList, oc_meters_list, OC, METERS_LIST, GtkWidget)

/* Asks for the meters of @customer, a record of api.customers_find (NULL: nobody's); what is refused is said on @screen. */
void oc_meters_list_show (OcMetersList *self, OcScreen *screen, const OcFields *customer);

G_END_DECLS
