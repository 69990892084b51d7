/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a table as data: the same array feeds the list on screen, the workbook, the CSV and the
 * print. Pure. */
#pragma once

#include "core/rows.h"
#include "core/word.h"

G_BEGIN_DECLS

typedef enum {
    OC_COLUMN_TEXT,
    OC_COLUMN_INTEGER,
    OC_COLUMN_MONEY,
    OC_COLUMN_QUANTITY,
    OC_COLUMN_TIME,   /* timestamptz text; shown in local time to the minute */
    OC_COLUMN_DATE,
    OC_COLUMN_STATE,  /* a word of the api ("pending"): translated by oc_word () */
    OC_COLUMN_SUB_METER,
    OC_COLUMN_TRUTH,  /* boolean: yes or no */
    OC_COLUMN_PAY,    /* means of payment: oc_pay_format () */
    OC_COLUMN_DETAIL, /* how card and ledger differ, in lines of the api: oc_detail_format () */
} OcColumnKind;

typedef struct {
    const char *title; /* msgid, N_() */
    const char *field; /* name in the rows */
    OcColumnKind kind;
    int width;         /* characters */
    gboolean total;    /* sum shown below */
    gboolean hidden;   /* chosen by the user only */
} OcColumn;

/* The api's text of that kind as a person reads it; a text that is no such value stays what it is. Caller frees. */
char *oc_format_value (OcColumnKind kind, const char *text);

/* The cell as a person reads it. Caller frees. */
char *oc_column_format (const OcColumn *column, OcRows *rows, guint row);
gboolean oc_column_is_numeric (const OcColumn *column);

/* Means of payment as the api says them, translated: "wechat=40.00,cash=60.00" is "WeChat Pay 40.00 + Cash 60.00". Caller frees. */
char *oc_pay_format (const char *pay);

/* How card and ledger differ, as the api says it in lines: "meter=13\nledger=3" is "the meter says 13, the ledger says 3"; anything else
 * stays. Caller frees. */
char *oc_detail_format (const char *detail);

/* A sub-meter's code and its meter type: 22 is "22 Cold water"; "" for 0. Caller frees. */
char *oc_sub_meter_format (gint64 code);

/* "2026-03-13 12:45" in local time from the server's timestamptz text; caller frees. */
char *oc_time_format (const char *timestamptz);

G_END_DECLS
