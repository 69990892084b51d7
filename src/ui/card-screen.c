/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of steps at the counter. The card decides what comes next: a new insertion is read, taking the card out
 * after a sale clears the screen, showing it again after an unproven one settles it. */
#include "ui/card-screen-private.h"

#include <glib/gi18n-lib.h>

#include "ui/enter-once.h"
#include "ui/present-error.h"

static void oc_card_screen_buildable_init (GtkBuildableIface *iface);
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (OcCardScreen, oc_card_screen, OC_TYPE_SCREEN,
    G_ADD_PRIVATE (OcCardScreen)
    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, oc_card_screen_buildable_init))

static GtkBuildableIface *parent_buildable;

OcCardScreenPrivate *
oc_card_screen_get_private (OcCardScreen *self)
{
    return oc_card_screen_get_instance_private (self);
}

/* What becomes insensitive must not hold the caret: the banner takes it, which also reads it out. */
void
oc_card_screen_set_stage (OcCardScreen *self, OcTillStage stage)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    if (stage != OC_TILL_INPUT && stage != OC_TILL_PAY && gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL
        && (stage >= OC_TILL_RUNNING || gtk_widget_get_focus_child (priv->till_pane) != NULL))
        gtk_widget_grab_focus (GTK_WIDGET (priv->banner));
    oc_till_set_stage (priv->till, stage);
}

/* The banner ----------------------------------------------------------------------------------------------------- */

void
oc_card_screen_show_banner (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);

    if (priv->reading == NULL)
        oc_presence_show_in_banner (oc_desk_get_presence (oc_screen_get_desk (OC_SCREEN (self))), priv->banner);
    else
        oc_reading_show_in_banner (priv->reading, priv->banner, klass->wanted, klass->blank_words != NULL ? _(klass->blank_words) : NULL);
}

static void
take_reading (OcCardScreen *self, OcReading *reading)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    g_clear_pointer (&priv->reading, oc_reading_unref);
    priv->reading = reading;
    oc_card_screen_show_banner (self);
    oc_card_screen_set_stage (self, oc_card_screen_is_fitting (self) ? OC_TILL_INPUT : OC_TILL_CLOSED);
    OC_CARD_SCREEN_GET_CLASS (self)->show_reading (self, priv->reading);
    oc_screen_update_actions (OC_SCREEN (self));
}

/* Forgets what is done: for the next customer, or to begin again. */
static void
clear (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    g_clear_pointer (&priv->outcome, oc_outcome_free);
    gtk_widget_set_visible (priv->done_bar, FALSE);
    priv->enter_waits = FALSE;
    if (priv->own_done)
        OC_CARD_SCREEN_GET_CLASS (self)->clear (self);
    oc_till_clear (priv->till);
    oc_screen_show_message (OC_SCREEN (self), NULL, NULL);
}

/* Reading -------------------------------------------------------------------------------------------------------- */

/* What a card says after an act that was not proven: its own unfinished write is settled; any other card means that it
 * still waits on the list, and what was typed is not to be sold once more. */
static void
go_on_from_reading (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);
    gboolean unfinished = g_str_equal (oc_reading_state (priv->reading), "in-doubt");

    if (unfinished && priv->settled != priv->generation
        && oc_card_banner_get_state (priv->banner) != OC_BANNER_SERVED) {
        oc_card_screen_start_settling (self);
        return;
    }
    if (priv->in_doubt && !unfinished) {
        priv->in_doubt = FALSE;
        if (klass->wanted != OC_CARD_BLANK)
            klass->clear (self);
        oc_screen_show_message (OC_SCREEN (self), "warning",
            _("The write before this one is not proven. If its card has not been settled yet, it is listed under "
              "Unfinished writes (F8)."));
    }
    if (oc_card_screen_can_work (self))
        klass->focus_input (self);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(OcBusy) busy = data;
    OcCardScreen *self = oc_busy_get_screen (busy);
    g_autoptr(GError) error = NULL;
    OcReading *reading = oc_read_card_finish (OC_DESK (source), result, &error);
    OcCardScreenPrivate *priv;

    if (self == NULL) {
        g_clear_pointer (&reading, oc_reading_unref);
        return;
    }
    priv = oc_card_screen_get_private (self);
    priv->reading_now = FALSE;
    if (priv->generation != oc_desk_get_card_generation (OC_DESK (source))
        || oc_desk_get_presence (OC_DESK (source)) != OC_DESK_CARD) {
        /* the card went, or another came, meanwhile */
        g_clear_pointer (&reading, oc_reading_unref);
        g_clear_pointer (&busy, oc_busy_free);
        OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
        return;
    }
    take_reading (self, reading);
    if (reading == NULL) {
        oc_reading_show_failure_in_banner (error, priv->banner);
        priv->unread = oc_trouble_of (error) == OC_TROUBLE_DATABASE;
        priv->away = priv->away || priv->unread;
        if (priv->unread)
            oc_present_load_error (OC_SCREEN (self), error);
        return;
    }
    go_on_from_reading (self);
}

static void
start_reading (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcDesk *desk = oc_screen_get_desk (OC_SCREEN (self));
    OcReadAsk ask = { .whole = OC_CARD_SCREEN_GET_CLASS (self)->whole };
    OcBusy *busy;

    priv->generation = oc_desk_get_card_generation (desk);
    priv->reading_now = TRUE;
    priv->unread = FALSE;
    oc_card_banner_set (priv->banner, OC_BANNER_READING, NULL, NULL, NULL);
    busy = oc_screen_busy (OC_SCREEN (self), priv->act_failed ? NULL : _("Reading the card"));
    priv->act_failed = FALSE;
    oc_read_card_async (desk, &ask, oc_busy_get_cancellable (busy), on_read_cb, busy);
}

static void
oc_card_screen_card_changed (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcDesk *desk = oc_screen_get_desk (screen);
    OcTillStage stage = oc_till_get_stage (priv->till);
    gboolean there = oc_desk_get_presence (desk) == OC_DESK_CARD;

    if (stage == OC_TILL_RUNNING || priv->reading_now)
        return; /* looked at again when that ends */
    if (there && priv->generation == oc_desk_get_card_generation (desk))
        return;
    if (stage == OC_TILL_DONE)
        clear (self);
    if (stage == OC_TILL_DOUBT && !there)
        return; /* the words stay until the card comes again */
    if (there) {
        start_reading (self);
    } else {
        priv->generation = 0;
        take_reading (self, NULL);
    }
}

static void
read_again (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    priv->generation = 0;
    priv->settled = 0;
    OC_SCREEN_GET_CLASS (self)->card_changed (OC_SCREEN (self));
}

/* F5, and whenever what was read may be wrong. */
static void
oc_card_screen_again (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    if (oc_screen_is_busy (screen) || oc_till_get_stage (priv->till) == OC_TILL_RUNNING)
        return;
    if (oc_till_get_stage (priv->till) == OC_TILL_DONE)
        clear (self);
    read_again (self);
}

/* The database is back: what waited for it goes on by itself. The card is read that could not be, or whose write is not
 * proven; what is typed and not quoted is quoted. */
static void
come_back (OcCardScreen *self)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);
    OcCardScreenClass *klass = OC_CARD_SCREEN_GET_CLASS (self);

    if (!priv->reading_now && (priv->unread || oc_till_get_stage (priv->till) == OC_TILL_DOUBT))
        read_again (self);
    else if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT && klass->is_typed (self) && !klass->check (self, FALSE))
        klass->quote (self);
}

static void
oc_card_screen_refresh (OcScreen *screen)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (OC_CARD_SCREEN (screen));
    gboolean back = priv->away && oc_desk_is_online (oc_screen_get_desk (screen));

    priv->away = !oc_desk_is_online (oc_screen_get_desk (screen));
    if (back)
        come_back (OC_CARD_SCREEN (screen));
}

/* OcScreen -------------------------------------------------------------------------------------------------------- */

static gboolean
oc_card_screen_back (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    switch (oc_till_get_stage (priv->till)) {
    case OC_TILL_PAY:
        oc_card_screen_set_stage (self, OC_TILL_INPUT);
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
        return TRUE;
    case OC_TILL_RUNNING:
        return TRUE;
    case OC_TILL_DONE:
        oc_screen_again (screen);
        return TRUE;
    case OC_TILL_INPUT:
        /* an amount is soon typed again; a customer's whole form is not */
        if (OC_CARD_SCREEN_GET_CLASS (self)->wanted == OC_CARD_BLANK || !OC_CARD_SCREEN_GET_CLASS (self)->is_typed (self))
            return FALSE;
        OC_CARD_SCREEN_GET_CLASS (self)->clear (self);
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
        return TRUE;
    case OC_TILL_CLOSED:
    case OC_TILL_DOUBT:
        return FALSE;
    default:
        g_assert_not_reached ();
    }
}

static void
oc_card_screen_start (OcScreen *screen)
{
    OcCardScreen *self = OC_CARD_SCREEN (screen);

    if (oc_card_screen_can_work (self))
        OC_CARD_SCREEN_GET_CLASS (self)->focus_input (self);
    else
        OC_SCREEN_CLASS (oc_card_screen_parent_class)->start (screen);
}

static void
print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_card_screen_print (OC_CARD_SCREEN (widget));
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
    oc_screen_again (OC_SCREEN (widget));
}

static void
oc_card_screen_update_actions (OcScreen *screen)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (OC_CARD_SCREEN (screen));
    GtkWidget *widget = GTK_WIDGET (screen);

    gtk_widget_action_set_enabled (widget, "card.print", priv->outcome != NULL);
    gtk_widget_action_set_enabled (widget, "card.again", !oc_screen_is_busy (screen));
}

/* What another screen did to the card meanwhile is read when this one is shown again, unless something is typed. */
static void
oc_card_screen_unmap (GtkWidget *widget)
{
    OcCardScreen *self = OC_CARD_SCREEN (widget);
    OcCardScreenPrivate *priv = oc_card_screen_get_private (self);

    if (oc_till_get_stage (priv->till) <= OC_TILL_INPUT && !OC_CARD_SCREEN_GET_CLASS (self)->is_typed (self))
        priv->generation = 0;
    GTK_WIDGET_CLASS (oc_card_screen_parent_class)->unmap (widget);
}

/* Where nothing is typed ------------------------------------------------------------------------------------------- */

static gboolean
oc_card_screen_check (OcCardScreen *self, gboolean tell)
{
    return FALSE;
}

static gboolean
oc_card_screen_show_field_error (OcCardScreen *self, const char *field, const GError *error)
{
    return FALSE;
}

static gboolean
oc_card_screen_is_typed (OcCardScreen *self)
{
    return FALSE;
}

static void
oc_card_screen_nothing (OcCardScreen *self)
{
}

/* GObject --------------------------------------------------------------------------------------------------------- */

static void
oc_card_screen_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (OC_CARD_SCREEN (buildable));

    if (g_strcmp0 (type, "body") == 0)
        gtk_box_append (GTK_BOX (priv->body), GTK_WIDGET (child));
    else if (g_strcmp0 (type, "input") == 0)
        GTK_BUILDABLE_GET_IFACE (priv->till)->add_child (GTK_BUILDABLE (priv->till), builder, child, type);
    else
        parent_buildable->add_child (buildable, builder, child, type);
}

static void
oc_card_screen_buildable_init (GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent (iface);
    iface->add_child = oc_card_screen_add_child;
}

static void
oc_card_screen_constructed (GObject *object)
{
    OcCardScreen *self = OC_CARD_SCREEN (object);

    G_OBJECT_CLASS (oc_card_screen_parent_class)->constructed (object);
    gtk_widget_set_visible (oc_card_screen_get_private (self)->till_pane, OC_CARD_SCREEN_GET_CLASS (self)->till);
    oc_till_set_free (oc_card_screen_get_private (self)->till, OC_CARD_SCREEN_GET_CLASS (self)->free);
}

/* No gtk_widget_dispose_template () here: GTK 4.8 looks for the children of a base's template in that of the subclass
 * and asserts. OcScreen lets the content go. */
static void
oc_card_screen_dispose (GObject *object)
{
    OcCardScreenPrivate *priv = oc_card_screen_get_private (OC_CARD_SCREEN (object));

    g_clear_pointer (&priv->reading, oc_reading_unref);
    g_clear_pointer (&priv->outcome, oc_outcome_free);
    g_clear_pointer (&priv->request, g_free);
    G_OBJECT_CLASS (oc_card_screen_parent_class)->dispose (object);
}

static void
oc_card_screen_class_init (OcCardScreenClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    OcScreenClass *screen_class = OC_SCREEN_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_card_screen_constructed;
    G_OBJECT_CLASS (klass)->dispose = oc_card_screen_dispose;
    widget_class->unmap = oc_card_screen_unmap;
    screen_class->refresh = oc_card_screen_refresh;
    screen_class->card_changed = oc_card_screen_card_changed;
    screen_class->again = oc_card_screen_again;
    screen_class->back = oc_card_screen_back;
    screen_class->start = oc_card_screen_start;
    screen_class->update_actions = oc_card_screen_update_actions;
    klass->till = TRUE;
    klass->check = oc_card_screen_check;
    klass->show_field_error = oc_card_screen_show_field_error;
    klass->is_typed = oc_card_screen_is_typed;
    klass->clear = oc_card_screen_nothing;
    klass->quote = oc_card_screen_nothing;

    g_type_ensure (OC_TYPE_CARD_BANNER);
    g_type_ensure (OC_TYPE_TILL);
    gtk_widget_class_set_template_from_resource (widget_class, "/onecard/ui/card-screen.ui");
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, banner);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, body);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, till_pane);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, done_bar);
    gtk_widget_class_bind_template_child_private (widget_class, OcCardScreen, till);
    gtk_widget_class_bind_template_callback (widget_class, oc_card_screen_proceed);
    gtk_widget_class_install_action (widget_class, "card.print", NULL, print_action);
    gtk_widget_class_install_action (widget_class, "card.again", NULL, again_action);
}

static void
oc_card_screen_init (OcCardScreen *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    oc_enter_once (GTK_WIDGET (self));
}

/* Public ---------------------------------------------------------------------------------------------------------- */

OcCardBanner *
oc_card_screen_get_banner (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return oc_card_screen_get_private (self)->banner;
}

OcTill *
oc_card_screen_get_till (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return oc_card_screen_get_private (self)->till;
}

OcReading *
oc_card_screen_get_reading (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return oc_card_screen_get_private (self)->reading;
}

const char *
oc_card_screen_get_request (OcCardScreen *self)
{
    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), NULL);
    return oc_card_screen_get_private (self)->request;
}

gboolean
oc_card_screen_is_fitting (OcCardScreen *self)
{
    OcReading *reading;

    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), FALSE);
    reading = oc_card_screen_get_private (self)->reading;
    return reading != NULL && oc_reading_fits (reading, OC_CARD_SCREEN_GET_CLASS (self)->wanted);
}

gboolean
oc_card_screen_can_work (OcCardScreen *self)
{
    OcTillStage stage;

    g_return_val_if_fail (OC_IS_CARD_SCREEN (self), FALSE);
    stage = oc_till_get_stage (oc_card_screen_get_private (self)->till);
    return stage == OC_TILL_INPUT || stage == OC_TILL_PAY;
}
