/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the login shows on some days only, made when it is needed: nobody waits for these pages every morning. Their buttons
 * activate the login's actions. */
#pragma once

#include "ui/password-form.h"

G_BEGIN_DECLS

/* On a computer without a database: the demo, or one of its own. */
GtkWidget *oc_login_welcome_page_new (void);
/* Where the first password is known to others; @form (borrowed) emits "done". */
GtkWidget *oc_login_password_page_new (OcDesk *desk, OcPasswordForm **form);

G_END_DECLS
