/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the database for a change of a setting, from a screen: busy meanwhile, and where a second person must approve it, asks for
 * that and then the same once more. Main thread. */
#pragma once

#include "ops/ops.h"
#include "ui/screen.h"

G_BEGIN_DECLS

/* @saved NULL with @error; both are lent. Not called when the screen went, or the approval was not given. */
typedef void (*OcSettingChanged) (OcScreen *screen, const OcSettingAsk *ask, const OcSaved *saved, const GError *error);

/* Copies @ask (its request_id is made here); the password is not kept for a repetition. */
void oc_setting_change_ask (OcScreen *screen, const OcSettingAsk *ask, OcSettingChanged changed);

G_END_DECLS
