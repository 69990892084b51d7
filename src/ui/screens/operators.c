/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators (系统用户): create, lock, unlock, delete, save, reset password. A number is never given again; who is deleted
 * stays in the history. */
#include <glib/gi18n-lib.h>

#include "core/column.h"
#include "ui/form-field.h"
#include "ui/new-password.h"
#include "ui/record-change.h"
#include "ui/screens.h"

#define OC_TYPE_OPERATORS_SCREEN (oc_operators_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcOperatorsScreen, oc_operators_screen, OC, OPERATORS_SCREEN, OcRecordScreen)

struct _OcOperatorsScreen {
    OcRecordScreen parent_instance;

    OcFormField *branch, *number, *sex, *role;
    GtkLabel *first_password;
};

G_DEFINE_FINAL_TYPE (OcOperatorsScreen, oc_operators_screen, OC_TYPE_RECORD_SCREEN)

static const OcColumn columns[] = {
    { N_("Branch"), "branch_name", OC_COLUMN_TEXT, 10 },
    { N_("Operator number"), "operator", OC_COLUMN_TEXT, 14 },
    { N_("Full name"), "name", OC_COLUMN_TEXT, 9 },
    { N_("Sex"), "sex", OC_COLUMN_STATE, 6 },
    { N_("Telephone"), "phone", OC_COLUMN_TEXT, 12 },
    { N_("Role"), "role", OC_COLUMN_TEXT, 9 },
    { N_("State"), "state", OC_COLUMN_STATE, 8 },
};

static const char *const lists[] = { "branches", "roles", NULL };

/* What is chosen from ----------------------------------------------------------------------------------------------- */

static void
offer_branches (OcOperatorsScreen *self, OcRows *rows)
{
    g_autoptr(GStrvBuilder) numbers = g_strv_builder_new ();
    g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
    g_auto(GStrv) number_list = NULL;
    g_auto(GStrv) name_list = NULL;

    for (guint i = 0; i < oc_rows_count (rows); i++) {
        g_autofree char *name = g_strdup_printf ("%s %s", oc_rows_text (rows, i, "number"), oc_rows_text (rows, i, "name"));
        if (!oc_rows_bool (rows, i, "active"))
            continue;
        g_strv_builder_add (numbers, oc_rows_text (rows, i, "number"));
        g_strv_builder_add (names, name);
    }
    number_list = g_strv_builder_end (numbers);
    name_list = g_strv_builder_end (names);
    oc_form_field_set_choices (self->branch, (const char *const *) number_list, (const char *const *) name_list, TRUE);
}

static void
oc_operators_screen_list_came (OcRecordScreen *screen, const char *list, OcRows *rows)
{
    OcOperatorsScreen *self = OC_OPERATORS_SCREEN (screen);

    if (g_str_equal (list, "branches"))
        offer_branches (self, rows);
    else
        oc_form_field_set_rows (self->role, rows, "name");
}

static const char *
value_of (OcOperatorsScreen *self, const char *field)
{
    const OcFields *record = oc_record_screen_get_record (OC_RECORD_SCREEN (self));

    return record != NULL ? oc_fields_get (record, field) : "";
}

static void
oc_operators_screen_shown (OcRecordScreen *screen, const OcFields *record)
{
    OcOperatorsScreen *self = OC_OPERATORS_SCREEN (screen);

    oc_form_field_set_editable (self->number, record == NULL);
    gtk_widget_set_visible (GTK_WIDGET (self->first_password), oc_record_screen_is_new (screen));
    if (g_str_equal (value_of (self, "state"), "deleted"))
        gtk_widget_set_sensitive (GTK_WIDGET (oc_record_screen_get_form (screen)), FALSE);
}

/* Passwords ------------------------------------------------------------------------------------------------------------ */

static void
on_first_password_cb (const char *password, gpointer data)
{
    oc_record_change_save (data, NULL, password);
}

/* A new operator needs a first password; it is asked for when the form is right. */
static void
oc_operators_screen_save (OcRecordScreen *screen)
{
    if (oc_record_screen_is_new (screen))
        oc_new_password_present (GTK_WIDGET (screen), _("First password"),
            _("The operator chooses a password of his own at the first login."), on_first_password_cb, g_object_ref (screen),
            g_object_unref);
    else
        oc_record_change_save (screen, NULL, NULL);
}

/* Lock, unlock, reset --------------------------------------------------------------------------------------------------- */

static void
on_operator_changed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcRecordScreen *self = oc_busy_get_screen (busy);

    oc_operator_change_finish (OC_DESK (source), result, &error);
    if (self != NULL)
        oc_record_change_done (self, _("Done. It holds at once on every station."), error);
}

static void
change_operator (OcOperatorsScreen *self, OcOperatorVerb verb, const char *password)
{
    OcOperatorAsk ask = { .verb = verb, .number = g_ascii_strtoll (value_of (self, "operator"), NULL, 10), .password = password };
    OcBusy *busy = oc_screen_busy (OC_SCREEN (self), _("Saving"));

    oc_operator_change_async (oc_screen_get_desk (OC_SCREEN (self)), &ask, oc_busy_get_cancellable (busy), on_operator_changed_cb,
        busy);
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *target)
{
    change_operator (OC_OPERATORS_SCREEN (widget), OC_OPERATOR_LOCK, NULL);
}

static void
unlock_action (GtkWidget *widget, const char *name, GVariant *target)
{
    change_operator (OC_OPERATORS_SCREEN (widget), OC_OPERATOR_UNLOCK, NULL);
}

static void
on_new_password_cb (const char *password, gpointer data)
{
    if (oc_record_screen_get_record (data) != NULL)
        change_operator (data, OC_OPERATOR_RESET_PASSWORD, password);
}

static void
reset_action (GtkWidget *widget, const char *name, GVariant *target)
{
    oc_new_password_present (widget, _("Reset password"),
        _("The operator is signed out, and chooses a password of his own at the next login."), on_new_password_cb,
        g_object_ref (widget), g_object_unref);
}

static char *
oc_operators_screen_delete_warning (OcRecordScreen *screen, const OcFields *record)
{
    return g_strdup (_("This can't be taken back: the operator is signed out for ever and the number is never given again. What the "
                       "operator did stays in the history."));
}

static void
oc_operators_screen_update_actions (OcScreen *screen)
{
    OcOperatorsScreen *self = OC_OPERATORS_SCREEN (screen);
    const char *state = value_of (self, "state");
    gboolean idle = !oc_screen_is_working (screen);

    OC_SCREEN_CLASS (oc_operators_screen_parent_class)->update_actions (screen);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "operators.lock", idle && g_str_equal (state, "active"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "operators.unlock", idle && g_str_equal (state, "locked"));
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "operators.reset-password",
        idle && *state != '\0' && !g_str_equal (state, "deleted"));
    if (g_str_equal (state, "deleted"))
        gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.delete", FALSE);
}

static void
oc_operators_screen_class_init (OcOperatorsScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcRecordScreenClass *record_class = OC_RECORD_SCREEN_CLASS (klass);

    record_class->kind = "operators";
    record_class->title = N_("Operators");
    record_class->purpose = N_("Who may sign in, at which branch, and in which role.");
    record_class->new_title = N_("New operator");
    record_class->empty_text = N_("Add the first operator.");
    record_class->icon = "oc-person-symbolic";
    record_class->columns = columns;
    record_class->n_columns = G_N_ELEMENTS (columns);
    record_class->lists = lists;
    record_class->list_came = oc_operators_screen_list_came;
    record_class->shown = oc_operators_screen_shown;
    record_class->save = oc_operators_screen_save;
    record_class->delete_warning = oc_operators_screen_delete_warning;
    OC_SCREEN_CLASS (klass)->update_actions = oc_operators_screen_update_actions;
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-operators.ui");
    gtk_widget_class_bind_template_child (widget_class, OcOperatorsScreen, branch);
    gtk_widget_class_bind_template_child (widget_class, OcOperatorsScreen, number);
    gtk_widget_class_bind_template_child (widget_class, OcOperatorsScreen, role);
    gtk_widget_class_bind_template_child (widget_class, OcOperatorsScreen, sex);
    gtk_widget_class_bind_template_child (widget_class, OcOperatorsScreen, first_password);
    gtk_widget_class_install_action (widget_class, "operators.lock", NULL, lock_action);
    gtk_widget_class_install_action (widget_class, "operators.unlock", NULL, unlock_action);
    gtk_widget_class_install_action (widget_class, "operators.reset-password", NULL, reset_action);
}

static void
oc_operators_screen_init (OcOperatorsScreen *self)
{
    static const char *const sexes[] = { "male", "female", "", NULL };
    const char *const titles[] = { oc_word ("male"), oc_word ("female"), _("Not told"), NULL };

    gtk_widget_init_template (GTK_WIDGET (self));
    oc_form_field_set_choices (self->sex, sexes, titles, FALSE);
}
