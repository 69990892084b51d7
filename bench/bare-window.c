/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor for the login window: a GTK window with nothing in it. With "--login-widgets": what GTK asks for the widgets
 * that the login shows, in its fonts, as plain code: no templates, no style of ours, no database, no reader. */
#include <gtk/gtk.h>

static const char font[] = "window { font-family: \"Noto Sans CJK SC\", sans-serif; font-size: 11pt; }"
                           ".brand { font-size: 32pt; font-weight: bold; } .brand-text { font-size: 14pt; }"
                           ".title { font-size: 17pt; font-weight: bold; } .field { font-size: 10pt; font-weight: 500; }"
                           ".hint { font-size: 9.5pt; } button { font-weight: bold; }";

static void
add_label (GtkWidget *box, const char *text, const char *class)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_widget_add_css_class (label, class);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), g_str_equal (class, "hint"));
    gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
make_brand (void)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *image = gtk_image_new_from_icon_name ("image-missing");

    gtk_image_set_pixel_size (GTK_IMAGE (image), 96);
    gtk_box_append (GTK_BOX (box), image);
    add_label (box, "OneCard", "brand");
    add_label (box, "Water, electricity, gas and heat on one card", "brand-text");
    add_label (box, "Version 0.1.0", "hint");

    return box;
}

static GtkWidget *
make_form (void)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *password = gtk_password_entry_new ();

    gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (password), TRUE);
    add_label (box, "Sign in", "title");
    add_label (box, "Operator number", "field");
    gtk_box_append (GTK_BOX (box), gtk_entry_new ());
    add_label (box, "The first time: 1001, with password 1001.", "hint");
    add_label (box, "Password", "field");
    gtk_box_append (GTK_BOX (box), password);
    gtk_box_append (GTK_BOX (box), gtk_button_new_with_label ("Sign in"));
    add_label (box, "Connection", "field");
    gtk_box_append (GTK_BOX (box),
        gtk_drop_down_new_from_strings ((const char *const[]){ "This computer", "Head office", "Demo", NULL }));
    add_label (box, "语言 Language", "field");
    gtk_box_append (GTK_BOX (box), gtk_drop_down_new_from_strings ((const char *const[]){ "中文", "English", NULL }));

    return box;
}

static void
fill (GtkWindow *window)
{
    g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

    gtk_css_provider_load_from_data (provider, font, -1);
    gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
        GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    gtk_box_append (GTK_BOX (box), make_brand ());
    gtk_box_append (GTK_BOX (box), make_form ());
    gtk_window_set_titlebar (window, gtk_header_bar_new ());
    gtk_window_set_title (window, "OneCard");
    gtk_window_set_child (window, box);
}

static void
on_activate_cb (GtkApplication *app, gpointer data)
{
    GtkWidget *window = gtk_application_window_new (app);

    gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
    if (GPOINTER_TO_INT (data))
        fill (GTK_WINDOW (window));
    gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
    g_autoptr(GtkApplication) app = gtk_application_new ("io.github.onecard.BareWindow", G_APPLICATION_NON_UNIQUE);
    gboolean widgets = argc > 1 && g_str_equal (argv[1], "--login-widgets");

    g_signal_connect (app, "activate", G_CALLBACK (on_activate_cb), GINT_TO_POINTER (widgets));

    return g_application_run (G_APPLICATION (app), 1, argv);
}
