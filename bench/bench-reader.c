/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the card service adds to SCardTransmit: the same command to the same card through the same pcscd, by turns raw and through
 * the service, each in one connection; the best of many short passes, for what else the machine does is no part of it. To be run
 * alone: tests/reader/alone bench/bench-reader, with ONECARD_SIM.
 *
 *   bench-reader [ROUNDS] */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <winscard.h>

#include "card/card-service.h"
#include "reader/pcscd.h"
#include "sim/card-file.h"

#define NAME "ACS ACR39U Virtual"
#define PASSES 41

static const guint8 choose[] = { 0xFF, 0xA4, 0x00, 0x00, 0x01, 0x01 };
static const guint8 command[] = { 0xFF, 0xB0, 0x00, 0x00, 0x80 };
static guint n_rounds = 100;

static void
check (LONG code, const char *what)
{
    if (code != SCARD_S_SUCCESS)
        g_error ("%s: %08x", what, (guint32) code);
}

/* µs a command. */
static double
time_raw (void)
{
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol, len;
    guint8 answer[258];
    gint64 begin;

    check (SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "SCardEstablishContext");
    check (SCardConnect (context, NAME " 00 00", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol), "SCardConnect");
    check (SCardBeginTransaction (card), "SCardBeginTransaction");
    len = sizeof answer;
    check (SCardTransmit (card, protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0, choose, sizeof choose, NULL, answer, &len), "choose");
    begin = g_get_monotonic_time ();
    for (guint i = 0; i < n_rounds; i++) {
        len = sizeof answer;
        check (SCardTransmit (card, protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0, command, sizeof command, NULL, answer, &len),
            "SCardTransmit");
    }
    begin = g_get_monotonic_time () - begin;
    SCardEndTransaction (card, SCARD_LEAVE_CARD);
    SCardDisconnect (card, SCARD_LEAVE_CARD);
    SCardReleaseContext (context);
    return (double) begin / n_rounds;
}

static gboolean
exchange (OcCardLink *link, gpointer data, GError **error)
{
    double *us = data;
    guint8 answer[OC_APDU_MAX];
    gsize n = sizeof answer;
    guint16 sw;
    gint64 begin;

    if (!oc_card_link_transmit (link, choose, sizeof choose, answer, &n, &sw, error))
        return FALSE;
    begin = g_get_monotonic_time ();
    for (guint i = 0; i < n_rounds; i++) {
        n = sizeof answer;
        if (!oc_card_link_transmit (link, command, sizeof command, answer, &n, &sw, error))
            return FALSE;
        g_assert_cmphex (sw, ==, 0x9000);
    }
    *us = (double) (g_get_monotonic_time () - begin) / n_rounds;
    return TRUE;
}

static double
time_service (OcCardService *service)
{
    g_autoptr(GError) error = NULL;
    double us = 0;

    oc_card_service_exchange (service, exchange, &us, NULL, NULL, &error);
    g_assert_no_error (error);
    return us;
}

static int
by_value (const void *a, const void *b)
{
    const double x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
    g_autofree char *folder = g_dir_make_tmp ("onecard-bench-XXXXXX", NULL);
    g_autofree char *card = g_build_filename (folder, "card", NULL);
    Pcscd *pcscd = pcscd_start (NAME);
    OcCardService *service = oc_card_service_new (oc_pcsc_reader_new (NAME));
    double raw[PASSES], ours[PASSES];
    GSubprocess *served;

    if (argc > 1)
        n_rounds = (guint) MAX (atoi (argv[1]), 1);
    g_assert_true (oc_sim_card_make (card, "24c04", NULL, NULL, NULL));
    served = pcscd_insert (pcscd, 0, card, NULL);
    while (oc_card_service_get_presence (service, NULL) != OC_PRESENCE_CARD)
        g_usleep (10000);
    time_raw ();
    for (guint i = 0; i < PASSES; i++) {
        raw[i] = time_raw ();
        ours[i] = time_service (service);
    }
    qsort (raw, PASSES, sizeof *raw, by_value);
    qsort (ours, PASSES, sizeof *ours, by_value);
    g_print ("SCardTransmit       %8.1f µs a command (best of %u passes of %u)\n", raw[0], PASSES, n_rounds);
    g_print ("through the service %8.1f µs, %+.1f %%\n", ours[0], (ours[0] / raw[0] - 1) * 100);
    oc_card_service_stop (service);
    g_object_unref (service);
    pcscd_remove (served);
    pcscd_free (pcscd);
    g_remove (card);
    g_rmdir (folder);
    return 0;
}
