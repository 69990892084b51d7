/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated meter, its state in a file (JSON, locked while open), with the rules that real firmware has (cards.md 6),
 * for every layout. It reads and writes cards by the same commands as a station, with its
 * own keys. Amounts are in 1/10000 of what the meter counts: yuan, cubic metres or kWh. One thread at a time. */
#pragma once

#include "core/fields.h"
#include "core/quantity.h"
#include "sim/card-file.h"

G_BEGIN_DECLS

/* The numbers that the meter's display shows. */
typedef enum {
    OC_METER_OK = 0,
    OC_METER_CARD_TYPE = 8,      /* not a customer's card */
    OC_METER_MAC = 10,           /* card and meter don't prove themselves to each other, or a MAC is wrong */
    OC_METER_NUMBER = 11,        /* made for another meter */
    OC_METER_CUSTOMER = 12,      /* another customer's */
    OC_METER_RETIRED = 13,       /* not the newest card of this customer */
    OC_METER_FORMAT = 14,
    OC_METER_OPENED = 15,        /* opening card, but the meter has been in use */
    OC_METER_NOT_OPENED = 16,    /* the meter takes an opening card first */
    OC_METER_COUNT = 17,         /* a purchase is missing in between */
    OC_METER_NOT_EMPTY = 18,     /* the card's return data weren't cleared */
    OC_METER_CARD_FAULT = 20,    /* the card was taken out or failed before the end */
    OC_METER_HOARDING = 21,
} OcMeterError;

typedef struct {
    const char *layout; /* "cpu-electricity-63", "mem-24c", … */
    const char *number; /* 12 digits */
    const char *type;   /* "electricity", "cold-water", …; NULL: the layout's first, else cold-water */
    gint64 presale, hoarding; /* preset; hoarding 0: no limit; many cards bring theirs */
    const OcSimKeys *keys;
} OcSimMeterMake;

typedef struct {
    OcMeterError error;
    gboolean credited;
    gint64 purchase;        /* what was credited */
    gboolean parameters;    /* taken over */
    gboolean returned;      /* return data were written */
    guint64 count;          /* the meter's afterwards */
    gint64 remaining;       /* negative: overdraft */
    guint64 n_apdus;
} OcSimMeterReport;

typedef struct _OcSimMeter OcSimMeter;

/* Never over an existing file. */
gboolean oc_sim_meter_make (const char *path, const OcSimMeterMake *make, GError **error);
OcSimMeter *oc_sim_meter_open (const char *path, GError **error); /* locks */
OcSimMeter *oc_sim_meter_peek (const char *path, GError **error); /* for looking only */
void oc_sim_meter_free (OcSimMeter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcSimMeter, oc_sim_meter_free)

/* Puts the card in, lets the meter do its work, takes the card out. TRUE also when the meter shows an error: see the
 * report. FALSE when there is no such card or meter, or a file can't be written. @faults may be NULL. */
gboolean oc_sim_meter_insert (OcSimMeter *self, const char *card_path, const char *faults, OcSimMeterReport *report,
    GError **error);
/* What the display says, in one translated sentence; caller frees. */
char *oc_sim_meter_report_text (const OcSimMeter *self, const OcSimMeterReport *report);
const char *oc_sim_meter_error_text (OcMeterError error); /* translated */

/* Lets @quantity kWh or cubic metres flow; the valve closes at alarm 2 (a card put in opens it again) and at nothing
 * left, unless @overdraw. @flowed: how much did. */
gboolean oc_sim_meter_use (OcSimMeter *self, OcQuantity quantity, gboolean overdraw, OcQuantity *flowed, GError **error);
/* Takes a new version of its keys beside the one it has, as a maker's key card brings it. */
gboolean oc_sim_meter_learn (OcSimMeter *self, const OcSimKeys *keys, GError **error);
/* A broken meter does nothing with a card and lets nothing flow. */
gboolean oc_sim_meter_set_broken (OcSimMeter *self, gboolean broken, GError **error);

gboolean oc_sim_meter_is_opened (const OcSimMeter *self);
const char *oc_sim_meter_number (const OcSimMeter *self);
guint64 oc_sim_meter_count (const OcSimMeter *self);
gint64 oc_sim_meter_remaining (const OcSimMeter *self);
gint64 oc_sim_meter_credited (const OcSimMeter *self); /* in all, without presale */
/* Everything that can be seen: layout, number, type, opened, customer, count, remaining, credited, used, rate_1,
 * rate_2, switch_time, alarm_1, alarm_2, hoarding, valve ("open", "closed"), alarm ("0", "1", "2"), broken,
 * illegal_insertions. Caller unrefs. */
OcFields *oc_sim_meter_describe (const OcSimMeter *self);

G_END_DECLS
