/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/fault.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sim/card-file.h"

struct _OcSimFaults {
    GArray *faults; /* OcSimFault */
    guint64 count;
    guint slow_ms;
};

static const OcSimFault no_fault;

static const struct {
    const char *name;
    OcSimFaultKind kind;
} names[] = {
    { "pull", OC_SIM_FAULT_PULL },
    { "lost", OC_SIM_FAULT_LOST },
    { "torn", OC_SIM_FAULT_TORN },
    { "sw", OC_SIM_FAULT_STATUS },
    { "gone", OC_SIM_FAULT_GONE },
    { "kill", OC_SIM_FAULT_KILL },
    { "killed", OC_SIM_FAULT_KILLED },
};

/* "K" or "Kff" after the colon of torn@N:K. */
static gboolean
parse_tear (const char *text, OcSimTear *tear)
{
    g_autofree char *digits = g_ascii_strdown (text, -1);
    guint64 keep;

    tear->erased = g_str_has_suffix (digits, "ff");
    if (tear->erased)
        digits[strlen (digits) - 2] = '\0';
    if (!g_ascii_string_to_unsigned (digits, 10, 0, 255, &keep, NULL))
        return FALSE;
    tear->keep = (int) keep;
    return TRUE;
}

static gboolean
parse_status (const char *text, guint16 *sw)
{
    guint64 value;

    if (strlen (text) != 4 || !g_ascii_string_to_unsigned (text, 16, 0x6000, 0x9fff, &value, NULL))
        return FALSE;
    *sw = (guint16) value;
    return TRUE;
}

static gboolean
parse_one (OcSimFaults *self, char *text)
{
    OcSimFault fault = { .tear = { .keep = -1 } };
    char *at = strchr (text, '@');
    char *more;
    guint64 number;

    if (at == NULL)
        return FALSE;
    *at++ = '\0';
    more = strpbrk (at, ":=");
    if (more != NULL)
        *more++ = '\0';
    if (!g_ascii_string_to_unsigned (at, 10, 1, 1000000, &number, NULL))
        return FALSE;
    if (g_str_equal (text, "slow")) {
        self->slow_ms = (guint) MIN (number, 60000);
        return more == NULL;
    }
    fault.at = number;
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        if (g_str_equal (text, names[i].name))
            fault.kind = names[i].kind;
    }
    if (fault.kind == OC_SIM_FAULT_NONE)
        return FALSE;
    if (fault.kind == OC_SIM_FAULT_STATUS) {
        if (more == NULL || !parse_status (more, &fault.sw))
            return FALSE;
    } else if (more != NULL && (fault.kind != OC_SIM_FAULT_TORN || !parse_tear (more, &fault.tear))) {
        return FALSE;
    }
    g_array_append_val (self->faults, fault);
    return TRUE;
}

OcSimFaults *
oc_sim_faults_parse (const char *text, GError **error)
{
    g_autoptr(OcSimFaults) self = g_new0 (OcSimFaults, 1);
    g_auto(GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);

    self->faults = g_array_new (FALSE, FALSE, sizeof (OcSimFault));
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *part = g_strstrip (g_strdup (parts[i]));
        g_autofree char *whole = g_strdup (part);

        if (*part == '\0' || parse_one (self, part))
            continue;
        g_set_error (error, OC_SIM_ERROR, OC_SIM_ERROR_USE, _("“%s” isn't a fault such as pull@5, torn@5 or sw@5=6581."), whole);
        return NULL;
    }
    return g_steal_pointer (&self);
}

void
oc_sim_faults_free (OcSimFaults *self)
{
    g_array_unref (self->faults);
    g_free (self);
}

const OcSimFault *
oc_sim_faults_next (OcSimFaults *self)
{
    if (self == NULL)
        return &no_fault;
    self->count++;
    for (guint i = 0; i < self->faults->len; i++) {
        const OcSimFault *fault = &g_array_index (self->faults, OcSimFault, i);

        if (fault->at == self->count)
            return fault;
    }
    return &no_fault;
}

guint64
oc_sim_faults_count (const OcSimFaults *self)
{
    return self != NULL ? self->count : 0;
}

guint
oc_sim_faults_slow_ms (const OcSimFaults *self)
{
    return self != NULL ? self->slow_ms : 0;
}

void
oc_sim_fault_die (void)
{
    raise (SIGKILL);
    abort ();
}
