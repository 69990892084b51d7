/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private PostgreSQL cluster for one test program, made at first use in a folder under the temporary one and
 * thrown away when the program ends, however it ends. Every test gets a database of its own, cloned from one that
 * was installed once; all clones share the roles onecard_owner, onecard_operator, onecard_1001 … Failures abort. */
#pragma once

#include "db/cluster.h"
#include "db/connection.h"

G_BEGIN_DECLS

/* The running cluster with database onecard installed. Owned by the support code. */
OcCluster *oc_test_cluster (void);
/* Stops and removes it, before main returns. */
void oc_test_cluster_end (void);
/* A new empty folder that user postgres may enter, removed at the end. Owned by the support code until then. */
char *oc_test_dir_new (void);
void oc_test_dir_remove (const char *path);

typedef struct {
    char *name;
    char *uri;  /* for OcDbLogin */
} OcTestDb;

/* Runs once on the database that is cloned afterwards: demo data and the like. Set before the first clone. */
void oc_test_db_prepare (void (*prepare) (OcDb *owner));
OcTestDb *oc_test_db_new (void);
void oc_test_db_free (OcTestDb *self); /* drops the database, ends its sessions */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcTestDb, oc_test_db_free)

OcDb *oc_test_db_owner (OcTestDb *self);
OcDb *oc_test_db_superuser (OcTestDb *self);
/* As onecard_<number>; NULL with an error when it is refused. */
OcDb *oc_test_db_operator (OcTestDb *self, int number, const char *password, GError **error);
/* Runs SQL of the test; aborts with its message when it fails. */
void oc_test_sql (OcDb *db, const char *sql);
/* First cell of the first row, "" for null. Caller frees. */
char *oc_test_sql_value (OcDb *db, const char *sql);

G_END_DECLS
