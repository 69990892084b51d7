/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and how they stand to a write. */
#include "card/image.h"

static OcImage *
image_of (const char *family, const char *area, const char *bytes)
{
    OcImage *image = oc_image_new (family, NULL);

    oc_image_set (image, area, (const guint8 *) bytes, 4);
    return image;
}

static OcImageState
compare (const char *family, const char *now, const char *before, const char *after)
{
    g_autoptr(OcImage) a = image_of (family, "V1A", now);
    g_autoptr(OcImage) b = image_of (family, "V1A", before);
    g_autoptr(OcImage) c = image_of (family, "V1A", after);

    return oc_image_compare (a, b, c);
}

static void
test_compare (void)
{
    g_assert_cmpint (compare ("24c", "aaaa", "aaaa", "bbbb"), ==, OC_IMAGE_OLD);
    g_assert_cmpint (compare ("24c", "bbbb", "aaaa", "bbbb"), ==, OC_IMAGE_NEW);
    g_assert_cmpint (compare ("24c", "bbaa", "aaaa", "bbbb"), ==, OC_IMAGE_TORN);
    g_assert_cmpint (compare ("24c", "bb\xFF\xFF", "aaaa", "bbbb"), ==, OC_IMAGE_TORN);
    g_assert_cmpint (compare ("cpu", "bb\xFF\xFF", "aaaa", "bbbb"), ==, OC_IMAGE_OTHER);
    g_assert_cmpint (compare ("24c", "caaa", "aaaa", "bbbb"), ==, OC_IMAGE_OTHER);
    g_assert_cmpint (compare ("24c", "aaaa", "aaaa", "aaaa"), ==, OC_IMAGE_NEW);
}

static void
test_areas (void)
{
    g_autoptr(OcImage) image = image_of ("24c", "V1A", "aaaa");
    g_autoptr(OcImage) copy = NULL;
    g_autoptr(OcImage) empty = oc_image_new ("24c", "24c04");
    g_autoptr(GBytes) serial = g_bytes_new ("12345678", 8);

    oc_image_set_serial (image, serial);
    oc_image_set_serial (image, oc_image_serial (image));
    oc_image_set (image, "V1B", (const guint8 *) "bb", 2);
    copy = oc_image_copy (image);
    oc_image_set (image, "V1A", (const guint8 *) "cccc", 4);
    g_assert_cmpuint (oc_image_count (image), ==, 2);
    g_assert_cmpmem (g_bytes_get_data (oc_image_get (copy, "V1A"), NULL), 4, "aaaa", 4);
    g_assert_true (g_bytes_equal (oc_image_serial (copy), serial));
    g_assert_null (oc_image_get (image, "V2A"));
    /* an area that is not there is neither old nor new */
    g_assert_cmpint (oc_image_compare (empty, copy, image), ==, OC_IMAGE_OTHER);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/image/compare", test_compare);
    g_test_add_func ("/image/areas", test_areas);
    return g_test_run ();
}
