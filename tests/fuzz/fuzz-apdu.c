/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: a card and reader that answer anything, through a whole reading and a whole writing, on both families of readers.
 * Whatever they answer: nothing is overrun, and an image or an error comes of it, never both or neither. */
#include <string.h>

#include "card/card.h"
#include "card/link.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

typedef struct {
    OcReader parent;
    const guint8 *data;
    gsize left;
    guint n_apdus;
} Player;

static gboolean
take (Player *self, guint8 *out, gsize n)
{
    if (self->left < n)
        return FALSE;
    memcpy (out, self->data, n);
    self->data += n;
    self->left -= n;
    return TRUE;
}

/* One byte says what comes: a status word and nothing else, 9000 after as many bytes as were asked for, or anything. At the end
 * the card is gone. */
static gboolean
player_transmit (OcReader *reader, const guint8 *in, gsize in_len, guint8 *out, gsize *out_len, GError **error)
{
    Player *self = (Player *) reader;
    guint8 kind, wanted = in[in_len - 1];
    gsize n = 0;

    if (self->n_apdus++ > 200 || !take (self, &kind, 1)) {
        g_set_error_literal (error, OC_CARD_ERROR, OC_CARD_ERROR_REMOVED, "gone");
        return FALSE;
    }
    if (kind < 100) {
        if (in_len == 5 || (in_len > 13 && in[0] == 0xFF && in[1] == 0x30 && in[3] == 0x05))
            n = wanted != 0 ? wanted : 256;
        memset (out, kind, n);
        take (self, out, MIN (n, self->left));
        out[n++] = 0x90;
        out[n++] = 0x00;
    } else {
        n = kind < 200 ? 2 : kind == 255 ? OC_APDU_MAX : kind - 200u;
        if (!take (self, out, n))
            n = 0;
    }
    *out_len = n;
    return TRUE;
}

static const OcReaderClass player_class = { .transmit = player_transmit };

static void
add_step (OcCardTicket *ticket, const OcImage *image, const char *area, guint8 with)
{
    GBytes *before = image != NULL ? oc_image_get (image, area) : NULL;
    gsize size = before != NULL ? g_bytes_get_size (before) : strchr (area, '/') != NULL ? 8 : 32;
    g_autofree guint8 *bytes = g_malloc (size);
    g_autoptr(GBytes) target = NULL;

    memset (bytes, with, size);
    target = g_bytes_new (bytes, size);
    oc_card_ticket_add_step (ticket, area, before, target);
}

static void
add_directory (OcCardTicket *ticket)
{
    OcCardDirectory *directory = oc_card_ticket_add_directory (ticket, "DF01");

    directory->layout = oc_layout_find ("cpu-electricity-63");
    directory->internal_kid = 1;
    directory->external_kid = 2;
    directory->mac_kid = 3;
    directory->challenge = g_bytes_new_static ("12345678", 8);
    directory->check = g_bytes_new_static ("01234567890123456789012345678901", 32);
    directory->external_key = g_bytes_new_static ("0123456789012345", 16);
    directory->mac_key = g_bytes_new_static ("0123456789012345", 16);
}

static void
write_card (OcCardLink *link, const OcImage *image, guint8 flags, const char *family)
{
    const char *chip = image != NULL && oc_image_chip (image) != NULL ? oc_image_chip (image) : g_str_equal (family, "24c") ? "24c04" : family;
    g_autoptr(OcCardTicket) ticket = oc_card_ticket_new (family, chip);
    gboolean cpu = g_str_equal (family, "cpu");
    g_autoptr(GError) error = NULL;

    ticket->serial = image != NULL && oc_image_serial (image) != NULL ? g_bytes_ref (oc_image_serial (image)) : g_bytes_new_static ("ABCDEFGH", 8);
    ticket->blank = (flags & 1) != 0;
    ticket->fresh = (flags & 2) != 0 && image != NULL;
    ticket->psc = g_bytes_new_static ("psc", 3);
    ticket->psc_tries = 2;
    if (cpu)
        add_directory (ticket);
    add_step (ticket, image, cpu ? "DF01/02" : "V1A", flags);
    add_step (ticket, image, cpu ? "DF01/01" : "header", flags);
    if (!oc_card_write (link, ticket, &error))
        g_assert (error != NULL);
    else
        g_assert (error == NULL && ticket->after != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    static const char *const names[] = { "ACS ACR39U 00 00", "HID Global OMNIKEY 3x21 00 00", "Plain 00 00" };
    static const char *const families[] = { "cpu", "24c", "4442" };
    static const char *const chips[] = { NULL, "24c01", "24c04", "24c64" };
    static const char *const directories[] = { "DF01", "DF02", "DF14", NULL };
    Player player = { .parent.klass = &player_class };
    OcCardLink link = { .reader = &player.parent, .thread = g_thread_self () };
    g_autoptr(OcImage) image = NULL;
    g_autoptr(GError) error = NULL;
    OcCardPlan plan = { directories, NULL, FALSE };
    guint8 head[5];

    player.data = data;
    player.left = size;
    if (!take (&player, head, sizeof head))
        return 0;
    link.state.name = (char *) names[head[0] % G_N_ELEMENTS (names)];
    plan.chip = chips[head[1] % G_N_ELEMENTS (chips)];
    plan.whole = (head[2] & 1) != 0;
    switch (head[3] % 4) {
    case 0:
        memcpy (link.state.atr, "\x3B\x00", link.state.atr_len = 2);
        break;
    case 1:
        memcpy (link.state.atr, "\x3B\x04\xA2\x13\x10\x91", link.state.atr_len = 6);
        break;
    default:
        link.state.atr_len = MIN (head[3] % 64u, OC_ATR_MAX);
        if (!take (&player, link.state.atr, link.state.atr_len))
            link.state.atr_len = 0;
    }
    image = oc_card_read (&link, &plan, &error);
    g_assert ((image != NULL) == (error == NULL));
    write_card (&link, image, head[4], image != NULL ? oc_image_family (image) : families[head[4] % G_N_ELEMENTS (families)]);
    return 0;
}
