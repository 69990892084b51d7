/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The found shape: one field that finds records among any number of them, what was found on the left, the chosen record's form on the
 * right, and a bar that says how much is not saved. A subclass supplies columns, form, and the acts that find, save and delete. In its
 * template a child of type "form" is the form, one of type "tool" a button above it, one of type "below" stands under it. While something is not saved no other record can
 * be chosen. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/form.h"
#include "ui/screen.h"
#include "ui/table.h"

G_BEGIN_DECLS

#define OC_TYPE_FOUND_SCREEN (oc_found_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcFoundScreen, oc_found_screen, OC, FOUND_SCREEN, OcScreen)

typedef void (*OcFoundFind) (OcDesk *desk, const OcFindAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
typedef void (*OcFoundAct) (OcDesk *desk, const OcCustomerAsk *ask, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data);
typedef OcRows *(*OcFoundFinish) (OcDesk *desk, GAsyncResult *result, GError **error);

struct _OcFoundScreenClass {
    OcScreenClass parent_class;

    const char *title;       /* msgids, N_() */
    const char *purpose;
    const char *new_title;   /* "New customer"; NULL: none can be added */
    const char *choose_text; /* while none is chosen */
    const char *empty_icon, *empty_title, *empty_text;
    const OcColumn *columns;
    guint n_columns;
    const char *key;         /* the field with a record's number */
    const char *permission;  /* to save; without it the form is only read */

    OcFoundFind find;
    OcFoundFinish find_finish;
    OcFoundAct save;
    OcFoundFinish save_finish;
    OcFoundAct remove;       /* NULL: none can be deleted */
    OcFoundFinish remove_finish;

    /* Another record is shown; NULL: none, or a new one. */
    void (*chosen) (OcFoundScreen *self, const OcFields *record);
};

/* The record that is shown as the database said it; NULL: a new one or none. Borrowed. */
const OcFields *oc_found_screen_get_record (OcFoundScreen *self);
/* Its number; 0: none. */
gint64 oc_found_screen_get_number (OcFoundScreen *self);
gboolean oc_found_screen_is_dirty (OcFoundScreen *self);
/* Shows what this text finds. */
void oc_found_screen_look_for (OcFoundScreen *self, const char *text);
/* Starts another act on the record that is shown; when it has ended @done is shown as success, else the error, and it is asked again. */
void oc_found_screen_act (OcFoundScreen *self, OcFoundAct act, OcFoundFinish finish, const char *done);

G_END_DECLS
