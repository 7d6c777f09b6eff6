/* SPDX-License-Identifier: GPL-2.0-or-later */

/* An application with a picture in its window.  You will see the spectrogram of
 * FILE scroll by while you hear it, or that of the microphone; buttons open
 * another file and go back to the microphone.  On the picture, the mouse reads
 * and zooms (tfrrender's `navigation`).
 *
 *     cc 5-window.c $(pkg-config --cflags --libs \
 *       gtk+-3.0 gstreamer-video-1.0)
 *     ./a.out [FILE]
 */

#include <gdk/gdkx.h>
#include <gst/video/videooverlay.h>
#include <gtk/gtk.h>

/* A queue before each sink, so that neither waits for the other. */
#define FROM_FILE                                                              \
  "filesrc name=file ! decodebin ! tee name=t "                                \
  "t. ! queue ! audioconvert ! audioresample ! autoaudiosink "                 \
  "t. ! queue ! tfrscope ! autovideosink"
#define FROM_MICROPHONE                                                        \
  "autoaudiosrc ! tfrscope tfrrender::now-policy=progressive ! autovideosink"

typedef struct {
  GtkWidget *window, *picture;
  guintptr handle; /* of the picture's X window */
  GstElement *pipeline;
} Application;

/* In whichever thread asks: GTK is not touched here. */
static GstBusSyncReply
give_window (GstBus *bus, GstMessage *message, gpointer data)
{
  Application *app = data;

  if (!gst_is_video_overlay_prepare_window_handle_message (message))
    return GST_BUS_PASS;
  gst_video_overlay_set_window_handle (
      GST_VIDEO_OVERLAY (GST_MESSAGE_SRC (message)), app->handle);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
show_error (Application *app, const gchar *text)
{
  GtkWidget *dialog = gtk_message_dialog_new (GTK_WINDOW (app->window),
      GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR, GTK_BUTTONS_CLOSE, "%s", text);

  g_printerr ("%s\n", text);
  g_signal_connect (dialog, "response", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_widget_show (dialog);
}

static gboolean
hear_bus (GstBus *bus, GstMessage *message, gpointer data)
{
  Application *app = data;
  GError *error;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, NULL);
  gst_element_set_state (app->pipeline, GST_STATE_NULL);
  show_error (app, error->message);
  g_error_free (error);
  return G_SOURCE_CONTINUE;
}

static void
stop (Application *app)
{
  GstBus *bus;

  if (app->pipeline == NULL)
    return;
  bus = gst_element_get_bus (app->pipeline);
  gst_bus_remove_watch (bus);
  gst_object_unref (bus);
  gst_element_set_state (app->pipeline, GST_STATE_NULL);
  gst_clear_object (&app->pipeline);
}

/* A file, or the microphone where that is NULL. */
static void
play (Application *app, const gchar *path)
{
  GError *error = NULL;
  GstElement *source;
  GstBus *bus;

  stop (app);
  app->pipeline =
      gst_parse_launch (path != NULL ? FROM_FILE : FROM_MICROPHONE, &error);
  if (error != NULL) {
    gst_clear_object (&app->pipeline);
    show_error (app, error->message);
    g_error_free (error);
    return;
  }
  source = gst_bin_get_by_name (GST_BIN (app->pipeline), "file");
  if (source != NULL)
    g_object_set (source, "location", path, NULL);
  g_clear_object (&source);

  bus = gst_element_get_bus (app->pipeline);
  gst_bus_set_sync_handler (bus, give_window, app, NULL);
  gst_bus_add_watch (bus, hear_bus, app);
  gst_object_unref (bus);
  gst_element_set_state (app->pipeline, GST_STATE_PLAYING);
}

static void
choose_file (GtkButton *button, Application *app)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new ("Open",
      GTK_WINDOW (app->window), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  if (gtk_native_dialog_run (GTK_NATIVE_DIALOG (chooser)) ==
      GTK_RESPONSE_ACCEPT) {
    gchar *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser));

    play (app, path);
    g_free (path);
  }
  g_object_unref (chooser);
}

static void
choose_microphone (GtkButton *button, Application *app)
{
  play (app, NULL);
}

static void
add_button (
    GtkWidget *bar, const gchar *label, GCallback clicked, Application *app)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect (button, "clicked", clicked, app);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), button);
}

static void
build_window (Application *app)
{
  GtkWidget *bar = gtk_header_bar_new ();

  app->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_default_size (GTK_WINDOW (app->window), 960, 600);
  gtk_window_set_titlebar (GTK_WINDOW (app->window), bar);
  gtk_header_bar_set_title (GTK_HEADER_BAR (bar), "Spectrogram");
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (bar), TRUE);
  add_button (bar, "_Open", G_CALLBACK (choose_file), app);
  add_button (bar, "_Microphone", G_CALLBACK (choose_microphone), app);

  app->picture = gtk_drawing_area_new ();
  gtk_container_add (GTK_CONTAINER (app->window), app->picture);
  g_signal_connect (app->window, "destroy", gtk_main_quit, NULL);
  gtk_widget_show_all (app->window);
  app->handle = GDK_WINDOW_XID (gtk_widget_get_window (app->picture));
}

int
main (int argc, char **argv)
{
  Application app = { 0 };

  gst_init (&argc, &argv);
  gdk_set_allowed_backends ("x11");
  gtk_init (&argc, &argv);
  build_window (&app);
  play (&app, argc > 1 ? argv[1] : NULL);
  gtk_main ();
  stop (&app);
  return 0;
}
