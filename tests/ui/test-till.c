/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card shape: card, amount, Enter, Enter is a sale; nothing is sold twice; what fails keeps what was typed. */
#include <gtk/gtk.h>

#include "till-desk.h"
#include "ui/card-screen.h"
#include "ui/form-hint.h"
#include "ui/give-way.h"
#include "ui/meter-form.h"
#include "ui/money-entry.h"
#include "ui/quantity-entry.h"
#include "ui/screens.h"
#include "ui/style.h"

typedef struct {
    OcDesk *desk;
    GtkWidget *window;
    OcCardScreen *screen;
} Fixture;

static void
set_up (Fixture *f, GType type, gboolean tiered)
{
    f->desk = till_desk_new ();
    till_world.tiered = tiered;
    f->screen = g_object_new (type, "desk", f->desk, NULL);
    f->window = gtk_window_new ();
    gtk_window_set_default_size (GTK_WINDOW (f->window), 1072, 726);
    gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->screen));
    gtk_window_present (GTK_WINDOW (f->window));
}

static void
set_up_purchase (Fixture *f, gconstpointer data)
{
    set_up (f, oc_purchase_screen_get_type (), FALSE);
}

static void
set_up_open (Fixture *f, gconstpointer data)
{
    set_up (f, oc_open_account_screen_get_type (), FALSE);
}

static void
set_up_open_tiered (Fixture *f, gconstpointer data)
{
    set_up (f, oc_open_account_screen_get_type (), TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    gtk_window_destroy (GTK_WINDOW (f->window));
    while (g_main_context_iteration (NULL, FALSE))
        ;
    g_assert_finalize_object (f->desk);
}

static gboolean
on_time_cb (gpointer data)
{
    *(gboolean *) data = TRUE;
    return G_SOURCE_REMOVE;
}

/* On a busy machine the time may be over before anything else had its turn. */
static void
run_for (guint ms)
{
    gboolean over = FALSE;

    g_timeout_add (ms, on_time_cb, &over);
    while (!over)
        g_main_context_iteration (NULL, TRUE);
    for (guint turns = 0; turns < 50 && g_main_context_iteration (NULL, FALSE); turns++)
        ;
}

/* The widget of @type with this accessible or visible order; tests know what stands in a screen once. */
static GtkWidget *
find (GtkWidget *root, GType type)
{
    if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child)) {
        GtkWidget *found = find (child, type);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static GtkWidget *
widget_named (GtkWidget *root, const char *css)
{
    for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child)) {
        GtkWidget *found = gtk_widget_has_css_class (child, css) ? child : widget_named (child, css);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static GtkEntry *
entry_named (GtkWidget *root, const char *css)
{
    return GTK_ENTRY (widget_named (root, css));
}

static GtkEntry *
amount_of (Fixture *f)
{
    return entry_named (GTK_WIDGET (f->screen), "till-amount");
}

static GtkEntry *
received_of (Fixture *f)
{
    return entry_named (GTK_WIDGET (f->screen), "till-received");
}

static void
type (GtkEntry *entry, const char *text)
{
    gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
enter (GtkEntry *entry)
{
    g_signal_emit_by_name (entry, "activate");
}

static const char *
text_of (GtkEntry *entry)
{
    return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static void
wait_for_due (Fixture *f)
{
    gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
    GtkLabel *due = GTK_LABEL (widget_named (GTK_WIDGET (f->screen), "till-due"));

    while (g_str_equal (gtk_label_get_label (due), "–")) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        run_for (20);
    }
}

static OcTillStage
stage_of (Fixture *f)
{
    return oc_till_get_stage (oc_card_screen_get_till (f->screen));
}

static OcBannerState
banner_of (Fixture *f)
{
    return oc_card_banner_get_state (oc_card_screen_get_banner (f->screen));
}

static void
put_card (Fixture *f)
{
    run_for (50);
    till_desk_put (f->desk, "current", 1);
    run_for (100);
}

/* Purchase ------------------------------------------------------------------------------------------------------------ */

static void
test_sale (Fixture *f, gconstpointer data)
{
    put_card (f);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_READY);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    type (amount_of (f), "100");
    wait_for_due (f);
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    g_assert_cmpstr (text_of (received_of (f)), ==, "100.00");
    g_assert_cmpuint (till_world.n_acts, ==, 0);
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
    g_assert_cmpint (till_world.sold.units, ==, 100 * OC_MONEY_UNITS);
    g_assert_cmpint (till_world.sub_meter, ==, 11);
    g_assert_cmpstr (till_world.pay, ==, "cash");
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_DONE);

    /* taking the card out clears the screen for the next customer */
    till_desk_take (f->desk);
    run_for (50);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "");
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_CLOSED);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_EMPTY);
}

/* Enter before the quote is there waits for it, and never goes further than the till. */
static void
test_fast_enter (Fixture *f, gconstpointer data)
{
    put_card (f);
    till_world.quote_ms = 150;
    type (amount_of (f), "50");
    enter (amount_of (f));
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    run_for (400);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    g_assert_cmpuint (till_world.n_acts, ==, 0);

    /* typing again takes the till back */
    type (amount_of (f), "60");
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    run_for (400);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    g_assert_cmpuint (till_world.n_acts, ==, 0);
}

static void
test_amount_and_quantity (Fixture *f, gconstpointer data)
{
    GtkEntry *quantity;

    put_card (f);
    quantity = GTK_ENTRY (find (GTK_WIDGET (f->screen), OC_TYPE_QUANTITY_ENTRY));
    type (amount_of (f), "12.5");
    wait_for_due (f);
    g_assert_cmpstr (text_of (quantity), ==, "25");
    type (quantity, "30");
    g_assert_cmpstr (text_of (amount_of (f)), ==, "");
    wait_for_due (f);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "15.00");
    enter (quantity);
    enter (received_of (f));
    run_for (50);
    g_assert_true (till_world.by_quantity);
    g_assert_cmpint (till_world.sold.units, ==, 30 * 10000);
}

/* Several keys within a moment are one quote. */
static void
test_debounce (Fixture *f, gconstpointer data)
{
    put_card (f);
    type (amount_of (f), "1");
    type (amount_of (f), "10");
    type (amount_of (f), "100");
    run_for (300);
    g_assert_cmpuint (till_world.n_quotes, ==, 1);
}

static void
test_bad_amounts (Fixture *f, gconstpointer data)
{
    static const char *const bad[] = { "0", "-1", "1e9", "0.001", "abc", "501" };

    put_card (f);
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        type (amount_of (f), bad[i]);
        enter (amount_of (f));
        run_for (250);
        g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
        g_assert_cmpstr (text_of (amount_of (f)), ==, bad[i]);
    }
    g_assert_cmpuint (till_world.n_acts, ==, 0);
    type (amount_of (f), "１００");
    wait_for_due (f);
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
}

static void
test_received (Fixture *f, gconstpointer data)
{
    put_card (f);
    type (amount_of (f), "100");
    wait_for_due (f);
    enter (amount_of (f));
    type (received_of (f), "99");
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (till_world.n_acts, ==, 0);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    type (received_of (f), "150");
    enter (received_of (f));
    run_for (50);
    g_assert_cmpint (till_world.tendered.units, ==, 150 * OC_MONEY_UNITS);
}

/* Means of payment ----------------------------------------------------------------------------------------------------- */

static GtkWidget *
part_of (Fixture *f, const char *css)
{
    return widget_named (GTK_WIDGET (f->screen), css);
}

static void
choose_pay (Fixture *f, guint number)
{
    GtkWidget *button = gtk_widget_get_first_child (part_of (f, "segmented"));

    while (number-- > 0)
        button = gtk_widget_get_next_sibling (button);
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static void
split (Fixture *f, gboolean two)
{
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (part_of (f, "split")), two);
}

static const char *
label_of (Fixture *f, const char *css)
{
    return gtk_label_get_label (GTK_LABEL (part_of (f, css)));
}

static void
go_to_pay (Fixture *f, const char *amount)
{
    type (amount_of (f), amount);
    wait_for_due (f);
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
}

static gboolean
has_focus (Fixture *f, const char *css)
{
    GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (f->window));

    return focus != NULL && (focus == part_of (f, css) || gtk_widget_is_ancestor (focus, part_of (f, css)));
}

/* The second means takes a part and the first the rest; cash may be more than its share, and only that is given back. */
static void
test_mixed (Fixture *f, gconstpointer data)
{
    GtkEntry *second, *reference;

    put_card (f);
    second = entry_named (GTK_WIDGET (f->screen), "pay-second");
    reference = entry_named (GTK_WIDGET (f->screen), "pay-reference");
    go_to_pay (f, "100");
    g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (second)));
    g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (reference)));
    split (f, TRUE);
    run_for (50);
    g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (second)) && gtk_widget_get_mapped (GTK_WIDGET (reference)));
    g_assert_true (has_focus (f, "pay-second"));
    enter (received_of (f)); /* how much the second one takes is not said yet */
    g_assert_true (has_focus (f, "pay-second"));
    type (second, "140");
    enter (received_of (f));
    g_assert_true (has_focus (f, "pay-second"));
    g_assert_cmpuint (till_world.n_acts, ==, 0);

    type (second, "40");
    g_assert_cmpstr (text_of (received_of (f)), ==, "60.00");
    enter (second);
    g_assert_true (has_focus (f, "till-received"));
    type (received_of (f), "59.99");
    enter (received_of (f));
    g_assert_cmpuint (till_world.n_acts, ==, 0);
    type (received_of (f), "70");
    g_assert_cmpstr (label_of (f, "till-change"), ==, "10.00");
    type (reference, "4200001");
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
    g_assert_cmpstr (till_world.pay, ==, "wechat=40.00,cash");
    g_assert_cmpstr (till_world.reference, ==, "4200001");
    g_assert_cmpint (till_world.tendered.units, ==, 110 * OC_MONEY_UNITS);

    /* the next customer pays in cash */
    till_desk_take (f->desk);
    till_desk_put (f->desk, "current", 2);
    run_for (50);
    go_to_pay (f, "50");
    g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (second)));
    g_assert_true (has_focus (f, "till-received"));
    enter (received_of (f));
    run_for (50);
    g_assert_cmpstr (till_world.pay, ==, "cash");
    g_assert_cmpstr (till_world.reference, ==, "");
}

/* Without cash nothing is received by hand; the same means is never both. */
static void
test_mixed_without_cash (Fixture *f, gconstpointer data)
{
    GtkEntry *second;

    put_card (f);
    second = entry_named (GTK_WIDGET (f->screen), "pay-second");
    go_to_pay (f, "100");
    split (f, TRUE);
    choose_pay (f, 3);
    g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (received_of (f))));
    choose_pay (f, 2); /* what was the second one: that is cash now */
    type (second, "30.5");
    g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (received_of (f))));
    g_assert_cmpstr (text_of (received_of (f)), ==, "30.50");
    choose_pay (f, 0);
    g_assert_cmpstr (text_of (received_of (f)), ==, "69.50");
    choose_pay (f, 3);
    g_assert_cmpstr (text_of (received_of (f)), ==, "100.00");
    enter (second);
    run_for (50);
    g_assert_cmpstr (till_world.pay, ==, "wechat=30.50,alipay");
    g_assert_cmpint (till_world.tendered.units, ==, 100 * OC_MONEY_UNITS);
}

static gboolean
is_in_sight (GtkWidget *widget, GtkWidget *frame)
{
    graphene_rect_t bounds;

    return gtk_widget_get_mapped (widget) && gtk_widget_compute_bounds (widget, frame, &bounds) && bounds.origin.y >= 0
        && bounds.origin.y + bounds.size.height <= gtk_widget_get_height (frame);
}

/* The room that a monitor of 1280 by 800 leaves, with text half as large again, an error of two lines, and all that can be typed about
 * a payment: what is sold gives way, no control of the till does. */
static void
test_low_window (Fixture *f, gconstpointer percent)
{
    static const char *const parts[] = { "till-received", "segmented", "split", "pay-second", "pay-reference" };
    GtkWidget *scroller, *proceed;

    oc_style_set_text_size (GPOINTER_TO_INT (percent));
    gtk_window_set_default_size (GTK_WINDOW (f->window), 1224, 709);
    put_card (f);
    scroller = gtk_widget_get_ancestor (part_of (f, "till-due"), OC_TYPE_GIVE_WAY);
    proceed = part_of (f, "till-proceed");
    go_to_pay (f, "100");
    split (f, TRUE);
    type (entry_named (GTK_WIDGET (f->screen), "pay-second"), "40");
    type (received_of (f), "9");
    enter (received_of (f));
    run_for (300);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    g_assert_true (is_in_sight (proceed, f->window));
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        g_assert_true (is_in_sight (part_of (f, parts[i]), scroller));

    /* lower still: the button, and where the caret is */
    gtk_window_set_default_size (GTK_WINDOW (f->window), 1224, 520);
    run_for (300);
    g_assert_true (is_in_sight (proceed, f->window));
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
        if (g_str_equal (parts[i], "segmented"))
            continue; /* a row: its buttons take the caret */
        gtk_widget_grab_focus (part_of (f, parts[i]));
        run_for (500);
        g_assert_true (is_in_sight (part_of (f, parts[i]), scroller));
    }
    oc_style_set_text_size (100);
}

/* Begun and not proven: nothing can be sold, and showing the card again settles it. */
static void
test_unproven (Fixture *f, gconstpointer data)
{
    put_card (f);
    till_world.act = TILL_ACT_UNPROVEN;
    type (amount_of (f), "100");
    wait_for_due (f);
    enter (amount_of (f));
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_IN_DOUBT);
    enter (received_of (f));
    enter (amount_of (f));
    run_for (50);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
    till_desk_take (f->desk);
    run_for (50);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_IN_DOUBT);
    till_desk_put (f->desk, "in-doubt", 1);
    run_for (100);
    g_assert_cmpuint (till_world.n_settles, ==, 1);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_DONE);
    till_desk_take (f->desk);
    run_for (50);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "");
}

static void
test_failures_keep (Fixture *f, gconstpointer data)
{
    static const TillAct acts[] = { TILL_ACT_REFUSED, TILL_ACT_DUE_CHANGED, TILL_ACT_NO_DATABASE };

    put_card (f);
    for (guint i = 0; i < G_N_ELEMENTS (acts); i++) {
        till_world.act = acts[i];
        type (amount_of (f), "");
        type (amount_of (f), "70");
        wait_for_due (f);
        enter (amount_of (f));
        enter (received_of (f));
        run_for (300);
        g_assert_cmpuint (till_world.n_acts, ==, i + 1);
        g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
        g_assert_cmpstr (text_of (amount_of (f)), ==, "70");
        g_assert_cmpuint (banner_of (f), ==, OC_BANNER_READY);
    }
}

/* What waited for the database goes on when it is back: the card is read, what is typed is there and quoted, a write that is
 * not proven is settled. */
static void
test_database_back (Fixture *f, gconstpointer data)
{
    put_card (f);
    till_desk_set_away (f->desk, TRUE);
    type (amount_of (f), "100");
    while (till_world.n_quotes == 0)
        run_for (20);
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT); /* not quoted */
    till_desk_set_away (f->desk, FALSE);
    wait_for_due (f);
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);

    till_desk_take (f->desk);
    run_for (50);
    till_desk_set_away (f->desk, TRUE);
    till_desk_put (f->desk, "current", 1);
    run_for (50);
    g_assert_cmpuint (till_world.n_reads, ==, 2);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_CLOSED);
    till_desk_set_away (f->desk, FALSE);
    run_for (50);
    g_assert_cmpuint (till_world.n_reads, ==, 3);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_READY);
    wait_for_due (f);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "100");

    till_world.act = TILL_ACT_UNPROVEN;
    enter (amount_of (f));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_IN_DOUBT);
    till_desk_set_away (f->desk, TRUE);
    till_world.state = "in-doubt";
    till_desk_set_away (f->desk, FALSE);
    run_for (100);
    g_assert_cmpuint (till_world.n_settles, ==, 1);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_DONE);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
}

/* Another customer's card never meets what was typed for the one before; the same card again does. */
static void
test_other_card (Fixture *f, gconstpointer data)
{
    put_card (f);
    type (amount_of (f), "100");
    wait_for_due (f);
    till_desk_take (f->desk);
    run_for (50);
    till_desk_put (f->desk, "current", 1);
    run_for (50);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "100");
    till_desk_take (f->desk);
    run_for (50);
    till_desk_put (f->desk, "current", 2);
    run_for (50);
    g_assert_cmpstr (text_of (amount_of (f)), ==, "");
}

static void
test_refused_cards (Fixture *f, gconstpointer data)
{
    static const struct {
        const char *state;
        gint64 customer;
        OcBannerState banner;
    } cards[] = {
        { "blank", 0, OC_BANNER_BLANK },
        { "foreign", 0, OC_BANNER_FOREIGN },
        { "other-area", 0, OC_BANNER_FOREIGN },
        { "dead", 3, OC_BANNER_BARRED },
    };

    run_for (50);
    for (guint i = 0; i < G_N_ELEMENTS (cards); i++) {
        till_desk_put (f->desk, cards[i].state, cards[i].customer);
        run_for (50);
        g_assert_cmpuint (banner_of (f), ==, cards[i].banner);
        g_assert_cmpuint (stage_of (f), ==, OC_TILL_CLOSED);
        till_desk_take (f->desk);
    }
    till_world.unread = TRUE;
    till_world.reason = "still on the card";
    till_desk_put (f->desk, "current", 1);
    run_for (50);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_UNREAD);
    gtk_widget_activate_action (GTK_WIDGET (f->screen), "sale.sub-meter", "i", 1);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_CLOSED);
    gtk_widget_activate_action (GTK_WIDGET (f->screen), "sale.sub-meter", "i", 2);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
}

/* Open account -------------------------------------------------------------------------------------------------------- */

static void
fill_open_form (Fixture *f)
{
    GtkWidget *form;
    GtkEntry *const entries[] = { entry_named (GTK_WIDGET (f->screen), "field-name"),
        entry_named (GTK_WIDGET (f->screen), "field-address") };

    type (entries[0], "吴敏");
    type (entries[1], "没有地方");
    gtk_widget_activate_action (GTK_WIDGET (f->screen), "open-account.add-meter", "i", 1);
    gtk_widget_activate_action (GTK_WIDGET (f->screen), "open-account.add-meter", "i", 1); /* as a double click does */
    form = find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM);
    type (entry_named (form, "field-meter"), "7");
    type (GTK_ENTRY (find (form, OC_TYPE_MONEY_ENTRY)), "100");
}

static void
test_open (Fixture *f, gconstpointer data)
{
    GtkWidget *form;

    run_for (100);
    till_desk_put (f->desk, "blank", 0);
    run_for (50);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_BLANK);
    fill_open_form (f);
    run_for (300);
    form = find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM);
    enter (GTK_ENTRY (find (form, OC_TYPE_MONEY_ENTRY)));
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    g_assert_cmpstr (text_of (received_of (f)), ==, "210.00");
    enter (received_of (f));
    run_for (50);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
    g_assert_cmpuint (till_world.n_meters_opened, ==, 1);
    g_assert_cmpstr (till_world.opened_name, ==, "吴敏");
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_DONE);
    till_desk_take (f->desk);
    run_for (50);
    g_assert_cmpstr (text_of (entry_named (GTK_WIDGET (f->screen), "field-name")), ==, "");
    g_assert_null (find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM));
}

/* The form does not depend on the card: it may be filled before, and survives a wrong one. */
static void
test_open_card_later (Fixture *f, gconstpointer data)
{
    run_for (100);
    fill_open_form (f);
    till_desk_put (f->desk, "current", 5);
    run_for (300);
    g_assert_cmpuint (banner_of (f), ==, OC_BANNER_BARRED);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_CLOSED);
    till_desk_take (f->desk);
    run_for (50);
    till_desk_put (f->desk, "blank", 0);
    run_for (50);
    g_assert_cmpstr (text_of (entry_named (GTK_WIDGET (f->screen), "field-name")), ==, "吴敏");
    oc_card_screen_proceed (f->screen);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
}

static void
test_open_incomplete (Fixture *f, gconstpointer data)
{
    run_for (100);
    till_desk_put (f->desk, "blank", 0);
    run_for (50);
    oc_card_screen_proceed (f->screen);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    fill_open_form (f);
    run_for (300);
    type (entry_named (find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM), "field-meter"), "0000");
    oc_card_screen_proceed (f->screen);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    g_assert_cmpuint (till_world.n_acts, ==, 0);
}

static void
add_meter (Fixture *f, int slot, const char *meter, const char *amount)
{
    GtkWidget *form;

    gtk_widget_activate_action (GTK_WIDGET (f->screen), "open-account.add-meter", "i", slot);
    form = find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM);
    while (oc_meter_form_get_slot (OC_METER_FORM (form)) != slot)
        form = gtk_widget_get_next_sibling (form);
    type (entry_named (form, "field-meter"), meter);
    type (GTK_ENTRY (find (form, OC_TYPE_MONEY_ENTRY)), amount);
}

static gboolean
has_error (GtkWidget *widget)
{
    if (OC_IS_FORM_HINT (widget))
        return oc_form_hint_has_error (OC_FORM_HINT (widget));
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        if (has_error (child))
            return TRUE;
    return FALSE;
}

/* The lower slot's purchase counts into the tiers of the higher one, whichever was typed first; and what is wrong with one
 * of them is said there, in sight. */
static void
test_open_several (Fixture *f, gconstpointer data)
{
    GtkWidget *fourth, *first, *focus;
    graphene_rect_t bounds;

    run_for (100);
    till_desk_put (f->desk, "blank", 0);
    run_for (50);
    type (entry_named (GTK_WIDGET (f->screen), "field-name"), "吴敏");
    type (entry_named (GTK_WIDGET (f->screen), "field-address"), "没有地方");
    add_meter (f, 4, "4", "50");
    add_meter (f, 1, "7", "100");
    run_for (600);
    fourth = find (GTK_WIDGET (f->screen), OC_TYPE_METER_FORM);
    first = gtk_widget_get_next_sibling (fourth);
    g_assert_cmpint (oc_meter_form_get_slot (OC_METER_FORM (fourth)), ==, 4);
    g_assert_cmpint (till_world.already.units, ==, 400 * 10000); /* 200 of presale and 200 for 100 */

    till_world.act = TILL_ACT_METER_REFUSED;
    oc_card_screen_proceed (f->screen);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_PAY);
    enter (received_of (f));
    run_for (300);
    g_assert_cmpuint (till_world.n_acts, ==, 1);
    g_assert_cmpuint (stage_of (f), ==, OC_TILL_INPUT);
    g_assert_true (has_error (fourth));
    g_assert_false (has_error (first));
    focus = gtk_window_get_focus (GTK_WINDOW (f->window));
    g_assert_true (gtk_widget_is_ancestor (focus, fourth));
    g_assert_true (gtk_widget_compute_bounds (focus, f->window, &bounds));
    g_assert_cmpfloat (bounds.origin.y, >=, 0);
    g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (f->window));
}

int
main (int argc, char **argv)
{
    oc_style_prepare (); /* drawn as the program draws */
    gtk_test_init (&argc, &argv, NULL);
    oc_style_load ();
    g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL); /* warns when a window loses its focus */
#define ADD_TEST(path, set, test) g_test_add (path, Fixture, NULL, set, test, tear_down)
    ADD_TEST ("/till/sale", set_up_purchase, test_sale);
    ADD_TEST ("/till/fast-enter", set_up_purchase, test_fast_enter);
    ADD_TEST ("/till/amount-and-quantity", set_up_purchase, test_amount_and_quantity);
    ADD_TEST ("/till/debounce", set_up_purchase, test_debounce);
    ADD_TEST ("/till/bad-amounts", set_up_purchase, test_bad_amounts);
    ADD_TEST ("/till/received", set_up_purchase, test_received);
    ADD_TEST ("/till/mixed", set_up_purchase, test_mixed);
    ADD_TEST ("/till/mixed/without-cash", set_up_purchase, test_mixed_without_cash);
    g_test_add ("/till/low-window/100", Fixture, GINT_TO_POINTER (100), set_up_purchase, test_low_window, tear_down);
    g_test_add ("/till/low-window/150", Fixture, GINT_TO_POINTER (150), set_up_purchase, test_low_window, tear_down);
    ADD_TEST ("/till/unproven", set_up_purchase, test_unproven);
    ADD_TEST ("/till/failures-keep", set_up_purchase, test_failures_keep);
    ADD_TEST ("/till/database-back", set_up_purchase, test_database_back);
    ADD_TEST ("/till/other-card", set_up_purchase, test_other_card);
    ADD_TEST ("/till/refused-cards", set_up_purchase, test_refused_cards);
    ADD_TEST ("/open/sale", set_up_open, test_open);
    ADD_TEST ("/open/card-later", set_up_open, test_open_card_later);
    ADD_TEST ("/open/several", set_up_open_tiered, test_open_several);
    ADD_TEST ("/open/incomplete", set_up_open, test_open_incomplete);
    return g_test_run ();
}
