/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An amount in capital Chinese numerals (人民币大写), as receipts want it. Pure. */
#pragma once

#include "core/money.h"

G_BEGIN_DECLS

/* "贰佰壹拾元整", "壹拾元零伍分", "负叁元伍角整"; fractions below a fen are rounded half up. Caller frees. */
char *oc_money_to_capital (OcMoney money);

G_END_DECLS
