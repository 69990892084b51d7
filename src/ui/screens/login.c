/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in: operator number, password, connection and language; before that, on a computer without a database, the
 * choice between the demo and one of its own; after it, a new password where the first one is known to others. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "ops/ops.h"
#include "ui/application.h"
#include "ui/drop-down.h"
#include "ui/form-hint.h"
#include "ui/login-pages.h"
#include "ui/present-error.h"
#include "ui/screen.h"
#include "ui/screens.h"
#include "ui/server-editor.h"
#include "ui/settings.h"

#define OC_TYPE_LOGIN_SCREEN (oc_login_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcLoginScreen, oc_login_screen, OC, LOGIN_SCREEN, OcScreen)

struct _OcLoginScreen {
    OcScreen parent_instance;

    GtkStack *pages;
    GtkEditable *number;
    GtkEditable *password;
    OcFormHint *number_hint;
    OcFormHint *password_hint;
    GtkWidget *spinner;
    GtkLabel *sign_in_label;
    GtkDropDown *profile;
    GtkDropDown *language;
    GtkLabel *version;

    GPtrArray *profiles;
    gboolean filling;  /* the drop-downs are set by us */
};

enum { SIGNAL_SIGNED_IN, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *const languages[] = { "zh_CN", "en" };

G_DEFINE_FINAL_TYPE (OcLoginScreen, oc_login_screen, OC_TYPE_SCREEN)

static const OcProfile *
current_profile (void)
{
    OcApplication *application = oc_application_get ();

    return application != NULL ? oc_application_get_profile (application) : NULL;
}

static void
show_page (OcLoginScreen *self, const char *name, GtkWidget *page)
{
    GtkWidget *old = gtk_stack_get_child_by_name (self->pages, name);

    if (old != NULL)
        gtk_stack_remove (self->pages, old);
    gtk_stack_add_named (self->pages, page, name);
    gtk_stack_set_visible_child (self->pages, page);
}

static gboolean
must_change (OcFields *session)
{
    const char *value = session != NULL ? oc_fields_get (session, "must_change") : NULL;

    return value != NULL && (*value == 't' || *value == '1');
}

/* Signing in ------------------------------------------------------------------------------------------------------- */

static void
show_working (OcLoginScreen *self, const char *words)
{
    gtk_widget_set_visible (self->spinner, words != NULL);
    gtk_label_set_label (self->sign_in_label, words != NULL ? words : _("Sign in"));
    gtk_editable_set_editable (self->number, words == NULL);
    gtk_editable_set_editable (self->password, words == NULL);
    gtk_widget_set_sensitive (GTK_WIDGET (self->profile), words == NULL);
    gtk_widget_set_sensitive (GTK_WIDGET (self->language), words == NULL);
}

static void
refuse (OcLoginScreen *self, const GError *error)
{
    if (oc_trouble_of (error) == OC_TROUBLE_CANCELLED)
        return;
    if (g_strcmp0 (oc_error_get_field (error), "number") == 0) {
        oc_form_hint_set_error (self->number_hint, error->message);
        gtk_widget_grab_focus (GTK_WIDGET (self->number));
        return;
    }
    oc_form_hint_set_error (self->password_hint, error->message);
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
    gtk_editable_select_region (self->password, 0, -1);
}

static void
go_in (OcLoginScreen *self)
{
    gtk_editable_set_text (self->password, "");
    oc_settings_set ("operator", gtk_editable_get_text (self->number));
    g_signal_emit (self, signals[SIGNAL_SIGNED_IN], 0);
    gtk_stack_set_visible_child_name (self->pages, "sign-in");
}

static void
ask_for_password (OcLoginScreen *self, OcDesk *desk)
{
    OcPasswordForm *form;
    g_autoptr(GtkWidget) page = oc_login_password_page_new (desk, &form);

    g_signal_connect_object (form, "done", G_CALLBACK (go_in), self, G_CONNECT_SWAPPED);
    show_page (self, "password", page);
    oc_password_form_start (form);
}

static void
on_signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcLoginScreen *self = oc_busy_get_screen (busy);
    gboolean done = oc_sign_in_finish (OC_DESK (source), result, &error);
    OcFields *session;

    if (self == NULL)
        return;
    show_working (self, NULL);
    if (!done) {
        refuse (self, error);
        return;
    }
    session = oc_desk_get_session (OC_DESK (source));
    if (must_change (session))
        ask_for_password (self, OC_DESK (source));
    else
        go_in (self);
}

static void
sign_in_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcLoginScreen *self = OC_LOGIN_SCREEN (widget);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    const char *text = gtk_editable_get_text (self->number);
    OcSignInAsk ask = { .password = gtk_editable_get_text (self->password) };
    OcBusy *busy;

    oc_form_hint_set_error (self->number_hint, NULL);
    oc_form_hint_set_error (self->password_hint, NULL);
    if (!g_ascii_string_to_signed (text, 10, 1, 999999, &ask.number, NULL)) {
        oc_form_hint_set_error (self->number_hint, _("Type your operator number: digits alone."));
        gtk_widget_grab_focus (GTK_WIDGET (self->number));
        return;
    }
    if (*ask.password == '\0') {
        oc_form_hint_set_error (self->password_hint, _("Type your password."));
        gtk_widget_grab_focus (GTK_WIDGET (self->password));
        return;
    }
    show_working (self, oc_desk_is_demo (desk) ? _("Opening the demo…") : _("Signing in…"));
    busy = oc_screen_busy (OC_SCREEN (self), NULL);
    oc_sign_in_async (desk, &ask, oc_busy_get_cancellable (busy), on_signed_in_cb, busy);
}

/* Another operator at a locked window. */
static void
sign_in_as_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcLoginScreen *self = OC_LOGIN_SCREEN (widget);
    const char *number, *password;

    g_variant_get (target, "(&s&s)", &number, &password);
    gtk_editable_set_text (self->number, number);
    gtk_editable_set_text (self->password, password);
    gtk_widget_activate_action (widget, "login.sign-in", NULL);
}

static void
on_number_activate_cb (OcLoginScreen *self)
{
    if (*gtk_editable_get_text (self->password) == '\0')
        gtk_widget_grab_focus (GTK_WIDGET (self->password));
    else
        gtk_widget_activate_action (GTK_WIDGET (self), "login.sign-in", NULL);
}

static void
on_password_activate_cb (OcLoginScreen *self)
{
    gtk_widget_activate_action (GTK_WIDGET (self), "login.sign-in", NULL);
}

/* The first run ----------------------------------------------------------------------------------------------------- */

static void
init_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;

    if (oc_upkeep_init (data, FALSE, &error))
        g_task_return_boolean (task, TRUE);
    else
        g_task_return_error (task, error);
}

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    g_autoptr(GError) error = NULL;
    OcLoginScreen *self = oc_busy_get_screen (busy);
    gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

    if (self == NULL)
        return;
    if (done)
        oc_application_reopen (oc_application_get (), "private", NULL);
    else
        oc_present_error (GTK_WIDGET (self), error);
}

static void
make_private_action (GtkWidget *widget, const char *name, GVariant *target)
{
    const OcProfile *profile = current_profile ();
    g_autoptr(GTask) task = NULL;
    OcBusy *busy = oc_screen_busy (OC_SCREEN (widget), _("Making the database"));

    oc_busy_set_final (busy, _("Making the database"));
    task = g_task_new (NULL, NULL, on_made_cb, busy);
    g_task_set_task_data (task, g_strdup (profile != NULL ? profile->data_dir : NULL), g_free);
    g_task_run_in_thread (task, init_thread);
}

static void
try_demo_action (GtkWidget *widget, const char *name, GVariant *target)
{
    if (oc_application_get () != NULL)
        oc_application_reopen (oc_application_get (), "demo", NULL);
}

static void
to_sign_in_action (GtkWidget *widget, const char *name, GVariant *target)
{
    OcLoginScreen *self = OC_LOGIN_SCREEN (widget);

    gtk_stack_set_visible_child_name (self->pages, "sign-in");
    oc_screen_start (OC_SCREEN (self));
}

/* Connection and language ---------------------------------------------------------------------------------------------- */

static void
on_profile_cb (OcLoginScreen *self)
{
    guint i = gtk_drop_down_get_selected (self->profile);

    if (!self->filling && self->profiles != NULL && i < self->profiles->len)
        oc_application_reopen (oc_application_get (), ((OcProfile *) g_ptr_array_index (self->profiles, i))->id, NULL);
}

/* Another list of connections: the login is made anew. */
static void
on_server_chosen_cb (const char *name, gpointer data)
{
    oc_application_reopen (oc_application_get (), name != NULL ? name : "private", NULL);
}

static void
servers_action (GtkWidget *widget, const char *name, GVariant *target)
{
    const OcProfile *profile = current_profile ();

    if (oc_application_get () != NULL)
        oc_server_editor_present (widget, oc_screen_get_desk (OC_SCREEN (widget)), profile != NULL ? profile->id : NULL,
            on_server_chosen_cb, NULL, NULL);
}

static void
on_language_cb (OcLoginScreen *self)
{
    guint i = gtk_drop_down_get_selected (self->language);

    if (!self->filling && i < G_N_ELEMENTS (languages) && oc_application_get () != NULL)
        oc_application_reopen (oc_application_get (), NULL, languages[i]);
}

static void
fill_choices (OcLoginScreen *self)
{
    const OcProfile *current = current_profile ();
    g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);
    guint selected = 0;

    self->filling = TRUE;
    if (current != NULL) {
        self->profiles = oc_application_list_profiles (oc_application_get ());
        for (guint i = 0; i < self->profiles->len; i++) {
            OcProfile *profile = g_ptr_array_index (self->profiles, i);
            gtk_string_list_append (titles, profile->title);
            if (g_str_equal (profile->id, current->id))
                selected = i;
        }
    }
    gtk_drop_down_set_model (self->profile, G_LIST_MODEL (titles));
    gtk_drop_down_set_selected (self->profile, selected);
    gtk_drop_down_set_selected (self->language, g_str_equal (oc_application_language (), "zh_CN") ? 0 : 1);
    self->filling = FALSE;
}

/* OcScreen and GObject ---------------------------------------------------------------------------------------------------- */

static void
oc_login_screen_update_actions (OcScreen *screen)
{
    gboolean free = !oc_screen_is_busy (screen);

    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "login.sign-in", free);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "login.make-private", free);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "login.try-demo", free);
    gtk_widget_action_set_enabled (GTK_WIDGET (screen), "login.to-sign-in", free);
}

static void
oc_login_screen_start (OcScreen *screen)
{
    OcLoginScreen *self = OC_LOGIN_SCREEN (screen);

    if (g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "welcome") == 0)
        gtk_widget_child_focus (GTK_WIDGET (self->pages), GTK_DIR_TAB_FORWARD);
    else if (*gtk_editable_get_text (self->number) == '\0')
        gtk_widget_grab_focus (GTK_WIDGET (self->number));
    else
        gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

static void
oc_login_screen_constructed (GObject *object)
{
    OcLoginScreen *self = OC_LOGIN_SCREEN (object);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    const OcProfile *profile = current_profile ();
    g_autofree char *operator = oc_settings_get ("operator");

    G_OBJECT_CLASS (oc_login_screen_parent_class)->constructed (object);
    fill_choices (self);
    if (oc_desk_is_demo (desk)) {
        gtk_editable_set_text (self->number, "1001");
        gtk_editable_set_text (self->password, "1001");
        oc_form_hint_set_hint (self->number_hint, _("The demo has 1001, the administrator, and 1002 at branch 1002."));
        oc_form_hint_set_hint (self->password_hint, _("In the demo the password is the operator number."));
    } else if (operator != NULL) {
        gtk_editable_set_text (self->number, operator);
    } else {
        oc_form_hint_set_hint (self->number_hint, _("The first time: 1001, with password 1001."));
    }
    if (profile != NULL && profile->missing && !profile->demo) {
        g_autoptr(GtkWidget) welcome = oc_login_welcome_page_new ();
        show_page (self, "welcome", welcome);
    }
}

static void
oc_login_screen_dispose (GObject *object)
{
    g_clear_pointer (&OC_LOGIN_SCREEN (object)->profiles, g_ptr_array_unref);
    gtk_widget_dispose_template (GTK_WIDGET (object), OC_TYPE_LOGIN_SCREEN);
    G_OBJECT_CLASS (oc_login_screen_parent_class)->dispose (object);
}

static void
oc_login_screen_class_init (OcLoginScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_login_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_login_screen_dispose;
    screen_class->update_actions = oc_login_screen_update_actions;
    screen_class->start = oc_login_screen_start;
    signals[SIGNAL_SIGNED_IN] = g_signal_new ("signed-in", OC_TYPE_LOGIN_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
        NULL, G_TYPE_NONE, 0);
    g_type_ensure (OC_TYPE_FORM_HINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-login.ui");
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, pages);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, number);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, password);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, number_hint);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, password_hint);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, spinner);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, sign_in_label);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, profile);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, language);
    gtk_widget_class_bind_template_child (widget_class, OcLoginScreen, version);
    gtk_widget_class_bind_template_callback (widget_class, on_number_activate_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_password_activate_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_profile_cb);
    gtk_widget_class_bind_template_callback (widget_class, on_language_cb);
    gtk_widget_class_install_action (widget_class, "login.sign-in", NULL, sign_in_action);
    gtk_widget_class_install_action (widget_class, "login.sign-in-as", "(ss)", sign_in_as_action);
    gtk_widget_class_install_action (widget_class, "login.servers", NULL, servers_action);
    gtk_widget_class_install_action (widget_class, "login.try-demo", NULL, try_demo_action);
    gtk_widget_class_install_action (widget_class, "login.make-private", NULL, make_private_action);
    gtk_widget_class_install_action (widget_class, "login.to-sign-in", NULL, to_sign_in_action);
}

static void
oc_login_screen_init (OcLoginScreen *self)
{
    g_autofree char *version = NULL;

    gtk_widget_init_template (GTK_WIDGET (self));
    oc_drop_down_keep_caret (self->profile);
    oc_drop_down_keep_caret (self->language);
    /* Translators: %s is a version number. */
    version = g_strdup_printf (_("Version %s"), ONECARD_VERSION);
    gtk_label_set_label (self->version, version);
}
