/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the windows are drawn. GTK reads renderer and theme from the environment alone: set later, both would be loaded
 * twice. */
#include "ui/style.h"

#include "ui/settings.h"

/* Forms and tables are drawn by cairo as fast as by GL, on any display and the same on all. What GL needs is then not
 * loaded: half of a bare window's start, and 60 MB where no graphics card draws. */
static void
do_without_gl (void)
{
    if (g_getenv ("GSK_RENDERER") != NULL)
        return;
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
    if (gtk_get_major_version () == 4 && gtk_get_minor_version () < 16)
        g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
    else
        g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
}

void
oc_style_prepare (void)
{
    g_autofree char *theme = oc_settings_get ("theme");

    do_without_gl ();
    g_setenv ("GTK_THEME", g_strcmp0 (theme, "dark") == 0 ? "Default:dark" : "Default", FALSE); /* the style sheets are written for this one */
}

/* The icon theme is read again each time that it is set, also to what it is. */
static void
use_icon_theme (const char *name)
{
    GtkSettings *settings = gtk_settings_get_default ();
    g_autofree char *now = NULL;

    g_object_get (settings, "gtk-icon-theme-name", &now, NULL);
    if (g_strcmp0 (now, name) != 0)
        g_object_set (settings, "gtk-icon-theme-name", name, NULL);
}

/* All sizes of the style sheet are in points. */
void
oc_style_set_text_size (int percent)
{
    static int standard; /* dots per inch times 1024, as the desktop has it */
    GtkSettings *settings = gtk_settings_get_default ();

    if (standard == 0)
        g_object_get (settings, "gtk-xft-dpi", &standard, NULL);
    if (standard <= 0)
        standard = 96 * 1024;
    g_object_set (settings, "gtk-xft-dpi", standard * CLAMP (percent, 80, 200) / 100, NULL);
}

static void
add_sheet (const char *resource, guint priority)
{
    g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

    gtk_css_provider_load_from_resource (provider, resource);
    gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), priority);
}

void
oc_style_load (void)
{
    g_autofree char *size = oc_settings_get ("text-size");
    const char *theme = g_getenv ("GTK_THEME");

    add_sheet ("/onecard/style.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    if (theme != NULL && g_str_has_suffix (theme, ":dark"))
        add_sheet ("/onecard/style-dark.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
    use_icon_theme ("Adwaita");
    if (size != NULL)
        oc_style_set_text_size ((int) g_ascii_strtoll (size, NULL, 10));
}

double
oc_style_text_scale (void)
{
    int dpi = -1; /* in 1/1024 */

    g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
    return dpi > 0 ? dpi / (96.0 * 1024) : 1;
}
