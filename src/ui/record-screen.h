/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record shape: a list on the left, the chosen record's form on the right, a bar below it that says how much is not
 * saved. Adding, saving, deleting, taking back (record-acts.h) and what happens when two people change the same record
 * (record-change.h) come with it; a subclass supplies kind, columns and form. In its template a child of type "form" is the form, one of
 * type "tool" a button above it, one of type "list" stands instead of the table. Unsaved changes stay while another screen
 * is shown. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/form.h"
#include "ui/screen.h"
#include "ui/table.h"

G_BEGIN_DECLS

#define OC_TYPE_RECORD_SCREEN (oc_record_screen_get_type ())
G_DECLARE_DERIVABLE_TYPE (OcRecordScreen, oc_record_screen, OC, RECORD_SCREEN, OcScreen)

struct _OcRecordScreenClass {
    OcScreenClass parent_class;

    const char *kind;         /* of oc_setting_list (): "branches"; the list's fields fill the form by their names */
    const char *title;        /* msgids, N_() */
    const char *purpose;
    const char *new_title;    /* "New branch"; NULL: none can be added */
    const char *empty_text;   /* what to do while there is none */
    const char *icon;
    const OcColumn *columns;  /* NULL: one record, no list */
    guint n_columns;
    const char *name;         /* the field that a record is called by */
    const char *call;         /* what it is called: msgid with a %s, NULL: the name alone */
    const char *discard;      /* NULL: "Discard" */
    gboolean keeps;           /* TRUE: none can be deleted */
    const char *const *lists; /* what else the form chooses from: names of oc_list (), NULL-terminated */

    /* One of the lists came, before the form is filled. */
    void (*list_came) (OcRecordScreen *self, const char *list, OcRows *rows);
    /* Instead of choosing the record with this id, else the first one: the list is the subclass's own. */
    void (*rows_came) (OcRecordScreen *self, OcRows *rows, gint64 wanted);
    /* Instead of filling the form again from the list. */
    void (*discarded) (OcRecordScreen *self);
    /* The form shows this record, or a new one (NULL), or none is chosen; what fits it is to be shown. */
    void (*shown) (OcRecordScreen *self, const OcFields *record);
    /* A person changed something. */
    void (*edited) (OcRecordScreen *self);
    /* Before saving, beyond what each field knows; FALSE: it has been said. */
    gboolean (*check) (OcRecordScreen *self);
    /* What is to be asked before the record is deleted; NULL: nothing, it can be taken back. Caller frees. */
    char *(*delete_warning) (OcRecordScreen *self, const OcFields *record);
    /* Starts saving instead of oc_record_change_save (): something must be asked first. */
    void (*save) (OcRecordScreen *self);
};

OcForm *oc_record_screen_get_form (OcRecordScreen *self);
/* The record that is shown as the database said it; NULL: a new one or none. Borrowed. */
const OcFields *oc_record_screen_get_record (OcRecordScreen *self);
/* All records; NULL before they came. Borrowed. */
OcRows *oc_record_screen_get_rows (OcRecordScreen *self);
gboolean oc_record_screen_is_new (OcRecordScreen *self);
gboolean oc_record_screen_is_dirty (OcRecordScreen *self);
/* The record with what is in the form now; caller unrefs. */
OcFields *oc_record_screen_read (OcRecordScreen *self);
/* Shows a record (referenced; NULL: none) without asking. */
void oc_record_screen_show (OcRecordScreen *self, OcFields *record);
/* Begins a new record filled with @values, which count as changes (NULL: an empty one). */
void oc_record_screen_begin (OcRecordScreen *self, const OcFields *values);

/* For record-load.c, record-acts.c and record-change.c. */
const char *oc_record_screen_get_name (OcRecordScreen *self);
const char *oc_record_screen_get_heading (OcRecordScreen *self);
/* The form holds again what the database said. */
void oc_record_screen_reset (OcRecordScreen *self);
/* What is in the form is from now on a change of this version of the record. */
void oc_record_screen_rebase (OcRecordScreen *self, const char *row_version);
/* The record that is to be chosen when the rows come. */
void oc_record_screen_want (OcRecordScreen *self, gint64 id);
void oc_record_screen_take_rows (OcRecordScreen *self, OcRows *rows);
/* Says what was done; @change, which undo takes back, is offered to be (0: none). */
void oc_record_screen_tell (OcRecordScreen *self, const char *text, gint64 change);
gint64 oc_record_screen_get_change (OcRecordScreen *self);

G_END_DECLS
