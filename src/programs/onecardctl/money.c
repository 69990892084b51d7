/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of money, and how an act is carried out. */
#include "programs/onecardctl/money.h"

#include <glib/gi18n.h>

void
ctl_money_clear (CtlMoney *self)
{
    g_free (self->request);
    g_free (self->pay);
    g_free (self->reference);
    g_free (self->receipt);
    g_free (self->received_text);
    g_free (self->expected_text);
}

/* An amount that may be nothing, or have a minus before it. */
static gboolean
parse_signed (const char *text, const char *field, OcMoney *out, GError **error)
{
    gboolean back = *text == '-';

    if (oc_money_from_decimal (text, out) && out->units == 0)
        return TRUE;
    if (!oc_money_parse (text + back, field, out, error))
        return FALSE;
    if (back)
        out->units = -out->units;

    return TRUE;
}

int
ctl_money_check (Ctl *ctl, CtlMoney *self, gboolean signed_due)
{
    g_autoptr(GError) error = NULL;

    self->received.units = 0;
    self->expected.units = -1;
    self->quoted = self->expected_text != NULL;
    if (self->request == NULL)
        self->request = oc_request_id ();
    if (!g_uuid_string_is_valid (self->request))
        return ctl_wrong_use (ctl, _("“%s” is no request id: a UUID is needed."), self->request);
    if ((self->received_text && !oc_money_parse (self->received_text, "tendered", &self->received, &error))
        || (self->quoted
            && !(signed_due ? parse_signed : oc_money_parse) (self->expected_text, "expected_due", &self->expected, &error)))
        return ctl_fail (ctl, error);

    return CTL_DONE;
}

int
ctl_carry_out (Ctl *ctl, CtlAct act, const void *ask, const CtlMoney *money)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OcOutcome) outcome = act (ctl->desk, ask, &error);
    int status;

    if (outcome == NULL) {
        if ((status = ctl_approve (ctl, error)))
            return status;
        g_clear_error (&error);
        if (!(outcome = act (ctl->desk, ask, &error)))
            return ctl_fail (ctl, error);
    }
    ctl_print_outcome (ctl, outcome, money->receipt);

    return CTL_DONE;
}
