/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl+K: what one types is found by the screen that is meant, before any other. */
#include "ui/screens.h"
#include "ui/search.h"

/* The first of the list, as the search has it; NULL: none. */
static const char *
first_of (const char *text)
{
    guint n, most = 0;
    const OcScreenInfo *screens = oc_screens (&n);
    const char *first = NULL;

    for (guint i = 0; i < n; i++) {
        guint rank = oc_search_rank (screens[i].words, screens[i].title, text);

        if (rank > most) {
            most = rank;
            first = screens[i].id;
        }
    }

    return first;
}

static void
test_first (void)
{
    static const struct {
        const char *text, *id;
    } cases[] = {
        /* the manual's titles */
        { "用户开户", "open-account" }, { "用户购买", "purchase" }, { "补用户卡", "replace-card" }, { "读用户卡", "read-card" },
        { "重新购买", "re-purchase" }, { "换表开户", "replace-meter" }, { "清用户卡", "clear-card" }, { "预录入用户信息", "pre-registered" },
        { "系统参数设置", "parameters" }, { "子表设置", "sub-meters" }, { "仪表参数设置", "meter-models" }, { "用户类型设置", "user-types" },
        { "收费单位设置", "unit" }, { "价格分项设置", "price-items" }, { "价格设置", "prices" }, { "网点设置", "branches" },
        { "系统角色", "roles" }, { "系统用户", "operators" },
        /* a part, initials, English, in any case, with blanks around */
        { "销户", "close-account" }, { "待核", "unfinished" }, { "余额", "customers" }, { "yhkh", "open-account" }, { "hb", "replace-meter" },
        { "purch", "purchase" }, { "PRICES", "prices" }, { " price items ", "price-items" }, { "role", "roles" }, { "theme", "station" },
        { "new meter", "replace-meter" }, { "re-purchase", "re-purchase" },
        /* the inside of a word is no beginning */
        { "urchase", NULL }, { "没有的功能", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *first = first_of (cases[i].text);

        if (g_strcmp0 (first, cases[i].id) != 0)
            g_error ("“%s” finds %s first instead of %s", cases[i].text, first, cases[i].id);
    }
}

/* Nothing typed: all of them, none before another. */
static void
test_nothing (void)
{
    guint n;
    const OcScreenInfo *screens = oc_screens (&n);

    for (guint i = 0; i < n; i++)
        g_assert_cmpuint (oc_search_rank (screens[i].words, screens[i].title, " "), ==, oc_search_rank (screens[0].words, screens[0].title, ""));
}

/* Each screen is found by its own title before all others. */
static void
test_titles (void)
{
    guint n;
    const OcScreenInfo *screens = oc_screens (&n);

    for (guint i = 0; i < n; i++)
        g_assert_cmpstr (first_of (screens[i].title), ==, screens[i].id);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/search/first", test_first);
    g_test_add_func ("/search/nothing", test_nothing);
    g_test_add_func ("/search/titles", test_titles);

    return g_test_run ();
}
