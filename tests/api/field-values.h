/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a layout's fields over their whole range: the edges, then whatever a seed gives. */
#pragma once

#include "card/layout.h"
#include "core/fields.h"

G_BEGIN_DECLS

#define FIELD_EDGES 4 /* smallest, next to it, next to the largest, largest */

/* A value for every field of @area but those that are filled in, under their full names; @round below FIELD_EDGES: that edge of
 * all of them, else random by @rand. Records count in steps of 0.1. Caller unrefs. */
OcFields *field_values (const OcLayoutArea *area, guint round, GRand *rand);

G_END_DECLS
