/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors that a person can do something about. The database (schema api) raises SQLSTATE OC0nn
 * with JSON parameters; the table in error.c turns code and parameters into a translated sentence and
 * names the form field it belongs to. Codes checked on the station itself come from the same table.
 * Thread-safe; no I/O. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OC_ERROR (oc_error_quark ())

typedef enum {
    OC_ERROR_FIELD,      /* correct the field that is named */
    OC_ERROR_REFUSED,    /* a rule says no; another card, amount or person is needed */
    OC_ERROR_PERMISSION, /* ask the administrator */
    OC_ERROR_SERVED,     /* somebody else is serving this card or meter; try again */
    OC_ERROR_UNPROVEN,   /* begun and not proven: present the card again */
    OC_ERROR_INTERNAL,   /* call support */
} OcErrorKind;

GQuark oc_error_quark (void);

/* One name and its value, both strings, for the {name} places of a sentence. */
typedef struct {
    const char *name;
    const char *value;
} OcErrorParam;

/* Makes the error of @code ("OC011"); @params ends with a {NULL, NULL} row and may be NULL. An unknown
 * code becomes OC_ERROR_INTERNAL with the code in its text. Caller owns the result. */
GError *oc_error_new_code (const char *code, const OcErrorParam *params);

/* The same, into @error. Names and values alternate, ended by NULL:
 *   oc_error_set (error, "OC011", "limit", "500", NULL); Always returns FALSE. */
gboolean oc_error_set (GError **error, const char *code, ...) G_GNUC_NULL_TERMINATED;

/* "OC011", or NULL when @error is of another domain. */
const char *oc_error_get_code (const GError *error);

/* The form field (an api argument's name without p_: "amount") that @error belongs to, or NULL. */
const char *oc_error_get_field (const GError *error);

/* A parameter as it came ("limit"), or NULL. Borrowed from @error. */
const char *oc_error_get_param (const GError *error, const char *name);

/* Every code of the table in order, NULL-terminated; for tests. */
const char *const *oc_error_codes (void);

G_END_DECLS
