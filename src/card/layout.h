/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card layout: the JSON document data/cards/<name>.json as C structs. Pure; immutable after parsing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    OC_ENC_HEX, OC_ENC_U8, OC_ENC_U16, OC_ENC_U24, OC_ENC_U32, OC_ENC_I32,
    OC_ENC_BCD, OC_ENC_DIGITS, OC_ENC_TIME, OC_ENC_MINUTES, OC_ENC_STEP,
    OC_ENC_CONST, OC_ENC_LENGTH, OC_ENC_SUM, OC_ENC_MAC, OC_ENC_RESERVED,
} OcEncoding;

typedef struct {
    char *name;   /* with repeat > 1 the elements are name + "1", name + "2", … */
    char *label;  /* msgid */
    guint at, length;
    OcEncoding encoding;
    guint decimals;
    gboolean in_steps; /* the raw number counts sampling steps */
    guint repeat;      /* 1 or more */
    GBytes *constant;  /* CONST */
    char *fixed;       /* what the seller always writes here; NULL: the ledger's value of that name */
} OcLayoutField;

/* What a file of a CPU directory is for. Memory records have a kind instead. */
typedef enum { OC_ROLE_NONE, OC_ROLE_PARAMETERS, OC_ROLE_PRICES, OC_ROLE_LADDER, OC_ROLE_WALLET, OC_ROLE_RETURN } OcRole;

typedef struct {
    char *name, *title; /* "wallet"; msgid */
    OcRole role;        /* CPU */
    guint price_set;    /* PRICES: 1 or 2 */
    guint sfi;          /* CPU; 0 for memory areas */
    char kind;          /* 'H', 'V', 'R'; 0 for CPU files */
    guint copies[2], wide_copies[2], n_copies; /* offsets within the slot (header: absolute) */
    guint size;
    gboolean by_meter;  /* the meter writes it */
    guint order;        /* of writing */
    guint payload_at, payload_size; /* of the frame; 0: no frame */
    GPtrArray *fields;  /* OcLayoutField */
    GPtrArray *empty;   /* RETURN: its fields that are gone when it is empty: a constant that isn't there, else zeros */
} OcLayoutArea;

/* A bit of the update flags, and one thing that it stands for. */
typedef struct {
    guint bit;
    const OcLayoutArea *area;
    const OcLayoutField *field; /* NULL: the whole area */
} OcLayoutBit;

typedef struct {
    char *name;
    guint8 code;
    guint size, page, first, stride; /* bytes; first slot's offset and distance between slots */
} OcLayoutChip;

typedef struct {
    char *name, *title, *family; /* "cpu", "24c", "4442" */
    guint version;
    char **meter_types; /* empty: any */
    gboolean by_money;  /* billing */
    gboolean authentic; /* the card can prove itself */
    gboolean tiered;    /* can carry (or needs not carry) a tiered price */
    guint8 internal_kid, external_kid, mac_kid;
    GPtrArray *areas;   /* OcLayoutArea */
    GPtrArray *chips;   /* OcLayoutChip */
    GPtrArray *bits;    /* OcLayoutBit */
} OcLayout;

/* OC_LAYOUT_ERROR texts carry line and reason. */
#define OC_LAYOUT_ERROR (oc_layout_error_quark ())
typedef enum { OC_LAYOUT_ERROR_INVALID } OcLayoutErrorCode;
GQuark oc_layout_error_quark (void);
/* Where a document is wrong; 0: not in a place of its own. */
void oc_layout_error_get_place (const GError *error, guint *line, guint *column);

OcLayout *oc_layout_parse (GBytes *json, GError **error);
void oc_layout_free (OcLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcLayout, oc_layout_free)

/* Every layout that came with the program (GResource /onecard/cards), then the site's own; never freed. */
const GPtrArray *oc_layouts (void);
/* Takes the site's own layouts, *.json of @folder, for this process: before any other thread looks for one. A folder
 * that isn't there has none. FALSE when a file is broken, can't be read, or has the name of another layout: the error tells
 * file, line and reason of the first, and only such files were left out. */
gboolean oc_layouts_add_folder (const char *folder, GError **error);
/* One file, whose path goes before an error; its @text too, caller frees (may be NULL). It has no name of the program's own. */
OcLayout *oc_layout_read (const char *path, char **text, GError **error);
GPtrArray *oc_layout_files (const char *folder); /* their paths, sorted; caller unrefs */
const OcLayout *oc_layout_find (const char *name);
const OcLayout *oc_layout_for_family (const char *family, const char *meter_type); /* first that fits */
gboolean oc_layout_serves (const OcLayout *self, const char *meter_type);
const OcLayoutArea *oc_layout_area (const OcLayout *self, const char *name);
const OcLayoutArea *oc_layout_role (const OcLayout *self, OcRole role); /* the first */
const OcLayoutField *oc_layout_field (const OcLayoutArea *area, const char *name); /* with repeat: the name without number */
const OcLayoutChip *oc_layout_chip (const OcLayout *self, const char *chip);
/* The meter type that a CPU card's directory is for: "DF01", "DF14/02": electricity; NULL: none. */
const char *oc_layout_directory_type (const char *directory);
/* Those that a CPU card's directory ("DF14": electricity) may be of, among @names (NULL: all). Caller unrefs. */
GPtrArray *oc_layouts_of_directory (const char *directory, const char *const *names);
/* The layout's area behind an image's name: "DF01/02" by its short file, "V1A" by its kind, "header"; NULL: none. */
const OcLayoutArea *oc_layout_area_of (const OcLayout *self, const char *image_area);
/* Where a memory record lies: slot from 1 (header: any), copy 0 or 1. */
guint oc_layout_offset (const OcLayoutArea *area, const OcLayoutChip *chip, guint slot, guint copy);
guint oc_layout_chip_slots (const OcLayout *self, const OcLayoutChip *chip); /* min (8, (size − 32) / 96) by chip */

G_END_DECLS
