/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field. */
#include "ui/form-field.h"

#include "core/column.h"
#include "ui/field-editor.h"
#include "ui/form-hint.h"
#include "ui/form.h"
#include "ui/label.h"

struct _OcFormField {
    GtkWidget parent_instance;

    GtkWidget *label;
    GtkWidget *editor;
    OcFormHint *hint;

    OcFieldRule rule;
    char *name;
    char *title;        /* the label without its mark */
    char *was;          /* the value that was filled in */
    char *choice_words;
    char *standard;     /* the value of a new record; NULL: empty */
    GPtrArray *choices; /* values; the titles are in the drop-down */
    int max_length;
    gboolean wide;
    gboolean filling;
};

enum {
    PROP_0, PROP_FIELD, PROP_KIND, PROP_LABEL, PROP_HINT, PROP_NEEDED, PROP_WIDE, PROP_CHOICES, PROP_MINIMUM, PROP_MAXIMUM,
    PROP_DECIMALS, PROP_MAX_LENGTH, PROP_DEFAULT, N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void oc_form_field_part_init (OcFormPartInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (OcFormField, oc_form_field, GTK_TYPE_WIDGET,
    G_IMPLEMENT_INTERFACE (OC_TYPE_FORM_PART, oc_form_field_part_init))

/* Values ----------------------------------------------------------------------------------------------------------- */

static guint
find_choice (OcFormField *self, const char *value)
{
    for (guint i = 0; i < self->choices->len; i++) {
        if (g_str_equal (self->choices->pdata[i], value))
            return i;
    }
    return GTK_INVALID_LIST_POSITION;
}

static GtkStringList *
titles_of (OcFormField *self)
{
    return GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (self->editor)));
}

/* What is no choice any more is still what the record says. Nothing is a choice of its own: in a drop-down where nothing is selected
 * the keys of GTK 4.8 take another item than the one that has the caret. */
static void
choose (OcFormField *self, const char *value)
{
    guint i = find_choice (self, value);

    if (i == GTK_INVALID_LIST_POSITION) {
        i = self->choices->len;
        g_ptr_array_add (self->choices, g_strdup (value));
        gtk_string_list_append (titles_of (self), *value != '\0' ? oc_word (value) : "–");
    }
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->editor), i);
}

static void
show_value (OcFormField *self, const char *value)
{
    g_autofree char *shown = oc_field_value_show (&self->rule, value);

    if (self->rule.kind == OC_FIELD_CHOICE)
        choose (self, value);
    else if (self->rule.kind == OC_FIELD_CHECK)
        gtk_check_button_set_active (GTK_CHECK_BUTTON (self->editor), oc_field_value_is_true (value));
    else
        gtk_editable_set_text (GTK_EDITABLE (self->editor), shown);
}

static char *
typed (OcFormField *self)
{
    char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->editor)));

    return self->rule.kind == OC_FIELD_PASSWORD ? text : g_strstrip (text);
}

char *
oc_form_field_get (OcFormField *self)
{
    g_autofree char *text = NULL;
    guint i;

    g_return_val_if_fail (OC_IS_FORM_FIELD (self), NULL);
    if (self->rule.kind == OC_FIELD_CHECK)
        return g_strdup (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->editor)) ? "true" : "false");
    if (self->rule.kind == OC_FIELD_CHOICE) {
        i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->editor));
        return g_strdup (i < self->choices->len ? self->choices->pdata[i] : "");
    }
    text = typed (self);
    return oc_field_value_of (&self->rule, text);
}

/* Editing ---------------------------------------------------------------------------------------------------------- */

static void
on_edited_cb (OcFormField *self)
{
    if (self->filling)
        return;
    oc_form_field_show_error (self, NULL);
    oc_form_part_changed (OC_FORM_PART (self));
}

static void
on_activate_cb (OcFormField *self)
{
    GtkWidget *form = gtk_widget_get_ancestor (GTK_WIDGET (self), OC_TYPE_FORM);

    if (form != NULL)
        oc_form_submit (OC_FORM (form));
}

/* OcFormPart ------------------------------------------------------------------------------------------------------- */

static void
oc_form_field_fill (OcFormPart *part, const OcFields *values)
{
    OcFormField *self = OC_FORM_FIELD (part);
    const char *value = values != NULL ? oc_fields_get (values, self->name) : self->standard;

    self->filling = TRUE;
    if (value != NULL || self->rule.kind != OC_FIELD_CHOICE || self->choices->len == 0)
        show_value (self, value != NULL ? value : "");
    else
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->editor), 0);
    self->filling = FALSE;
    g_free (self->was);
    self->was = oc_form_field_get (self);
}

static void
oc_form_field_part_put (OcFormPart *part, const OcFields *values)
{
    const char *value = oc_fields_get (values, OC_FORM_FIELD (part)->name);

    if (value != NULL)
        oc_form_field_put (OC_FORM_FIELD (part), value);
}

/* What can't be changed is not sent, so it stays as it is. */
static void
oc_form_field_read (OcFormPart *part, OcFields *values)
{
    g_autofree char *value = oc_form_field_get (OC_FORM_FIELD (part));

    if (gtk_widget_get_sensitive (OC_FORM_FIELD (part)->editor))
        oc_fields_set (values, OC_FORM_FIELD (part)->name, value);
}

static guint
oc_form_field_count_changes (OcFormPart *part)
{
    g_autofree char *value = oc_form_field_get (OC_FORM_FIELD (part));

    return g_strcmp0 (value, OC_FORM_FIELD (part)->was) != 0;
}

static gboolean
oc_form_field_check (OcFormPart *part, gboolean tell)
{
    OcFormField *self = OC_FORM_FIELD (part);
    g_autofree char *value = oc_form_field_get (self);
    g_autoptr(GError) error = NULL;

    if (gtk_widget_get_visible (GTK_WIDGET (self)) && gtk_widget_get_sensitive (self->editor))
        error = oc_field_value_check (&self->rule, value);

    if (tell && error != NULL) {
        oc_form_field_show_error (self, error->message);
        gtk_widget_grab_focus (self->editor);
    }
    return error == NULL;
}

static gboolean
oc_form_field_part_show_error (OcFormPart *part, const char *field, const char *text)
{
    OcFormField *self = OC_FORM_FIELD (part);

    if (field == NULL || g_strcmp0 (field, self->name) == 0)
        oc_form_field_show_error (self, field != NULL ? text : NULL);
    if (g_strcmp0 (field, self->name) != 0)
        return FALSE;
    gtk_widget_grab_focus (self->editor);
    return TRUE;
}

static char *
described (OcFormField *self, const char *value)
{
    if (self->rule.kind == OC_FIELD_CHECK)
        return g_strdup (oc_word (oc_field_value_is_true (value) ? "yes" : "no"));
    if (self->rule.kind == OC_FIELD_PASSWORD)
        return g_strdup ("");
    if (self->rule.kind == OC_FIELD_CHOICE) {
        guint i = find_choice (self, value);
        return g_strdup (i < self->choices->len ? gtk_string_list_get_string (titles_of (self), i) : oc_word (value));
    }
    return oc_field_value_show (&self->rule, value);
}

static void
oc_form_field_describe (OcFormPart *part, const OcFields *values, OcFields *lines)
{
    OcFormField *self = OC_FORM_FIELD (part);
    const char *value = oc_fields_get (values, self->name);
    g_autofree char *text = described (self, value != NULL ? value : "");

    if (gtk_widget_get_visible (GTK_WIDGET (self)))
        oc_fields_set (lines, self->title, text);
}

static void
oc_form_field_part_init (OcFormPartInterface *iface)
{
    iface->fill = oc_form_field_fill;
    iface->put = oc_form_field_part_put;
    iface->read = oc_form_field_read;
    iface->count_changes = oc_form_field_count_changes;
    iface->check = oc_form_field_check;
    iface->show_error = oc_form_field_part_show_error;
    iface->describe = oc_form_field_describe;
}

/* GObject ---------------------------------------------------------------------------------------------------------- */

/* The properties are known: now the editor of that kind is made. */
static void
oc_form_field_constructed (GObject *object)
{
    OcFormField *self = OC_FORM_FIELD (object);
    g_autofree char *marked = g_strconcat (self->title, self->rule.needed ? " *" : "", NULL);

    G_OBJECT_CLASS (oc_form_field_parent_class)->constructed (object);
    self->editor = oc_field_editor_new (self->rule.kind, self->title, self->max_length);
    oc_label_show (GTK_LABEL (self->label), self->rule.kind == OC_FIELD_CHECK ? "" : marked);
    gtk_widget_set_visible (self->label, self->rule.kind != OC_FIELD_CHECK || !self->wide); /* level with its neighbour */
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->editor), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
    gtk_widget_insert_after (self->editor, GTK_WIDGET (self), self->label);
    if (GTK_IS_EDITABLE (self->editor))
        g_signal_connect_object (self->editor, "activate", G_CALLBACK (on_activate_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->editor, oc_field_editor_signal (self->rule.kind), G_CALLBACK (on_edited_cb), self, G_CONNECT_SWAPPED);
    if (self->choice_words != NULL) {
        g_auto(GStrv) words = g_strsplit (self->choice_words, " ", -1);
        oc_form_field_set_choices (self, (const char *const *) words, NULL, TRUE);
    }
    self->was = oc_form_field_get (self);
}

static void
oc_form_field_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    OcFormField *self = OC_FORM_FIELD (object);

    switch (id) {
    case PROP_FIELD:
        self->name = g_value_dup_string (value);
        break;
    case PROP_KIND:
        self->rule.kind = g_value_get_enum (value);
        break;
    case PROP_LABEL:
        self->title = g_value_dup_string (value);
        break;
    case PROP_HINT:
        oc_form_hint_set_hint (self->hint, g_value_get_string (value));
        break;
    case PROP_NEEDED:
        self->rule.needed = g_value_get_boolean (value);
        break;
    case PROP_WIDE:
        self->wide = g_value_get_boolean (value);
        break;
    case PROP_CHOICES:
        self->choice_words = g_value_dup_string (value);
        break;
    case PROP_MINIMUM:
        self->rule.minimum = g_value_dup_string (value);
        break;
    case PROP_MAXIMUM:
        self->rule.maximum = g_value_dup_string (value);
        break;
    case PROP_DECIMALS:
        self->rule.decimals = g_value_get_uint (value);
        break;
    case PROP_DEFAULT:
        self->standard = g_value_dup_string (value);
        break;
    case PROP_MAX_LENGTH:
        self->max_length = g_value_get_int (value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oc_form_field_dispose (GObject *object)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
        gtk_widget_unparent (child);
    G_OBJECT_CLASS (oc_form_field_parent_class)->dispose (object);
}

static void
oc_form_field_finalize (GObject *object)
{
    OcFormField *self = OC_FORM_FIELD (object);

    g_free (self->name);
    g_free (self->title);
    g_free (self->was);
    g_free (self->choice_words);
    g_free (self->standard);
    g_free (self->rule.minimum);
    g_free (self->rule.maximum);
    g_ptr_array_unref (self->choices);
    G_OBJECT_CLASS (oc_form_field_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *klass)
{
    const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

    properties[PROP_FIELD] = g_param_spec_string ("field", NULL, NULL, NULL, flags);
    properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, oc_field_kind_get_type (), OC_FIELD_TEXT, flags);
    properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
    properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
    properties[PROP_NEEDED] = g_param_spec_boolean ("needed", NULL, NULL, FALSE, flags);
    properties[PROP_WIDE] = g_param_spec_boolean ("wide", NULL, NULL, FALSE, flags);
    properties[PROP_CHOICES] = g_param_spec_string ("choices", NULL, NULL, NULL, flags);
    properties[PROP_MINIMUM] = g_param_spec_string ("minimum", NULL, NULL, NULL, flags);
    properties[PROP_MAXIMUM] = g_param_spec_string ("maximum", NULL, NULL, NULL, flags);
    properties[PROP_DECIMALS] = g_param_spec_uint ("decimals", NULL, NULL, 0, 4, 0, flags);
    properties[PROP_MAX_LENGTH] = g_param_spec_int ("max-length", NULL, NULL, 0, 1000, 0, flags);
    properties[PROP_DEFAULT] = g_param_spec_string ("default", NULL, NULL, NULL, flags);
    g_object_class_install_properties (klass, N_PROPS, properties);
}

static void
oc_form_field_class_init (OcFormFieldClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = oc_form_field_constructed;
    G_OBJECT_CLASS (klass)->set_property = oc_form_field_set_property;
    G_OBJECT_CLASS (klass)->dispose = oc_form_field_dispose;
    G_OBJECT_CLASS (klass)->finalize = oc_form_field_finalize;
    install_properties (G_OBJECT_CLASS (klass));
    gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name (widget_class, "field");
}

static void
oc_form_field_init (OcFormField *self)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

    gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
    gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 3);
    self->choices = g_ptr_array_new_with_free_func (g_free);
    self->label = gtk_label_new (NULL);
    gtk_label_set_xalign (GTK_LABEL (self->label), 0);
    gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
    gtk_widget_add_css_class (self->label, "field-label");
    self->hint = g_object_new (OC_TYPE_FORM_HINT, NULL);
    gtk_widget_set_parent (self->label, GTK_WIDGET (self));
    gtk_widget_set_parent (GTK_WIDGET (self->hint), GTK_WIDGET (self));
}

/* A text that becomes insensitive with the caret in it complains: the caret goes on to the next field. */
static void
let_go (OcFormField *self)
{
    GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
    GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
    GtkWidget *form = gtk_widget_get_ancestor (GTK_WIDGET (self), OC_TYPE_FORM);

    if (focus != NULL && gtk_widget_is_ancestor (focus, self->editor)
        && (form == NULL || !gtk_widget_child_focus (form, GTK_DIR_TAB_FORWARD)))
        gtk_root_set_focus (root, NULL);
}

/* Public ----------------------------------------------------------------------------------------------------------- */

const char *
oc_form_field_get_name (OcFormField *self)
{
    g_return_val_if_fail (OC_IS_FORM_FIELD (self), NULL);
    return self->name;
}

gboolean
oc_form_field_is_wide (OcFormField *self)
{
    g_return_val_if_fail (OC_IS_FORM_FIELD (self), FALSE);
    return self->wide;
}

void
oc_form_field_put (OcFormField *self, const char *value)
{
    g_return_if_fail (OC_IS_FORM_FIELD (self));
    show_value (self, value);
}

void
oc_form_field_set_choices (OcFormField *self, const char *const *values, const char *const *titles, gboolean keep)
{
    g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
    g_autofree char *chosen = NULL;
    gboolean changed;

    g_return_if_fail (OC_IS_FORM_FIELD (self) && self->rule.kind == OC_FIELD_CHOICE);
    chosen = oc_form_field_get (self);
    changed = oc_form_field_count_changes (OC_FORM_PART (self)) > 0;
    self->filling = TRUE;
    g_ptr_array_set_size (self->choices, 0);
    for (guint i = 0; values[i] != NULL; i++) {
        g_ptr_array_add (self->choices, g_strdup (values[i]));
        gtk_string_list_append (list, titles != NULL ? titles[i] : oc_word (values[i]));
    }
    gtk_drop_down_set_model (GTK_DROP_DOWN (self->editor), G_LIST_MODEL (list));
    if (keep ? *chosen != '\0' : find_choice (self, chosen) != GTK_INVALID_LIST_POSITION)
        choose (self, chosen);
    self->filling = FALSE;
    if (!changed) {
        g_free (self->was);
        self->was = oc_form_field_get (self);
    }
}

void
oc_form_field_set_rows (OcFormField *self, OcRows *rows, const char *field)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
    g_auto(GStrv) values = NULL;
    gboolean all;

    g_return_if_fail (OC_IS_FORM_FIELD (self));
    all = oc_rows_find_column (rows, "active") < 0;
    for (guint i = 0; i < oc_rows_count (rows); i++) {
        if (all || oc_rows_bool (rows, i, "active"))
            g_strv_builder_add (builder, oc_rows_text (rows, i, field));
    }
    values = g_strv_builder_end (builder);
    oc_form_field_set_choices (self, (const char *const *) values, NULL, TRUE);
}

void
oc_form_field_set_hint (OcFormField *self, const char *hint)
{
    g_return_if_fail (OC_IS_FORM_FIELD (self));
    oc_form_hint_set_hint (self->hint, hint);
}

void
oc_form_field_set_editable (OcFormField *self, gboolean editable)
{
    g_return_if_fail (OC_IS_FORM_FIELD (self));
    if (!editable)
        let_go (self);
    gtk_widget_set_sensitive (self->editor, editable);
}

void
oc_form_field_show_error (OcFormField *self, const char *text)
{
    g_return_if_fail (OC_IS_FORM_FIELD (self));
    oc_form_hint_set_error (self->hint, text);
    if (text != NULL)
        gtk_widget_add_css_class (self->editor, "error");
    else
        gtk_widget_remove_css_class (self->editor, "error");
    gtk_accessible_update_state (GTK_ACCESSIBLE (self->editor), GTK_ACCESSIBLE_STATE_INVALID,
        text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}
