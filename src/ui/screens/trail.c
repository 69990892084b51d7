/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail, page by page: who changed which setting, and below it what it was before and after, field by field. */
#include <glib/gi18n-lib.h>

#include "core/word.h"
#include "ops/ops.h"
#include "ui/date-range.h"
#include "ui/present-error.h"
#include "ui/query-screen.h"
#include "ui/screens.h"

#define DETAIL_HEIGHT 220
#define PAGE 500

#define OC_TYPE_TRAIL_SCREEN (oc_trail_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcTrailScreen, oc_trail_screen, OC, TRAIL_SCREEN, OcQueryScreen)

struct _OcTrailScreen {
    OcQueryScreen parent_instance;

    OcDateRange *days;
    GtkWidget *detail;
    GtkGrid *fields;
    gint64 shown;  /* the change whose fields are asked for */
    char *before;  /* time of the last row of the page above; NULL: the newest page */
    gint64 below;  /* its id */
    OcRows *page;
};

G_DEFINE_FINAL_TYPE (OcTrailScreen, oc_trail_screen, OC_TYPE_QUERY_SCREEN)

static const OcColumn columns[] = {
    { N_("Time"), "time", OC_COLUMN_TIME, 15 },
    { N_("Operator number"), "operator", OC_COLUMN_TEXT, 14 },
    { N_("Full name"), "operator_name", OC_COLUMN_STATE, 10 },
    { N_("What was done"), "act", OC_COLUMN_STATE, 12 },
    { N_("Setting"), "kind", OC_COLUMN_STATE, 14 },
    { N_("Record"), "name", OC_COLUMN_TEXT, 16 },
    { N_("Approved by"), "approved_name", OC_COLUMN_TEXT, 10 },
    { N_("Station"), "station", OC_COLUMN_TEXT, 12 },
};

/* What one change was ------------------------------------------------------------------------------------------------ */

static void
add_cell (OcTrailScreen *self, const char *text, int column, int row, const char *style)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_yalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_selectable (GTK_LABEL (label), FALSE);
    gtk_widget_set_hexpand (label, column > 0);
    gtk_widget_add_css_class (label, style);
    gtk_grid_attach (self->fields, label, column, row, 1, 1);
}

/* A word of the api as people say it; a name as it is. Truth as a database prints it is yes or no. */
static const char *
value_words (OcRows *rows, guint row, const char *column)
{
    const char *value = oc_rows_text (rows, row, column);

    if (oc_rows_is_null (rows, row, column) || *value == '\0')
        return "–";
    if (g_str_equal (value, "true"))
        return oc_word ("yes");
    return g_str_equal (value, "false") ? oc_word ("no") : oc_word (value);
}

static void
clear_fields (OcTrailScreen *self)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->fields))) != NULL)
        gtk_grid_remove (self->fields, child);
}

static void
show_fields (OcTrailScreen *self, OcRows *rows)
{
    clear_fields (self);
    add_cell (self, _("Field"), 0, 0, "fact-label");
    add_cell (self, _("Before"), 1, 0, "fact-label");
    add_cell (self, _("After"), 2, 0, "fact-label");
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autofree char *field = oc_field_format (oc_rows_text (rows, i, "field"));
        add_cell (self, field, 0, (int) i + 1, "dim-label");
        add_cell (self, value_words (rows, i, "before"), 1, (int) i + 1, "numeric");
        add_cell (self, value_words (rows, i, "after"), 2, (int) i + 1, "section");
    }
    if (oc_rows_count (rows) == 0)
        add_cell (self, _("No field that may be shown was changed by it."), 0, 1, "dim-label");
}

static void
on_fields_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcTrailScreen *self = oc_busy_get_screen (busy);
    g_autoptr(OcRows) rows = oc_trail_fields_finish (OC_DESK (source), result, &error);

    if (self == NULL)
        return;
    if (rows != NULL)
        show_fields (self, rows);
    else
        oc_present_error (GTK_WIDGET (self), error);
}

static void
oc_trail_screen_row_chosen (OcQueryScreen *screen)
{
    OcTrailScreen *self = OC_TRAIL_SCREEN (screen);
    OcRows *rows;
    guint row;
    OcBusy *busy;

    if (!oc_query_screen_get_selected (screen, &rows, &row)) {
        gtk_widget_set_visible (self->detail, FALSE);
        self->shown = 0;
        return;
    }
    gtk_widget_set_visible (self->detail, TRUE);
    if (self->shown == oc_rows_int (rows, row, "id"))
        return;
    self->shown = oc_rows_int (rows, row, "id");
    busy = oc_screen_busy (OC_SCREEN (self), NULL);
    oc_trail_fields_async (oc_screen_get_desk (OC_SCREEN (self)), self->shown, oc_busy_get_cancellable (busy), on_fields_cb, busy);
}

/* Pages -------------------------------------------------------------------------------------------------------------- */

static void
turn_to (OcTrailScreen *self, const char *before, gint64 below)
{
    char *old = self->before;

    self->before = g_strdup (before);
    self->below = below;
    g_free (old);
    oc_screen_refresh (OC_SCREEN (self));
}

static void
newest_action (GtkWidget *widget, const char *name, GVariant *target)
{
    turn_to (OC_TRAIL_SCREEN (widget), NULL, 0);
}

static void
older_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcTrailScreen *self = OC_TRAIL_SCREEN (widget);
    guint last = oc_rows_count (self->page) - 1;

    turn_to (self, oc_rows_text (self->page, last, "time"), oc_rows_int (self->page, last, "id"));
}

static void
on_days_changed_cb (OcTrailScreen *self)
{
    turn_to (self, NULL, 0);
}

static void
oc_trail_screen_update_actions (OcScreen *screen)
{
    OcTrailScreen *self = OC_TRAIL_SCREEN (screen);

    gtk_widget_action_set_enabled (GTK_WIDGET (self), "trail.newest", self->before != NULL);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "trail.older", self->page != NULL && oc_rows_count (self->page) == PAGE);
}

/* Query shape -------------------------------------------------------------------------------------------------------- */

static void
oc_trail_screen_load (OcQueryScreen *screen, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    OcTrailScreen *self = OC_TRAIL_SCREEN (screen);
    g_autofree char *from = oc_date_range_get_from (self->days);
    g_autofree char *to = oc_date_range_get_to (self->days);

    oc_trail_async (oc_screen_get_desk (OC_SCREEN (screen)), &(OcTrailAsk){ .from = from, .to = to, .before = self->before,
        .below = self->below, .limit = PAGE }, cancellable, callback, data);
}

static OcRows *
oc_trail_screen_load_finish (OcQueryScreen *screen, GAsyncResult *result, GError **error)
{
    OcRows *rows = oc_trail_finish (oc_screen_get_desk (OC_SCREEN (screen)), result, error);

    if (rows != NULL)
        g_set_object (&OC_TRAIL_SCREEN (screen)->page, rows);
    return rows;
}

/* GObject ------------------------------------------------------------------------------------------------------------ */

static void
oc_trail_screen_dispose (GObject *object)
{
    g_clear_object (&OC_TRAIL_SCREEN (object)->page);
    G_OBJECT_CLASS (oc_trail_screen_parent_class)->dispose (object);
}

static void
oc_trail_screen_finalize (GObject *object)
{
    g_free (OC_TRAIL_SCREEN (object)->before);
    G_OBJECT_CLASS (oc_trail_screen_parent_class)->finalize (object);
}

static void
oc_trail_screen_class_init (OcTrailScreenClass *klass)
{
    OcQueryScreenClass *query_class = OC_QUERY_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = oc_trail_screen_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_trail_screen_finalize;
    OC_SCREEN_CLASS (klass)->update_actions = oc_trail_screen_update_actions;
    query_class->title = N_("Audit trail");
    query_class->purpose = N_("Who changed which setting, the newest first. Nothing here can be changed or deleted.");
    query_class->empty_icon = "oc-audit-symbolic";
    query_class->empty_title = N_("Nothing was changed yet");
    query_class->empty_text = N_("Every change of a setting is written down here.");
    query_class->columns = columns;
    query_class->n_columns = G_N_ELEMENTS (columns);
    query_class->key = "id";
    query_class->load = oc_trail_screen_load;
    query_class->load_finish = oc_trail_screen_load_finish;
    query_class->row_chosen = oc_trail_screen_row_chosen;
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "trail.newest", NULL, newest_action);
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "trail.older", NULL, older_action);
}

static GtkWidget *
make_button (const char *label, const char *action)
{
    GtkWidget *button = gtk_button_new_with_label (label);

    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    return button;
}

static void
add_tools (OcTrailScreen *self)
{
    OcQueryScreen *screen = OC_QUERY_SCREEN (self);

    self->days = g_object_new (OC_TYPE_DATE_RANGE, NULL);
    g_signal_connect_object (self->days, "changed", G_CALLBACK (on_days_changed_cb), self, G_CONNECT_SWAPPED);
    oc_query_screen_add_tool (screen, make_button (_("Older"), "trail.older"));
    oc_query_screen_add_tool (screen, make_button (_("Newest"), "trail.newest"));
    oc_query_screen_add_tool (screen, GTK_WIDGET (self->days));
}

static void
oc_trail_screen_init (OcTrailScreen *self)
{
    add_tools (self);
    self->detail = gtk_scrolled_window_new ();
    self->fields = GTK_GRID (gtk_grid_new ());
    gtk_grid_set_column_spacing (self->fields, 18);
    gtk_grid_set_row_spacing (self->fields, 6);
    gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->detail), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->detail), DETAIL_HEIGHT);
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->detail), GTK_WIDGET (self->fields));
    gtk_widget_add_css_class (self->detail, "form-card");
    gtk_widget_set_visible (self->detail, FALSE);
    oc_query_screen_set_detail (OC_QUERY_SCREEN (self), self->detail);
}
