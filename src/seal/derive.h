/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of one card from the masters (cards.md: 3DES(MK,F) ‖ 3DES(MK,¬F); HMAC for memory cards). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void oc_derive_cpu_key (const guint8 master[16], const guint8 serial[8], guint8 key[16]);
/* First 16 bytes of HMAC-SHA-256 (area key, card id ‖ customer number 6 BCD). */
void oc_derive_memory_key (const guint8 *area_key, gsize len, const guint8 card_id[8], const guint8 customer[6],
    guint8 key[16]);

G_END_DECLS
