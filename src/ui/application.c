/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application. Language and profile change at the login, before anybody is signed in: desk and window are then
 * closed and made anew, which is simple and leaves nothing in the old language. */
#include "ui/application.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "ui/settings.h"
#include "ui/style.h"
#include "ui/window.h"

struct _OcApplication {
    GtkApplication parent_instance;

    OcApplicationParts parts;
    OcProfile *profile;
    char *wanted_profile;
    char *wanted_language;
    char *screen;
    OcDesk *desk;
    OcWindow *window;
    guint reopen_idle;
};

G_DEFINE_FINAL_TYPE (OcApplication, oc_application, GTK_TYPE_APPLICATION)

/* Language ------------------------------------------------------------------------------------------------------- */

/* The C locale translates nothing and reads no UTF-8: a station without a locale gets C.UTF-8 below its language. */
static void
use_language (const char *language)
{
    g_setenv ("LANGUAGE", language, TRUE);
    if (g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
        setlocale (LC_ALL, "C.UTF-8");
    setlocale (LC_MESSAGES, ""); /* also makes gettext forget what it had looked up */
    if (g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
        setlocale (LC_MESSAGES, "C.UTF-8");
}

void
oc_application_init_language (void)
{
    g_autofree char *remembered = oc_settings_get ("language");

    gtk_disable_setlocale (); /* GTK would put the C locale back where the station has none */
    setlocale (LC_ALL, "");
    use_language (remembered != NULL ? remembered : oc_application_language ());
}

const char *
oc_application_language (void)
{
    const char *const *names = g_get_language_names ();

    return g_str_has_prefix (names[0], "zh") ? "zh_CN" : "en";
}

/* Profiles --------------------------------------------------------------------------------------------------------- */

void
oc_profile_free (OcProfile *self)
{
    if (self == NULL)
        return;
    g_free (self->id);
    g_free (self->title);
    g_free (self->data_dir);
    g_free (self->uri);
    g_free (self);
}

static OcProfile *
profile_copy (const OcProfile *other)
{
    OcProfile *self = g_new0 (OcProfile, 1);

    self->id = g_strdup (other->id);
    self->title = g_strdup (other->title);
    self->data_dir = g_strdup (other->data_dir);
    self->uri = g_strdup (other->uri);
    self->demo = other->demo;
    self->missing = other->missing;
    return self;
}

/* The profile @id, or the first one. */
static OcProfile *
choose_profile (OcApplication *self, const char *id)
{
    g_autoptr(GPtrArray) profiles = self->parts.list (self->parts.data);

    g_assert (profiles->len > 0);
    for (guint i = 0; i < profiles->len; i++) {
        OcProfile *profile = g_ptr_array_index (profiles, i);
        if (g_strcmp0 (profile->id, id) == 0)
            return profile_copy (profile);
    }
    return profile_copy (g_ptr_array_index (profiles, 0));
}

/* Desk and window -------------------------------------------------------------------------------------------------- */

static void
close_desk (OcApplication *self)
{
    if (self->window != NULL)
        gtk_window_destroy (GTK_WINDOW (self->window));
    g_clear_object (&self->window);
    if (self->desk != NULL)
        oc_desk_close (self->desk, TRUE);
    g_clear_object (&self->desk);
}

static void
open_desk (OcApplication *self, const char *id)
{
    GtkWidget *tray = NULL;

    g_clear_pointer (&self->profile, oc_profile_free);
    self->profile = choose_profile (self, id);
    self->desk = self->parts.open (self->profile, &tray, self->parts.data);
    self->window = g_object_ref (oc_window_new (GTK_APPLICATION (self), self->desk));
    if (tray != NULL)
        oc_window_set_tray (self->window, tray);
    if (self->screen != NULL)
        oc_window_show_screen (self->window, self->screen);
    gtk_window_present (GTK_WINDOW (self->window));
}

static gboolean
on_reopen_cb (gpointer data)
{
    OcApplication *self = data;
    g_autofree char *id = g_strdup (self->wanted_profile != NULL ? self->wanted_profile : self->profile->id);

    self->reopen_idle = 0;
    g_application_hold (G_APPLICATION (self));
    close_desk (self);
    if (self->wanted_language != NULL) {
        /* No thread of the old desk is left that could read the environment meanwhile. */
        use_language (self->wanted_language);
        oc_settings_set ("language", self->wanted_language);
    }
    if (self->wanted_profile != NULL)
        oc_settings_set ("profile", self->wanted_profile);
    g_clear_pointer (&self->wanted_profile, g_free);
    g_clear_pointer (&self->wanted_language, g_free);
    open_desk (self, id);
    g_application_release (G_APPLICATION (self));
    return G_SOURCE_REMOVE;
}

/* GApplication ------------------------------------------------------------------------------------------------------- */

static void
oc_application_startup (GApplication *application)
{
    G_APPLICATION_CLASS (oc_application_parent_class)->startup (application);
    oc_style_load ();
}

static void
oc_application_activate (GApplication *application)
{
    OcApplication *self = OC_APPLICATION (application);

    if (self->window == NULL)
        open_desk (self, self->wanted_profile);
    else
        gtk_window_present (GTK_WINDOW (self->window));
    g_clear_pointer (&self->wanted_profile, g_free);
}

static void
oc_application_shutdown (GApplication *application)
{
    OcApplication *self = OC_APPLICATION (application);

    g_clear_handle_id (&self->reopen_idle, g_source_remove);
    close_desk (self);
    G_APPLICATION_CLASS (oc_application_parent_class)->shutdown (application);
}

static void
oc_application_finalize (GObject *object)
{
    OcApplication *self = OC_APPLICATION (object);

    g_clear_pointer (&self->profile, oc_profile_free);
    g_free (self->wanted_profile);
    g_free (self->wanted_language);
    g_free (self->screen);
    G_OBJECT_CLASS (oc_application_parent_class)->finalize (object);
}

static void
oc_application_class_init (OcApplicationClass *klass)
{
    GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = oc_application_finalize;
    application_class->startup = oc_application_startup;
    application_class->activate = oc_application_activate;
    application_class->shutdown = oc_application_shutdown;
}

static void
oc_application_init (OcApplication *self)
{
}

/* Public --------------------------------------------------------------------------------------------------------------- */

OcApplication *
oc_application_new (const OcApplicationParts *parts, const char *profile, const char *screen)
{
    /* Not unique: two counters may run on one machine, each with a reader and operator of its own. */
    OcApplication *self = g_object_new (OC_TYPE_APPLICATION, "application-id", "io.github.onecard.OneCard", "flags",
        G_APPLICATION_NON_UNIQUE, "resource-base-path", "/onecard", NULL); /* GTK finds its icons/ by itself */

    self->parts = *parts;
    self->wanted_profile = profile != NULL ? g_strdup (profile) : oc_settings_get ("profile");
    self->screen = g_strdup (screen);
    return self;
}

OcApplication *
oc_application_get (void)
{
    GApplication *application = g_application_get_default ();

    return OC_IS_APPLICATION (application) ? OC_APPLICATION (application) : NULL;
}

GPtrArray *
oc_application_list_profiles (OcApplication *self)
{
    g_return_val_if_fail (OC_IS_APPLICATION (self), NULL);
    return self->parts.list (self->parts.data);
}

const OcProfile *
oc_application_get_profile (OcApplication *self)
{
    g_return_val_if_fail (OC_IS_APPLICATION (self), NULL);
    return self->profile;
}

void
oc_application_reopen (OcApplication *self, const char *profile, const char *language)
{
    g_return_if_fail (OC_IS_APPLICATION (self));
    if (profile != NULL) {
        g_free (self->wanted_profile);
        self->wanted_profile = g_strdup (profile);
    }
    if (language != NULL) {
        g_free (self->wanted_language);
        self->wanted_language = g_strdup (language);
    }
    if (self->reopen_idle == 0)
        self->reopen_idle = g_idle_add (on_reopen_cb, self);
}
