/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A range of days. */
#include "ui/date-range.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PATTERN "YYYY-MM-DD"

struct _OcDateRange {
    GtkWidget parent_instance;

    GtkWidget *from, *to;
    char *was_from, *was_to; /* as told last */
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OcDateRange, oc_date_range, GTK_TYPE_WIDGET)

/* The day that is typed ("2026-03-13", also "2026/3/13"), @later days on; NULL: none, with *fits FALSE when it is no date. */
static GDateTime *
day_of (GtkWidget *entry, int later, gboolean *fits)
{
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
    g_autoptr(GDateTime) day = NULL;
    g_auto(GStrv) parts = NULL;
    guint64 numbers[3] = { 0 };

    *fits = *text == '\0';
    parts = g_strsplit (g_strdelimit (text, "/.", '-'), "-", 4);
    for (guint i = 0; g_strv_length (parts) == G_N_ELEMENTS (numbers) && i < G_N_ELEMENTS (numbers); i++) {
        if (!g_ascii_string_to_unsigned (parts[i], 10, 1, 9999, &numbers[i], NULL))
            return NULL;
    }
    if (numbers[0] >= 1900 && (day = g_date_time_new_local ((int) numbers[0], (int) numbers[1], (int) numbers[2], 0, 0, 0)) != NULL)
        *fits = TRUE;
    return day != NULL ? g_date_time_add_days (day, later) : NULL;
}

static char *
time_of (GtkWidget *entry, int later)
{
    gboolean fits;
    g_autoptr(GDateTime) day = day_of (entry, later, &fits);

    return day != NULL ? g_date_time_format_iso8601 (day) : NULL;
}

static gboolean
check (GtkWidget *entry)
{
    gboolean fits;
    g_autoptr(GDateTime) day = day_of (entry, 0, &fits);

    if (fits)
        gtk_widget_remove_css_class (entry, "error");
    else
        gtk_widget_add_css_class (entry, "error");
    gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
        fits ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
    return fits;
}

static void
tell (OcDateRange *self)
{
    g_autofree char *from = time_of (self->from, 0);
    g_autofree char *to = time_of (self->to, 1);
    gboolean fits = check (self->from);

    fits = check (self->to) && fits;
    if (!fits || (g_strcmp0 (from, self->was_from) == 0 && g_strcmp0 (to, self->was_to) == 0))
        return;
    g_free (self->was_from);
    g_free (self->was_to);
    self->was_from = g_steal_pointer (&from);
    self->was_to = g_steal_pointer (&to);
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* While a date is typed it is none yet: it is looked at when it may be whole. */
static void
on_typed_cb (OcDateRange *self, GtkEditable *entry)
{
    gsize length = strlen (gtk_editable_get_text (entry));

    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
    if (length == 0 || length >= strlen (PATTERN))
        tell (self);
}

static GtkWidget *
add_entry (OcDateRange *self, const char *label, const char *name)
{
    GtkWidget *text = gtk_label_new (label);
    GtkWidget *entry = gtk_entry_new ();

    gtk_widget_add_css_class (text, "dim-label");
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "2026-01-31");
    gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
    gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 10);
    gtk_entry_set_max_length (GTK_ENTRY (entry), strlen (PATTERN));
    gtk_widget_add_css_class (entry, "numeric");
    gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_signal_connect_object (entry, "changed", G_CALLBACK (on_typed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (entry, "activate", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
    gtk_widget_set_parent (text, GTK_WIDGET (self));
    gtk_widget_set_parent (entry, GTK_WIDGET (self));
    return entry;
}

static void
oc_date_range_dispose (GObject *object)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
        gtk_widget_unparent (child);
    G_OBJECT_CLASS (oc_date_range_parent_class)->dispose (object);
}

static void
oc_date_range_finalize (GObject *object)
{
    g_free (OC_DATE_RANGE (object)->was_from);
    g_free (OC_DATE_RANGE (object)->was_to);
    G_OBJECT_CLASS (oc_date_range_parent_class)->finalize (object);
}

static void
oc_date_range_class_init (OcDateRangeClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = oc_date_range_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_date_range_finalize;
    signals[SIGNAL_CHANGED] = g_signal_new ("changed", OC_TYPE_DATE_RANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "daterange");
}

static void
oc_date_range_init (OcDateRange *self)
{
    gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 6);
    /* Translators: before a day: the list begins with it. */
    self->from = add_entry (self, C_("day", "From"), _("From this day"));
    /* Translators: before a day: the list ends with it. */
    self->to = add_entry (self, C_("day", "to"), _("To this day"));
}

char *
oc_date_range_get_from (OcDateRange *self)
{
    g_return_val_if_fail (OC_IS_DATE_RANGE (self), NULL);
    return g_strdup (self->was_from);
}

char *
oc_date_range_get_to (OcDateRange *self)
{
    g_return_val_if_fail (OC_IS_DATE_RANGE (self), NULL);
    return g_strdup (self->was_to);
}
