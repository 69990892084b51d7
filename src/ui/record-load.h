/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the database for the records of a record screen and for what its form chooses from. Main thread. */
#pragma once

#include "ui/record-screen.h"

G_BEGIN_DECLS

/* The answers come one by one: list_came () of the class, then oc_record_screen_take_rows (). */
void oc_record_load (OcRecordScreen *self);

G_END_DECLS
