/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions. A message dialog of GTK 4.8 says the name of each of its buttons twice: so it is a window of our own. */
#include "ui/ask.h"

#include <glib/gi18n-lib.h>

typedef struct {
    GtkWidget *window;
    OcAnswerFunc answered; /* NULL: it has been called */
    gpointer data;
} Asked;

static void
answer (Asked *self, OcAnswer answer)
{
    OcAnswerFunc answered = g_steal_pointer (&self->answered);
    gpointer data = self->data;

    if (answered == NULL)
        return;
    gtk_window_destroy (GTK_WINDOW (self->window)); /* and self */
    answered (answer, data);
}

static void
on_yes_cb (Asked *self)
{
    answer (self, OC_ANSWER_YES);
}

static void
on_other_cb (Asked *self)
{
    answer (self, OC_ANSWER_OTHER);
}

static void
on_no_cb (Asked *self)
{
    answer (self, OC_ANSWER_NO);
}

static gboolean
on_close_cb (Asked *self)
{
    answer (self, OC_ANSWER_NO);
    return TRUE;
}

static GtkWidget *
add_button (GtkWidget *box, const char *label, const char *style, GCallback pressed, Asked *asked)
{
    GtkWidget *button = gtk_button_new_with_label (label);

    if (style != NULL)
        gtk_widget_add_css_class (button, style);
    g_signal_connect_swapped (button, "clicked", pressed, asked);
    gtk_box_append (GTK_BOX (box), button);
    return button;
}

static GtkWidget *
make_label (const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 56);
    gtk_widget_add_css_class (label, style);
    return label;
}

/* What is destroyed by it is not what Enter does. */
static GtkWidget *
make_buttons (const OcQuestion *question, Asked *asked)
{
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *no, *yes;

    gtk_widget_set_halign (box, GTK_ALIGN_END);
    no = add_button (box, _("Cancel"), NULL, G_CALLBACK (on_no_cb), asked);
    if (question->other != NULL)
        add_button (box, question->other, NULL, G_CALLBACK (on_other_cb), asked);
    yes = add_button (box, question->yes, question->destroys ? "destructive-action" : "suggested-action", G_CALLBACK (on_yes_cb),
        asked);
    gtk_window_set_focus (GTK_WINDOW (asked->window), question->destroys ? no : yes);
    return box;
}

void
oc_ask (GtkWidget *widget, const OcQuestion *question, OcAnswerFunc answered, gpointer data)
{
    GtkWidget *window = g_object_new (GTK_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT_DIALOG, "title",
        question->title, "transient-for", gtk_widget_get_root (widget), "modal", TRUE, "resizable", FALSE, NULL);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
    GtkEventController *keys = gtk_shortcut_controller_new ();
    Asked *asked = g_new0 (Asked, 1);

    *asked = (Asked){ window, answered, data };
    g_object_set_data_full (G_OBJECT (window), "asked", asked, g_free);
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
    gtk_widget_add_controller (window, keys);
    g_signal_connect_swapped (window, "close-request", G_CALLBACK (on_close_cb), asked);
    gtk_widget_add_css_class (box, "page");
    gtk_box_append (GTK_BOX (box), make_label (question->question, "question"));
    if (question->explanation != NULL)
        gtk_box_append (GTK_BOX (box), make_label (question->explanation, "dim-label"));
    gtk_window_set_child (GTK_WINDOW (window), box);
    gtk_box_append (GTK_BOX (box), make_buttons (question, asked));
    gtk_window_present (GTK_WINDOW (window));
}
