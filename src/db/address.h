/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a database as a form and as libpq keywords ("host=… port=… dbname=…"). Pure. */
#pragma once

#include "core/fields.h"

G_BEGIN_DECLS

/* The keywords that @uri sets; NULL with OC_DB_ERROR_UNREACHABLE when libpq can't read it. User and password are left out. */
OcFields *oc_db_address_parse (const char *uri, GError **error);
/* Fields with a value as keywords, quoted; caller frees. */
char *oc_db_address_format (const OcFields *fields);
/* What a shared server's address means where it says nothing: encrypted, the certificate checked; a server that can write. A path as
 * host is a socket of this machine, which needs neither. Caller frees; NULL with an error. */
char *oc_db_address_complete (const char *uri, GError **error);

G_END_DECLS
