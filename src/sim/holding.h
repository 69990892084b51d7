/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which meters a simulated CPU card is for, as its parameter files say. Nothing is proven: the meter does that. */
#pragma once

#include "card/image.h"
#include "card/layout.h"
#include "sim/cpu-card.h"

G_BEGIN_DECLS

typedef struct {
    const OcLayout *layout;
    const char *type;     /* of the meter: "gas" */
    char *meter;          /* 12 digits */
    char *customer;
} OcSimHolding;

/* OcSimHolding, in the order of the directories; caller unrefs. */
GPtrArray *oc_sim_cpu_holdings (OcSimCpu *cpu);
/* Every file as a reader would deliver it; caller frees. */
OcImage *oc_sim_cpu_image (OcSimCpu *cpu);

G_END_DECLS
