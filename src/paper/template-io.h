/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A template as JSON and back: the one form for files, the database, the clipboard and undo. What is written and read
 * again is equal; two equal templates are written alike. */
#pragma once

#include "paper/template.h"

G_BEGIN_DECLS

#define OC_TEMPLATE_ERROR (oc_template_error_quark ())
typedef enum {
    OC_TEMPLATE_ERROR_INVALID, /* not a template: the text names the place and the reason */
    OC_TEMPLATE_ERROR_NEWER,   /* made by a newer program */
    OC_TEMPLATE_ERROR_MISSING, /* no such template came with the program */
} OcTemplateErrorCode;
GQuark oc_template_error_quark (void);

/* Refuses what it does not know: unknown members, kinds and words, numbers out of their bounds. Caller frees. */
OcTemplate *oc_template_parse (GBytes *json, GError **error);
/* UTF-8 with line ends; caller unrefs. */
GBytes *oc_template_to_json (const OcTemplate *self);

/* The kinds of trade that have a default template, sorted; caller frees with g_strfreev (). */
char **oc_template_resource_names (void);
/* The default template for a kind of trade ("purchase", "open"), from the program's own resources. */
OcTemplate *oc_template_load_resource (const char *name, GError **error);

G_END_DECLS
