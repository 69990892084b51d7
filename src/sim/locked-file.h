/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON document in a file that one process at a time holds. The lock is on the file itself: its replacement is
 * locked before it takes the name, so the name always stands for a locked file while somebody holds it, and the
 * kernel ends the lock with the process. Private to sim. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _OcSimFile OcSimFile;

/* Never over an existing file. */
gboolean oc_sim_file_create (const char *path, JsonBuilder *content, GError **error);
/* @what: the word in the document's "onecard-sim" member: "card", "meter". @root gets the object (caller unrefs). Without
 * @lock the file can only be looked at. Errors are OC_SIM_ERROR. */
OcSimFile *oc_sim_file_open (const char *path, const char *what, gboolean lock, JsonObject **root, GError **error);
void oc_sim_file_free (OcSimFile *self);
const char *oc_sim_file_path (const OcSimFile *self);
/* After this returns, a killed process leaves @content; before it, the content before. */
gboolean oc_sim_file_replace (OcSimFile *self, JsonBuilder *content, GError **error);

/* Hex of exactly @size bytes from a member, into @out. */
gboolean oc_sim_json_bytes (JsonObject *object, const char *member, guint8 *out, gsize size);
void oc_sim_json_add_bytes (JsonBuilder *builder, const char *member, const guint8 *data, gsize size);

G_END_DECLS
