/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The insides of a simulated meter, shared by its files: meter.c (what a card in the slot leads to), meter-file.c (what
 * is kept), meter-link.c, meter-cpu.c, meter-return.c, meter-memory.c (how cards are read and written), meter-use.c. */
#pragma once

#include "card/layout.h"
#include "sim/locked-file.h"
#include "sim/meter.h"

G_BEGIN_DECLS

#define METER_NUMBER 12 /* digits */
#define METER_TIERS 8
#define METER_MONTHS 24

/* A price as a meter knows it, 1/10000: the rate is added to each tier's. */
typedef struct {
    gint64 rate;
    gint64 price[METER_TIERS];
    gint64 limit[METER_TIERS]; /* of what was used in the period; 0: none, and no further tier */
    char settlement[7];        /* MMDDhh; 000000: the period is the month, else the year */
} MeterPrice;

/* What comes with a credit, taken over all at once. */
typedef struct {
    gint64 hoarding, overdraft_limit, alarm_1, alarm_2, step, pulse_constant;
    MeterPrice prices[2];
    char user_type[3], billing[3], switch_time[11], ct[7], vt[7];
} MeterParameters;

struct _OcSimMeter {
    OcSimFile *file;

    /* preset in the factory */
    char layout[32];
    const OcLayout *plan;  /* CPU: its layout */
    gboolean is_cpu;
    char type[16];
    guint type_code; /* 1 electricity … 5 heat */
    char number[METER_NUMBER + 1];
    OcSimKeys keys, before; /* the newest version and the one that it has learned it after */
    gboolean has_before;

    /* bound by the opening card */
    gboolean opened;
    char customer[METER_NUMBER + 1];
    char card[17];         /* CPU: serial of the card in force, hex */
    GPtrArray *retired;    /* CPU: serials of those before */
    guint issue;           /* memory: issue number of the card in force */

    /* what it counts; 1/10000 */
    guint64 count;
    gint64 remaining, credited, used, purchase;
    char month[5], year[3];        /* in which it counted last: YYMM, YY */
    gint64 period_used;            /* for the tiers */
    gint64 months[METER_MONTHS];   /* used in this month, the one before, … */

    MeterParameters in_force; /* from the card or preset; step: of memory cards, and learnt from the first one */

    gboolean acknowledged; /* a card opened the valve after alarm 2 */
    gboolean broken;
    guint illegal_insertions;
};

/* A card in the meter's slot. Every command may fail for good: the card is gone. */
typedef struct {
    OcSimCard *card;
    OcSimFaults *faults;
    gboolean gone;
} MeterLink;

/* What the meter read from a card for itself. */
typedef struct {
    guint card_type;
    guint64 count;
    gint64 purchase;
    char customer[METER_NUMBER + 1];
    gboolean return_empty;  /* in the sense of the layout */

    char card[17];          /* CPU: serial */
    guint16 directory;      /* CPU */
    OcFields *parameters;   /* CPU */

    guint issue;            /* memory */
    guint slot;
    guint8 card_id[8];
    guint8 keys[2][16];     /* the card's, by the newest version and by the one before it */
    guint n_keys;
    guint key;              /* which version the record in force (CPU: the card) is made with: 0 the newest */
    guint8 sale[32];        /* the record in force */
} MeterSheet;

void meter_sheet_clear (MeterSheet *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MeterSheet, meter_sheet_clear)

/* meter-file.c */
gboolean meter_save (OcSimMeter *self, GError **error);

/* meter-link.c: one command with faults, 61xx and 6Cxx followed up. FALSE: the card is gone. */
gboolean meter_link_send (MeterLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, guint16 *sw);
/* The same where nothing but 9000 with @want bytes will do. */
gboolean meter_link_expect (MeterLink *link, const guint8 *in, gsize in_len, guint8 *out, gsize want);
guint64 meter_number_be (const guint8 *data, gsize len);
gboolean meter_bcd (const guint8 *data, gsize len, guint64 *value); /* FALSE: not BCD */
void meter_put_bcd (guint8 *out, gsize len, guint64 value);
void meter_digits (const guint8 *data, gsize len, char *out); /* hex digits, ends with \0 */

/* meter-cpu.c, meter-memory.c: find this meter's part of the card and prove it. */
OcMeterError meter_cpu_read (OcSimMeter *self, MeterLink *link, MeterSheet *sheet);
OcMeterError meter_memory_read (OcSimMeter *self, MeterLink *link, MeterSheet *sheet);
/* The parameters that the card brings, over those in force (@parameters comes in with them). */
OcMeterError meter_cpu_parameters (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet, MeterParameters *parameters);
OcMeterError meter_memory_parameters (const MeterSheet *sheet, MeterParameters *parameters);
OcMeterError meter_cpu_return (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet);
OcMeterError meter_memory_return (OcSimMeter *self, MeterLink *link, const MeterSheet *sheet);
/* meter-return.c: a CPU card's return file as the meter would write it now; caller unrefs. */
GBytes *meter_make_return (const OcSimMeter *self, const MeterSheet *sheet);

/* meter-use.c: 0, 1, 2 */
guint meter_alarm (const OcSimMeter *self);
gboolean meter_valve_closed (const OcSimMeter *self);
/* Yuan a unit in this tier, from 0. */
gint64 meter_price_of (const MeterPrice *price, guint tier);
/* A new month or year begins where the clock says so. */
void meter_turn_period (OcSimMeter *self);

G_END_DECLS
