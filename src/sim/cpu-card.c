/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: cards.md 2 (session, MAC); public FMCOS manuals for the status words. */
#include "sim/cpu-card-private.h"

#include <string.h>

#include "card/reader.h"
#include "seal/bytes.h"
#include "seal/mac.h"

/* A command taken apart, and its answer. */
typedef struct {
    guint8 cla, ins, p1, p2;
    const guint8 *data;
    gsize lc;
    guint le;              /* 0: not given or as much as there is */
    const OcSimTear *tear;
    guint8 *out;
    gsize out_len;
    gboolean changed;
} Command;

/* TS, T0 (no interface bytes: T=0; 8 historical), "OCSIMCPU". */
static const guint8 atr[] = { 0x3b, 0x08, 'O', 'C', 'S', 'I', 'M', 'C', 'P', 'U' };

const guint8 *
oc_sim_cpu_atr (const OcSimCpu *self, gsize *len)
{
    *len = sizeof atr;
    return atr;
}

void
oc_sim_cpu_reset (OcSimCpu *self)
{
    self->current = &self->directories[0];
    self->file = NULL;
    self->challenge_len = 0;
    self->authenticated = FALSE;
    self->waiting_len = 0;
}

/* The answer waits for GET RESPONSE, as T=0 wants it. */
static guint16
let_wait (OcSimCpu *self, const guint8 *data, gsize size)
{
    memcpy (self->waiting, data, size);
    self->waiting_len = size;
    return (guint16) (0x6100 | size);
}

static guint16
select_directory (OcSimCpu *self, Command *c)
{
    CpuDirectory *directory;
    guint16 id;

    if (c->p1 == 0x04)
        return 0x6a82; /* no directory has a name */
    if (c->p1 != 0 || c->p2 != 0)
        return 0x6a86;
    if (c->lc != 2)
        return 0x6700;
    id = (guint16) (c->data[0] << 8 | c->data[1]);
    if (!(directory = cpu_find_directory (self, id)))
        return 0x6a82;
    self->current = directory;
    self->file = NULL;
    self->authenticated = FALSE;
    return let_wait (self, (guint8[]){ 0x6f, 0x04, 0x83, 0x02, c->data[0], c->data[1] }, 6);
}

static guint16
get_response (OcSimCpu *self, Command *c, const guint8 *waiting, gsize len)
{
    if (len == 0)
        return 0x6f00;
    if (c->le != len) {
        let_wait (self, waiting, len);
        return (guint16) (0x6c00 | len);
    }
    memcpy (c->out, waiting, len);
    c->out_len = len;
    return 0x9000;
}

/* The file and offset that P1 P2 name; NULL with *sw. */
static CpuFile *
name_file (OcSimCpu *self, const Command *c, guint *offset, guint16 *sw)
{
    if (c->p1 & 0x80) {
        self->file = cpu_find_file (self->current, c->p1 & 0x1f);
        *offset = c->p2;
        *sw = 0x6a82;
    } else {
        *offset = (guint) c->p1 << 8 | c->p2;
        *sw = 0x6986;
    }
    if (self->file != NULL && *offset >= self->file->size) {
        *sw = 0x6b00;
        return NULL;
    }
    return self->file;
}

static guint16
read_binary (OcSimCpu *self, Command *c)
{
    guint16 sw;
    guint offset, left, want = c->le != 0 ? c->le : 256;
    const CpuFile *file = name_file (self, c, &offset, &sw);

    if (file == NULL)
        return sw;
    left = file->size - offset;
    if (want > left)
        return (guint16) (0x6c00 | left);
    memcpy (c->out, file->data + offset, want);
    c->out_len = want;
    return 0x9000;
}

static guint16
get_challenge (OcSimCpu *self, Command *c)
{
    if (c->p1 != 0 || c->p2 != 0)
        return 0x6a86;
    if (c->le != 4 && c->le != 8)
        return 0x6700;
    oc_random (self->challenge, c->le);
    self->challenge_len = c->le;
    memcpy (c->out, self->challenge, c->le);
    c->out_len = c->le;
    return 0x9000;
}

static guint16
internal_authenticate (OcSimCpu *self, Command *c)
{
    guint8 answer[8];

    if (c->p1 != 0)
        return 0x6a86;
    if (c->p2 != KEY_INTERNAL + 1)
        return 0x6a88;
    if (c->lc != 8)
        return 0x6700;
    oc_seal_3des_encrypt (self->keys[KEY_INTERNAL], c->data, 8, answer);
    return let_wait (self, answer, 8);
}

/* A try is spent, for good when it was the last. */
static void
spend (OcSimCpu *self, Command *c, guint key)
{
    self->current->tries[key]--;
    self->authenticated = FALSE;
    c->changed = TRUE;
}

static void
restore (OcSimCpu *self, Command *c, guint key)
{
    if (self->current->tries[key] == OC_SIM_TRIES)
        return;
    self->current->tries[key] = OC_SIM_TRIES;
    c->changed = TRUE;
}

static guint16
external_authenticate (OcSimCpu *self, Command *c, const guint8 *challenge, gsize challenge_len)
{
    guint8 expected[8];

    if (c->p1 != 0)
        return 0x6a86;
    if (c->p2 != KEY_EXTERNAL + 1)
        return 0x6a88;
    if (c->lc != 8)
        return 0x6700;
    if (self->current->tries[KEY_EXTERNAL] == 0)
        return 0x6983;
    if (challenge_len != 8)
        return 0x6984;
    oc_seal_3des_encrypt (self->keys[KEY_EXTERNAL], challenge, 8, expected);
    if (!oc_equal_ct (expected, c->data, 8)) {
        spend (self, c, KEY_EXTERNAL);
        return (guint16) (0x63c0 | self->current->tries[KEY_EXTERNAL]);
    }
    restore (self, c, KEY_EXTERNAL);
    self->authenticated = TRUE;
    return 0x9000;
}

static gboolean
mac_is_right (OcSimCpu *self, const Command *c, const guint8 *challenge)
{
    guint8 iv[8] = { 0 }, mac[4], message[5 + 255];

    memcpy (iv, challenge, 4);
    message[0] = c->cla;
    message[1] = c->ins;
    message[2] = c->p1;
    message[3] = c->p2;
    message[4] = (guint8) c->lc;
    memcpy (message + 5, c->data, c->lc - 4);
    oc_seal_retail_mac (self->keys[KEY_MAC], iv, message, 5 + c->lc - 4, mac);
    return oc_equal_ct (mac, c->data + c->lc - 4, 4);
}

static void
store (CpuFile *file, guint offset, const guint8 *data, gsize size, const OcSimTear *tear)
{
    gsize keep = size;

    if (tear != NULL)
        keep = tear->keep < 0 ? size / 2 : MIN (size, (gsize) tear->keep);
    memcpy (file->data + offset, data, keep);
    if (tear != NULL && tear->erased)
        memset (file->data + offset + keep, 0xff, size - keep);
}

static guint16
update_binary (OcSimCpu *self, Command *c, const guint8 *challenge, gsize challenge_len)
{
    guint16 sw;
    guint offset;
    CpuFile *file;

    if (c->cla != 0x04 || self->current->id == 0x3f00)
        return 0x6982; /* every file wants a MAC; the serial is for ever */
    if (!(file = name_file (self, c, &offset, &sw)))
        return sw;
    if (c->lc < 5)
        return 0x6700;
    if (!self->authenticated)
        return 0x6982;
    if (self->current->tries[KEY_MAC] == 0)
        return 0x6983;
    if (challenge_len != 4)
        return 0x6984;
    if (!mac_is_right (self, c, challenge)) {
        spend (self, c, KEY_MAC);
        return 0x6988;
    }
    restore (self, c, KEY_MAC);
    if (offset + c->lc - 4 > file->size)
        return 0x6b00;
    store (file, offset, c->data, c->lc - 4, c->tear);
    c->changed = TRUE;
    return 0x9000;
}

static gboolean
take_apart (const guint8 *in, gsize in_len, gboolean has_data, Command *c)
{
    if (!has_data) {
        c->le = in_len == 5 ? in[4] : 0;
        return in_len <= 5;
    }
    if (in_len < 5)
        return FALSE;
    c->lc = in[4];
    c->data = in + 5;
    return in_len == 5 + c->lc || in_len == 6 + c->lc; /* T=0 readers drop Le */
}

static guint16
run (OcSimCpu *self, const guint8 *in, gsize in_len, Command *c)
{
    guint8 challenge[8], waiting[sizeof self->waiting];
    gsize challenge_len = self->challenge_len, waiting_len = self->waiting_len;
    gboolean has_data;

    memcpy (challenge, self->challenge, sizeof challenge);
    memcpy (waiting, self->waiting, sizeof waiting);
    self->challenge_len = self->waiting_len = 0;
    if (in_len < 4)
        return 0x6700;
    c->cla = in[0];
    c->ins = in[1];
    c->p1 = in[2];
    c->p2 = in[3];
    if (c->cla != 0x00 && !(c->cla == 0x04 && c->ins == 0xd6))
        return 0x6e00;
    has_data = c->ins == 0xa4 || c->ins == 0x88 || c->ins == 0x82 || c->ins == 0xd6;
    if (!take_apart (in, in_len, has_data, c))
        return 0x6700;
    switch (c->ins) {
    case 0xa4:
        return select_directory (self, c);
    case 0xc0:
        return get_response (self, c, waiting, waiting_len);
    case 0xb0:
        return read_binary (self, c);
    case 0x84:
        return get_challenge (self, c);
    case 0x88:
        return internal_authenticate (self, c);
    case 0x82:
        return external_authenticate (self, c, challenge, challenge_len);
    case 0xd6:
        return update_binary (self, c, challenge, challenge_len);
    default:
        return 0x6d00;
    }
}

gboolean
oc_sim_cpu_transmit (OcSimCpu *self, const guint8 *in, gsize in_len, const OcSimTear *tear, guint8 *out, gsize *out_len)
{
    Command c = { .out = out, .tear = tear };
    guint16 sw = run (self, in, in_len, &c);

    out[c.out_len] = sw >> 8;
    out[c.out_len + 1] = sw & 0xff;
    *out_len = c.out_len + 2;
    return c.changed;
}
