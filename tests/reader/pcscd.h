/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pcscd of this test's own with a virtual reader, and cards served into it by onecard-sim. The test runs under alone.c, since
 * pcscd's socket has a fixed place and vpcd a fixed port. Everything is ended by its process id, and ends with the test at
 * the latest. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _Pcscd Pcscd;

/* Starts pcscd with one virtual reader of that name (two slots, "<name> 00 00" and "<name> 00 01"), and waits for it. */
Pcscd *pcscd_start (const char *reader_name);
void pcscd_kill (Pcscd *self);    /* -9: as it would die */
void pcscd_restart (Pcscd *self); /* after pcscd_kill () */
void pcscd_free (Pcscd *self);

/* Serves a card file into a slot (0 or 1): the card is in the reader until the process is ended. @option may be NULL. */
GSubprocess *pcscd_insert (Pcscd *self, guint slot, const char *card, const char *option);
/* Takes the card out; @served is unreffed. */
void pcscd_remove (GSubprocess *served);

G_END_DECLS
