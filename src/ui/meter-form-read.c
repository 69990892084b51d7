/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was typed as a meter to open, and what is wrong with it at its field. */
#include "ui/meter-form-private.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"

static gboolean
is_meter_number (const char *text)
{
    return *text != '\0' && strspn (text, "0123456789") == strlen (text) && strlen (text) <= 12
        && strspn (text, "0") < strlen (text);
}

/* A ratio that is no number comes out as 0, which no meter has. */
static int
read_ratio (GtkEditable *editable)
{
    gint64 n = 0;

    if (!g_ascii_string_to_signed (gtk_editable_get_text (editable), 10, 1, 999999, &n, NULL))
        return 0;
    return (int) n;
}

/* "2026-11-24 00:00" as ISO 8601 with this station's zone; "" is now. */
static gboolean
read_switch (OcMeterForm *self)
{
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->switch_at)));
    g_autofree char *iso = g_strdup_printf ("%s%s", g_strdelimit (text, " ", 'T'), strlen (text) == 16 ? ":00" : "");
    g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (iso, zone);

    g_clear_pointer (&self->switch_iso, g_free);
    if (*text == '\0')
        return TRUE;
    if (time == NULL)
        return FALSE;
    self->switch_iso = g_date_time_format_iso8601 (time);
    return TRUE;
}

static gboolean
refuse (OcMeterForm *self, gboolean tell, OcFormHint *hint, GtkWidget *field, const char *text)
{
    if (tell) {
        oc_form_hint_set_error (hint, text);
        gtk_widget_grab_focus (field);
    }
    return FALSE;
}

static gboolean
refuse_code (OcMeterForm *self, gboolean tell, OcFormHint *hint, GtkWidget *field, const char *code)
{
    g_autoptr(GError) error = oc_error_new_code (code, NULL);

    return refuse (self, tell, hint, field, error->message);
}

gboolean
oc_meter_form_read (OcMeterForm *self, OcOpenMeter *out, gboolean tell)
{
    g_autoptr(GError) error = NULL;

    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    *out = (OcOpenMeter){
        .slot = oc_meter_form_get_slot (self),
        .model = oc_meter_form_chosen_name (self->model),
        .meter = gtk_editable_get_text (self->meter),
        .user_type = oc_meter_form_chosen_name (self->user_type),
        .price = oc_meter_form_chosen_name (self->price_1),
        .price_2 = oc_meter_form_chosen_name (self->price_2),
    };
    if (out->user_type == NULL)
        return refuse (self, tell, self->limits, GTK_WIDGET (self->user_type),
            _("There is no user type for this kind of meter yet."));
    if (out->model == NULL)
        return refuse (self, tell, self->meter_hint, GTK_WIDGET (self->model),
            self->card != NULL ? _("No meter model of this kind goes with this card. Use another card.")
                               : _("There is no meter model of this kind yet."));
    if (!is_meter_number (out->meter))
        return refuse_code (self, tell, self->meter_hint, GTK_WIDGET (self->meter), "OC044");
    if (gtk_widget_get_visible (self->ratios)) {
        out->ct = read_ratio (self->ct);
        out->vt = read_ratio (self->vt);
        if (out->ct == 0 || out->vt == 0)
            return refuse_code (self, tell, self->ratio_hint, GTK_WIDGET (out->ct == 0 ? self->ct : self->vt), "OC052");
    }
    if (out->price == NULL)
        return refuse (self, tell, self->price_hint, GTK_WIDGET (self->price_1),
            _("There is no price for this kind of meter yet."));
    if (!read_switch (self))
        return refuse (self, tell, self->switch_hint, GTK_WIDGET (self->switch_at),
            _("This is not a time. Type it like 2026-03-13 00:00, or leave it empty for now."));
    out->switch_at = self->switch_iso;
    if (!oc_meter_form_read_bought (self, &out->amount, &out->quantity, &error))
        return refuse (self, tell, self->bought_hint,
            self->by_quantity ? GTK_WIDGET (self->quantity) : GTK_WIDGET (self->amount), error->message);
    out->by_quantity = out->quantity.units > 0;
    return TRUE;
}

gboolean
oc_meter_form_show_error (OcMeterForm *self, const char *field, const char *text, gboolean go)
{
    const struct {
        const char *field;
        OcFormHint *hint;
        gpointer widget;
    } places[] = {
        { "user_type", self->limits, self->user_type },
        { "model", self->meter_hint, self->model },
        { "meter", self->meter_hint, self->meter },
        { "slot", self->meter_hint, self->meter },
        { "ct", self->ratio_hint, self->ct },
        { "vt", self->ratio_hint, self->vt },
        { "price", self->price_hint, self->price_1 },
        { "price_2", self->price_hint, self->price_2 },
        { "amount", self->bought_hint, self->amount },
        { "quantity", self->bought_hint, self->quantity },
        { "sub_meter", self->bought_hint, self->amount }, /* its price buys nothing */
    };

    g_return_val_if_fail (OC_IS_METER_FORM (self), FALSE);
    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        if (g_str_equal (places[i].field, field)) {
            oc_form_hint_set_error (places[i].hint, text);
            if (go)
                gtk_widget_grab_focus (places[i].widget);
            return TRUE;
        }
    }
    return FALSE;
}
