/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This station (工作站设置): what is kept on this computer for whoever sits here. It holds at once; there is nothing to save. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "ops/ops.h"
#include "ui/application.h"
#include "ui/form-field.h"
#include "ui/form.h"
#include "ui/present-error.h"
#include "ui/print.h"
#include "ui/screen.h"
#include "ui/screens.h"
#include "ui/settings.h"
#include "ui/style.h"

#define OC_TYPE_STATION_SCREEN (oc_station_screen_get_type ())
G_DECLARE_FINAL_TYPE (OcStationScreen, oc_station_screen, OC, STATION_SCREEN, OcScreen)

struct _OcStationScreen {
    OcScreen parent_instance;

    OcForm *form;
    OcFormField *text_size, *theme, *commands;
    GtkGrid *papers;
    GtkLabel *printed;
};

G_DEFINE_FINAL_TYPE (OcStationScreen, oc_station_screen, OC_TYPE_SCREEN)

static const struct {
    const char *key, *standard;
} kept[] = {
    { "text-size", "100" }, { "theme", "light" }, { "sound", "true" }, { "idle-minutes", "0" },
};

/* The reader ----------------------------------------------------------------------------------------------------------- */

static const char *
data_dir (void)
{
    OcApplication *application = oc_application_get ();

    return application != NULL ? oc_application_get_profile (application)->data_dir : NULL;
}

/* "pcsc:ACS,omnikey": a name, and whose commands for memory cards it understands where its name does not say so. */
static void
read_reader (OcFields *values)
{
    g_autofree char *spec = oc_station_get_reader (data_dir ());
    const char *name = spec != NULL && g_str_has_prefix (spec, "pcsc:") ? spec + strlen ("pcsc:") : "";
    g_auto(GStrv) parts = g_strsplit (name, ",", 2);

    oc_fields_set (values, "reader", parts[0] != NULL ? parts[0] : "");
    oc_fields_set (values, "commands", parts[0] != NULL && parts[1] != NULL ? parts[1] : "");
}

static void
keep_reader (OcStationScreen *self, const OcFields *values)
{
    const char *name = oc_fields_get (values, "reader");
    const char *commands = oc_fields_get (values, "commands");
    g_autofree char *spec = *name == '\0' && *commands == '\0' ? NULL
                                                               : g_strconcat ("pcsc:", name, *commands != '\0' ? "," : "", commands, NULL);
    g_autofree char *was = oc_station_get_reader (data_dir ());
    g_autoptr(GError) error = NULL;

    if (g_strcmp0 (spec, was) != 0 && !oc_station_set_reader (data_dir (), spec, &error))
        oc_present_error (GTK_WIDGET (self), error);
}

/* Printers ------------------------------------------------------------------------------------------------------------- */

static void show_papers (OcStationScreen *self);

static void
on_printed_cb (gboolean printed, gpointer data)
{
    g_autoptr(OcStationScreen) self = data;

    show_papers (self);
    gtk_label_set_label (self->printed, printed ? _("The test receipt was printed.") : "");
}

static void
print_test (OcStationScreen *self, GtkWidget *button, gboolean choose)
{
    gtk_label_set_label (self->printed, "");
    oc_print_test (GTK_WIDGET (self), g_object_get_data (G_OBJECT (button), "kind"), choose, on_printed_cb, g_object_ref (self));
}

static void
on_choose_cb (OcStationScreen *self, GtkWidget *button)
{
    print_test (self, button, TRUE);
}

static void
on_test_cb (OcStationScreen *self, GtkWidget *button)
{
    print_test (self, button, FALSE);
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
    GtkWidget *label = gtk_label_new (text);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class (label, css_class);

    return label;
}

static GtkWidget *
make_button (OcStationScreen *self, const char *text, const OcPaper *paper, GCallback callback)
{
    GtkWidget *button = gtk_button_new_with_label (text);
    g_autofree char *name = g_strdup_printf ("%s, %s", text, paper->title);

    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data_full (G_OBJECT (button), "kind", g_strdup (paper->kind), g_free);
    g_signal_connect_swapped (button, "clicked", callback, self);

    return button;
}

/* A row a size of paper: its printer, another one, a receipt to try it. */
static void
show_papers (OcStationScreen *self)
{
    g_autoptr(GPtrArray) papers = oc_print_papers ();
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->papers))) != NULL)
        gtk_grid_remove (self->papers, child);
    for (guint i = 0; i < papers->len; i++) {
        const OcPaper *paper = papers->pdata[i];
        const char *printer = paper->printer != NULL ? paper->printer : _("Asked for at the first print");

        gtk_grid_attach (self->papers, make_label (paper->title, "numeric"), 0, (int) i, 1, 1);
        gtk_grid_attach (self->papers, make_label (printer, paper->printer != NULL ? "value" : "dim-label"), 1, (int) i, 1, 1);
        gtk_grid_attach (self->papers, make_button (self, _("Choose a printer…"), paper, G_CALLBACK (on_choose_cb)), 2, (int) i, 1, 1);
        gtk_grid_attach (self->papers, make_button (self, _("Test print"), paper, G_CALLBACK (on_test_cb)), 3, (int) i, 1, 1);
    }
}

/* What is kept ---------------------------------------------------------------------------------------------------------- */

/* What is no value yet is not kept: it says so at its field. */
static void
on_changed_cb (OcStationScreen *self)
{
    g_autoptr(OcFields) values = oc_form_read (self->form);

    if (!oc_form_check (self->form))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
        oc_settings_set (kept[i].key, oc_fields_get (values, kept[i].key));
    keep_reader (self, values);
    oc_style_set_text_size ((int) g_ascii_strtoll (oc_fields_get (values, "text-size"), NULL, 10));
}

static void
oc_station_screen_refresh (OcScreen *screen)
{
    g_autoptr(OcFields) values = oc_fields_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (kept); i++) {
        g_autofree char *value = oc_settings_get (kept[i].key);
        oc_fields_set (values, kept[i].key, value != NULL ? value : kept[i].standard);
    }
    read_reader (values);
    oc_form_fill (OC_STATION_SCREEN (screen)->form, values);
    show_papers (OC_STATION_SCREEN (screen));
}

static void
oc_station_screen_start (OcScreen *screen)
{
    oc_form_start (OC_STATION_SCREEN (screen)->form);
}

static void
oc_station_screen_class_init (OcStationScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    OC_SCREEN_CLASS (klass)->refresh = oc_station_screen_refresh;
    OC_SCREEN_CLASS (klass)->start = oc_station_screen_start;
    g_type_ensure (OC_TYPE_FORM);
    g_type_ensure (OC_TYPE_FORM_FIELD);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/screen-station.ui");
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, form);
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, text_size);
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, theme);
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, commands);
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, papers);
    gtk_widget_class_bind_template_child (widget_class, OcStationScreen, printed);
    gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
oc_station_screen_init (OcStationScreen *self)
{
    static const char *const sizes[] = { "100", "110", "125", "150", NULL };
    static const char *const titles[] = { "100 %", "110 %", "125 %", "150 %", NULL };
    static const char *const themes[] = { "light", "dark", NULL };
    const char *const theme_titles[] = { _("Light"), _("Dark"), NULL };
    static const char *const commands[] = { "", "acs", "omnikey", "plain", NULL };
    const char *const command_titles[] = { _("By its name"), "ACS", "OMNIKEY", _("None"), NULL };

    gtk_widget_init_template (GTK_WIDGET (self));
    oc_form_field_set_choices (self->commands, commands, command_titles, FALSE);
    oc_form_field_set_choices (self->text_size, sizes, titles, FALSE);
    oc_form_field_set_choices (self->theme, themes, theme_titles, FALSE);
}
