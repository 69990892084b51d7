/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before a GTK program (LD_PRELOAD): tells when its first window was painted for the first time, in ms since
 * START_NS (date +%s%N), and a second later what the process holds in memory; then ends it. The same for every program, so that
 * they can be compared. */
#include <gtk/gtk.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static gint64 first_ms = -1;

static gint64
now_ms (void)
{
    const char *start = g_getenv ("START_NS");
    struct timespec now;

    clock_gettime (CLOCK_REALTIME, &now);

    return ((gint64) now.tv_sec * 1000000000 + now.tv_nsec - (start ? g_ascii_strtoll (start, NULL, 10) : 0)) / 1000000;
}

static gint64
resident_kb (void)
{
    g_autofree char *status = NULL;
    const char *line;

    if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || !(line = strstr (status, "VmRSS:")))
        return -1;

    return g_ascii_strtoll (line + strlen ("VmRSS:"), NULL, 10);
}

static gboolean
on_second_over_cb (gpointer data)
{
    printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", first_ms, resident_kb ());
    fflush (stdout);
    _exit (0);
}

static void
on_after_paint_cb (GdkFrameClock *clock, gpointer data)
{
    if (first_ms >= 0)
        return;
    first_ms = now_ms ();
    g_timeout_add (1000, on_second_over_cb, NULL);
}

static gboolean
on_look_cb (gpointer data)
{
    GListModel *windows = gtk_window_get_toplevels ();

    for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
        g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);
        GdkFrameClock *clock = gtk_widget_get_realized (window) ? gtk_widget_get_frame_clock (window) : NULL;

        if (clock) {
            g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint_cb), NULL);
            return G_SOURCE_REMOVE;
        }
    }

    return G_SOURCE_CONTINUE;
}

__attribute__ ((constructor)) static void
watch (void)
{
    g_timeout_add_full (G_PRIORITY_HIGH, 1, on_look_cb, NULL, NULL);
}
