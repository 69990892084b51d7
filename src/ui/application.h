/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application: language, style, profiles, and one window over one desk. What a desk is made of (readers, the
 * demo's card tray) the program gives as functions, so that this layer need not know it. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "ops/desk.h"

G_BEGIN_DECLS

#define OC_TYPE_APPLICATION (oc_application_get_type ())
G_DECLARE_FINAL_TYPE (OcApplication, oc_application, OC, APPLICATION, GtkApplication)

/* A database that can be chosen at the login. */
typedef struct {
    char *id;          /* "private", "demo", or the name of a shared server */
    char *title;       /* shown; translated */
    char *data_dir;    /* of a private one */
    char *uri;         /* of a shared one */
    gboolean demo;
    gboolean missing;  /* a private one that is not made yet */
} OcProfile;

void oc_profile_free (OcProfile *self);

typedef struct {
    /* The profiles in the order of the login's list: OcProfile, asked again each time. */
    GPtrArray *(*list) (gpointer data);
    /* A desk for a profile; @tray may get a widget to stand beside the screens. Never NULL. */
    OcDesk *(*open) (const OcProfile *profile, GtkWidget **tray, gpointer data);
    gpointer data;
} OcApplicationParts;

/* @profile: the id to begin with, NULL: the last one used. @screen: the screen to begin with, or NULL. */
OcApplication *oc_application_new (const OcApplicationParts *parts, const char *profile, const char *screen);

/* The one there is; NULL in tests without one. */
OcApplication *oc_application_get (void);
GPtrArray *oc_application_list_profiles (OcApplication *self); /* caller unrefs */
const OcProfile *oc_application_get_profile (OcApplication *self); /* the one in use */
/* Closes desk and window and opens them anew; @profile NULL: the same, @language NULL: the same. From an idle. */
void oc_application_reopen (OcApplication *self, const char *profile, const char *language);

/* "zh_CN" or "en": what the person sees now. Static. */
const char *oc_application_language (void);
/* Before anything is translated: the remembered language, else the locale's. */
void oc_application_init_language (void);

G_END_DECLS
