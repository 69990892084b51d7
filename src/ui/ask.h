/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question in a dialog, before something that can't be taken back or while something would be lost. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum { OC_ANSWER_NO, OC_ANSWER_YES, OC_ANSWER_OTHER } OcAnswer;

typedef struct {
    const char *title;   /* all translated */
    const char *question;
    const char *explanation;
    const char *yes;     /* what is done, in a verb */
    const char *other;   /* a second way, or NULL */
    gboolean destroys;   /* yes is not what Enter does */
} OcQuestion;

typedef void (*OcAnswerFunc) (OcAnswer answer, gpointer data);

/* @answered is called once, with OC_ANSWER_NO for Cancel and Esc. Main thread. */
void oc_ask (GtkWidget *widget, const OcQuestion *question, OcAnswerFunc answered, gpointer data);

G_END_DECLS
