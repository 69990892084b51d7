/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all screens: sidebar, search, shortcuts and permissions come from it. Adding a screen adds a row. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The manual's groups in the order of the sidebar. */
typedef enum {
    OC_GROUP_NONE,     /* above the groups: home */
    OC_GROUP_CARD,     /* 主业务 */
    OC_GROUP_SHARED,   /* 公用业务 */
    OC_GROUP_QUERY,    /* 查询统计 */
    OC_GROUP_SETTINGS, /* 系统设置 */
    OC_N_GROUPS,
} OcScreenGroup;

typedef struct {
    const char *id;         /* "purchase": name in the stack, argument of --screen */
    const char *title;      /* msgid, N_() */
    const char *icon;       /* "oc-purchase-symbolic" */
    const char *accel;      /* "F2" or NULL */
    const char *permission; /* NULL: everybody */
    OcScreenGroup group;
    GType (*get_type) (void);
    const char *words;      /* what else the search finds it by: both languages' titles (pinyin initials come by themselves) */
} OcScreenInfo;

const OcScreenInfo *oc_screens (guint *n);
const OcScreenInfo *oc_screens_find (const char *id); /* NULL when there is none */
const char *oc_screen_group_title (OcScreenGroup group); /* translated; NULL for none */

GType oc_login_screen_get_type (void); /* not in the table: the window shows it while nobody is signed in */
GType oc_add_meter_screen_get_type (void);
GType oc_blacklist_screen_get_type (void);
GType oc_clear_card_screen_get_type (void);
GType oc_close_account_screen_get_type (void);
GType oc_customers_screen_get_type (void);
GType oc_home_screen_get_type (void);
GType oc_open_account_screen_get_type (void);
GType oc_pre_registered_screen_get_type (void);
GType oc_purchase_screen_get_type (void);
GType oc_read_card_screen_get_type (void);
GType oc_replace_card_screen_get_type (void);
GType oc_replace_meter_screen_get_type (void);
GType oc_repurchase_screen_get_type (void);
GType oc_unfinished_screen_get_type (void);
GType oc_parameters_screen_get_type (void);
GType oc_sub_meters_screen_get_type (void);
GType oc_meter_models_screen_get_type (void);
GType oc_user_types_screen_get_type (void);
GType oc_unit_screen_get_type (void);
GType oc_price_items_screen_get_type (void);
GType oc_prices_screen_get_type (void);
GType oc_branches_screen_get_type (void);
GType oc_roles_screen_get_type (void);
GType oc_operators_screen_get_type (void);
GType oc_trail_screen_get_type (void);
GType oc_station_screen_get_type (void);

G_END_DECLS
