/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the login, from their descriptions. */
#include "ui/login-pages.h"

static GtkWidget *
page_of (GtkBuilder *builder)
{
    return g_object_ref_sink (GTK_WIDGET (gtk_builder_get_object (builder, "page")));
}

GtkWidget *
oc_login_welcome_page_new (void)
{
    g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/onecard/ui/login-welcome.ui");

    return page_of (builder);
}

GtkWidget *
oc_login_password_page_new (OcDesk *desk, OcPasswordForm **form)
{
    g_autoptr(GtkBuilder) builder = NULL;

    g_type_ensure (OC_TYPE_PASSWORD_FORM);
    builder = gtk_builder_new_from_resource ("/onecard/ui/login-password.ui");
    *form = OC_PASSWORD_FORM (gtk_builder_get_object (builder, "form"));
    oc_password_form_set_desk (*form, desk);
    return page_of (builder);
}
