/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors at the top of the screen they belong to. */
#include "ui/present-error.h"

#include <glib/gi18n-lib.h>

#include "ops/desk.h"

static void
show_dialog (GtkWidget *widget, const char *text)
{
    GtkRoot *root = gtk_widget_get_root (widget);
    GtkWidget *dialog = gtk_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
        GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR, GTK_BUTTONS_CLOSE, "%s", text);

    gtk_window_set_title (GTK_WINDOW (dialog), _("Something went wrong"));
    g_signal_connect (dialog, "response", G_CALLBACK (gtk_window_destroy), NULL);
    gtk_window_present (GTK_WINDOW (dialog));
}

void
oc_present_error (GtkWidget *widget, const GError *error)
{
    GtkWidget *screen;
    OcTrouble trouble;

    g_return_if_fail (GTK_IS_WIDGET (widget));
    g_return_if_fail (error != NULL);

    trouble = oc_trouble_of (error);
    if (trouble == OC_TROUBLE_CANCELLED)
        return;
    screen = OC_IS_SCREEN (widget) ? widget : gtk_widget_get_ancestor (widget, OC_TYPE_SCREEN);
    if (screen != NULL)
        oc_screen_show_message (OC_SCREEN (screen), trouble == OC_TROUBLE_UNPROVEN ? "warning" : "error",
            error->message);
    else
        show_dialog (widget, error->message);
}

void
oc_present_load_error (OcScreen *screen, const GError *error)
{
    oc_present_error (GTK_WIDGET (screen), error);
    if (oc_trouble_of (error) == OC_TROUBLE_DATABASE && !oc_desk_is_online (oc_screen_get_desk (screen)))
        oc_screen_keep_until_reached (screen);
}
