/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all screens, in the manual's order. */
#include "ui/screens.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const OcScreenInfo screens[] = {
    { "home", N_("Home"), "oc-home-symbolic", "<Alt>Home", NULL, OC_GROUP_NONE, oc_home_screen_get_type,
        "home start today 首页 主页 今日" },
    { "open-account", N_("Open account"), "oc-open-account-symbolic", "F3", "open-account", OC_GROUP_CARD,
        oc_open_account_screen_get_type, "open account new customer 用户开户 开户 新用户" },
    { "purchase", N_("Purchase"), "oc-purchase-symbolic", "F2", "purchase", OC_GROUP_CARD,
        oc_purchase_screen_get_type, "purchase sell sale buy 用户购买 购买 充值 售电 售水" },
    { "read-card", N_("Read card"), "oc-read-card-symbolic", "<Ctrl>r", "read-card", OC_GROUP_CARD,
        oc_read_card_screen_get_type, "read card image 读用户卡 读卡" },
    { "unfinished", N_("Unfinished writes"), "oc-unfinished-symbolic", "F8", "unfinished", OC_GROUP_CARD,
        oc_unfinished_screen_get_type, "unfinished writes pending in doubt 未完成写卡 待核" },
};

const OcScreenInfo *
oc_screens (guint *n)
{
    *n = G_N_ELEMENTS (screens);
    return screens;
}

const OcScreenInfo *
oc_screens_find (const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS (screens); i++) {
        if (g_strcmp0 (screens[i].id, id) == 0)
            return &screens[i];
    }
    return NULL;
}

const char *
oc_screen_group_title (OcScreenGroup group)
{
    static const char *const titles[OC_N_GROUPS] = {
        [OC_GROUP_CARD] = N_("Card business"),
        [OC_GROUP_SHARED] = N_("Shared business"),
        [OC_GROUP_QUERY] = N_("Queries"),
        [OC_GROUP_SETTINGS] = N_("System settings"),
    };

    g_return_val_if_fail (group < OC_N_GROUPS, NULL);
    return titles[group] != NULL ? _(titles[group]) : NULL;
}
