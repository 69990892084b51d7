/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of --sub-meter: 'slot=1,model=RT-dt,meter=7,user-type=…,price=…,amount=100'; a comma inside is "\,". */
#pragma once

#include "programs/onecardctl/ctl.h"

G_BEGIN_DECLS

/* @meters: OcOpenMeter with texts of their own; caller unrefs. 0, or an exit status after telling why. */
int ctl_parse_sub_meters (Ctl *ctl, char **texts, GArray **meters);

G_END_DECLS
