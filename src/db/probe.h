/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tries a connection step by step and says which one is wrong: libpq alone only tells that it did not come through. */
#pragma once

#include "db/connection.h"

G_BEGIN_DECLS

typedef enum {
    OC_PROBE_ADDRESS,  /* the keywords */
    OC_PROBE_NAME,     /* a host's name */
    OC_PROBE_SERVER,   /* somebody answers at its port */
    OC_PROBE_TLS,      /* it is a PostgreSQL server, and the connection is as safe as was asked for */
    OC_PROBE_LOGIN,    /* the operator may come in */
    OC_PROBE_DATABASE, /* there is that database */
    OC_PROBE_VERSION,  /* of this program's version, with that operator */
    OC_PROBE_N,
} OcProbeStep;

/* The first step that failed, with its error; OC_PROBE_N: all is well. Without a user it ends at OC_PROBE_LOGIN with no error: that far it
 * is well. Blocks, some seconds at most for each host. */
OcProbeStep oc_db_probe (const OcDbLogin *login, gint64 api_version, GError **error);

G_END_DECLS
