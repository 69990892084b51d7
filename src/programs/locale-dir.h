/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the translations of this program lie: beside the program that was installed or only built, else where they
 * were configured to be. Before the first translated text. */
#pragma once

/* Binds the text domain; the locale is set by the caller. */
void oc_locale_dir_bind (void);
