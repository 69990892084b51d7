/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields as the JSON object that the database takes. Pure. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/fields.h"

G_BEGIN_DECLS

/* Values as texts, tables as lists of objects. @fields may be NULL: an empty object. */
JsonNode *oc_setting_form_new (const OcFields *fields);
/* Caller frees. */
char *oc_setting_form_text (JsonNode *document);

G_END_DECLS
