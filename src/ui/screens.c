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
    { "replace-card", N_("Replace card"), "oc-replace-card-symbolic", "F4", "replace-card", OC_GROUP_CARD,
        oc_replace_card_screen_get_type, "replace card lost new card 补用户卡 补卡 换卡 挂失补卡" },
    { "read-card", N_("Read card"), "oc-read-card-symbolic", "<Ctrl>r", "read-card", OC_GROUP_CARD,
        oc_read_card_screen_get_type, "read card image 读用户卡 读卡" },
    { "re-purchase", N_("Re-purchase"), "oc-re-purchase-symbolic", "F6", "re-purchase", OC_GROUP_CARD,
        oc_repurchase_screen_get_type, "re-purchase sell anew correct refund take back 重新购买 重购 退购 冲正" },
    { "replace-meter", N_("Replace meter"), "oc-replace-meter-symbolic", "F7", "replace-meter", OC_GROUP_CARD,
        oc_replace_meter_screen_get_type, "replace meter change new meter 换表开户 换表" },
    { "add-meter", N_("Add sub-meter"), "oc-add-meter-symbolic", NULL, "open-account", OC_GROUP_CARD,
        oc_add_meter_screen_get_type, "add sub-meter another meter 加装子表 增加子表 加表" },
    { "clear-card", N_("Clear card"), "oc-clear-card-symbolic", NULL, "clear-card", OC_GROUP_CARD,
        oc_clear_card_screen_get_type, "clear card blank recycle 清用户卡 清卡" },
    { "close-account", N_("Close account"), "oc-close-account-symbolic", NULL, "close-account", OC_GROUP_CARD,
        oc_close_account_screen_get_type, "close account leave refund 销户 用户销户 退户" },
    { "unfinished", N_("Unfinished writes"), "oc-unfinished-symbolic", "F8", "unfinished", OC_GROUP_CARD,
        oc_unfinished_screen_get_type, "unfinished writes pending in doubt 未完成写卡 待核" },
    { "pre-registered", N_("Pre-registered"), "oc-person-symbolic", NULL, "pre-registered", OC_GROUP_SHARED,
        oc_pre_registered_screen_get_type, "pre-registered customers import csv 预录入用户信息 预录入 导入" },
    { "customers", N_("Customer data"), "oc-operators-symbolic", NULL, "query", OC_GROUP_QUERY, oc_customers_screen_get_type,
        "customers find edit balance lost card 用户信息 用户查询 修改用户 余额 存入 退款 挂失 解挂" },
    { "blacklist", N_("Blacklist"), "oc-lock-symbolic", NULL, "query", OC_GROUP_QUERY, oc_blacklist_screen_get_type,
        "blacklist bar release suspects 黑名单 禁购 解除 嫌疑" },
    { "parameters", N_("System parameters"), "oc-parameters-symbolic", NULL, "settings", OC_GROUP_SETTINGS,
        oc_parameters_screen_get_type, "system parameters fees area 系统参数设置 系统参数 参数设置 开卡费 区域号" },
    { "sub-meters", N_("Sub-meter places"), "oc-sub-meters-symbolic", NULL, "settings", OC_GROUP_SETTINGS,
        oc_sub_meters_screen_get_type, "sub-meters slots places 子表设置 子表" },
    { "meter-models", N_("Meter models"), "oc-meter-symbolic", NULL, "settings", OC_GROUP_SETTINGS,
        oc_meter_models_screen_get_type, "meter models bore ratio step 仪表参数设置 仪表参数 仪表名称 采样参数" },
    { "user-types", N_("User types"), "oc-user-types-symbolic", NULL, "settings", OC_GROUP_SETTINGS,
        oc_user_types_screen_get_type, "user types class of use alarm limit 用户类型设置 用户类型 报警值 囤积限额" },
    { "unit", N_("Charging unit"), "oc-unit-symbolic", NULL, "settings", OC_GROUP_SETTINGS, oc_unit_screen_get_type,
        "charging unit company logo 收费单位设置 收费单位 单位信息 sfdw" },
    { "price-items", N_("Price items"), "oc-price-item-symbolic", NULL, "prices", OC_GROUP_SETTINGS,
        oc_price_items_screen_get_type, "price items components fees 价格分项设置 价格分项" },
    { "prices", N_("Prices"), "oc-price-symbolic", NULL, "prices", OC_GROUP_SETTINGS, oc_prices_screen_get_type,
        "prices tariffs tiers versions 价格设置 价格 电价 水价 阶梯" },
    { "branches", N_("Branches"), "oc-branch-symbolic", NULL, "branches", OC_GROUP_SETTINGS, oc_branches_screen_get_type,
        "branches offices 网点设置 网点 营业厅" },
    { "roles", N_("Roles"), "oc-role-symbolic", NULL, "roles", OC_GROUP_SETTINGS, oc_roles_screen_get_type,
        "roles permissions rights 系统角色 角色 权限 操作员设置" },
    { "operators", N_("Operators"), "oc-operators-symbolic", NULL, "operators", OC_GROUP_SETTINGS, oc_operators_screen_get_type,
        "operators users staff lock 系统用户 操作员 操作员设置 营业员 锁定" },
    { "station", N_("This station"), "oc-station-symbolic", NULL, NULL, OC_GROUP_SETTINGS, oc_station_screen_get_type,
        "station reader printer print sound theme dark text size idle lock 工作站设置 打印机 字号 颜色 锁定 声音" },
    { "trail", N_("Audit trail"), "oc-audit-symbolic", NULL, "query-all", OC_GROUP_QUERY, oc_trail_screen_get_type,
        "audit trail changes history who 修改记录 审计 日志" },
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
