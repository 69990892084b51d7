/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand in a field, by its kind: how a value of the api is shown, what is typed becomes, and what is wrong with it. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
    OC_FIELD_TEXT,
    OC_FIELD_NUMBER,   /* exact; 0 to 4 decimals */
    OC_FIELD_CHOICE,
    OC_FIELD_CHECK,
    OC_FIELD_PASSWORD,
    OC_FIELD_TIME,     /* local time: 2026-03-13 12:45 */
} OcFieldKind;

GType oc_field_kind_get_type (void);

typedef struct {
    OcFieldKind kind;
    char *minimum, *maximum; /* of a number; NULL: 0, and what fits a column */
    guint decimals;
    gboolean needed;
} OcFieldRule;

/* What is typed, as the api says it: numbers without zeros that say nothing, times in ISO 8601. What is no number or time stays as
 * it is. Caller frees. */
char *oc_field_value_of (const OcFieldRule *rule, const char *typed);
/* What stands in the editor for @value; caller frees. */
char *oc_field_value_show (const OcFieldRule *rule, const char *value);
gboolean oc_field_value_is_true (const char *value);
/* NULL: a form can know nothing against it, the rest is the database's. Caller frees. */
GError *oc_field_value_check (const OcFieldRule *rule, const char *value);

G_END_DECLS
