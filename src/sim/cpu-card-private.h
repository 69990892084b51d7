/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cpu-card.c (the commands) and cpu-card-files.c (what the card holds, and how it is kept) share. */
#pragma once

#include "sim/cpu-card.h"

G_BEGIN_DECLS

#define CPU_DIRECTORIES 41 /* MF; DF0t and DFt2…DFt8 of five types */
#define CPU_FILES 16

enum { KEY_INTERNAL, KEY_EXTERNAL, KEY_MAC, N_KEYS }; /* kid − 1 */

typedef struct {
    guint8 sfi;
    guint size;
    guint8 *data;
} CpuFile;

typedef struct {
    guint16 id;
    guint n_files;
    CpuFile files[CPU_FILES];
    int tries[N_KEYS];
} CpuDirectory;

struct _OcSimCpu {
    guint8 serial[8];
    guint8 keys[N_KEYS][16];
    CpuDirectory directories[CPU_DIRECTORIES];
    guint n_directories;

    /* the session, gone with the power */
    CpuDirectory *current;
    CpuFile *file;         /* the last that was named by its SFI */
    guint8 challenge[8];
    gsize challenge_len;   /* 0: none; good for the next command only */
    gboolean authenticated;
    guint8 waiting[64];    /* for GET RESPONSE; good for the next command only */
    gsize waiting_len;
};

/* NULL: there is none. */
CpuDirectory *cpu_find_directory (OcSimCpu *self, guint16 id);
CpuFile *cpu_find_file (CpuDirectory *directory, guint8 sfi);

G_END_DECLS
