/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the SQL share: the demo in a database of one's own, statements as an operator, and how they end. */
#pragma once

#include "core/rows.h"
#include "support/pg-cluster.h"

G_BEGIN_DECLS

/* A clone of the demo's database. */
OcTestDb *api_demo_new (void);
/* Runs these scripts of this folder (NULL-terminated) after the demo was made, in the database that is cloned. Before the first
 * api_demo_new. */
void api_demo_with (const char *const *scripts);
/* As the operator, whose demo password is his number; aborts when he can't. */
OcDb *api_operator (OcTestDb *db, int number);
/* Runs one statement: "" when it succeeds, else "OC012" or the SQLSTATE. Caller frees. */
char *api_run (OcDb *db, const char *sql);
/* Fails the test unless the statement ends with @code ("" for success). */
void api_expect (OcDb *db, const char *sql, const char *code);
/* Fails the test unless the first cell is @value. */
void api_expect_value (OcDb *db, const char *sql, const char *value);
/* Rows of a statement that must succeed. */
OcRows *api_rows (OcDb *db, const char *sql);
/* Runs the script @name of this folder as superuser; aborts with its message when it fails. */
void api_script (OcTestDb *db, const char *name);
/* After sale.sql: what it left unfinished is as if nothing had been written. */
void api_undo_pending (OcTestDb *db);
/* The invariants that admin.check finds broken, with ", " between; "" for none. Caller frees. */
char *api_broken (OcDb *owner);

/* A SCRAM-SHA-256 verifier of the password "secret-1". */
extern const char *const api_verifier;

G_END_DECLS
