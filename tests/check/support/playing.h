/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Whole pipelines that play. */

#ifndef TFR_TEST_PLAYING_H
#define TFR_TEST_PLAYING_H

#include <gst/gst.h>

/* So many, and twenty times as many with TFR_TEST_FULL=1. */
guint playing_rounds (guint few);

GstElement *playing_launch (const gchar *description);

/* Waits for one of these messages and returns its sequence number; an error
 * fails the test. */
guint32 playing_await (
    GstElement *pipeline, GstMessageType types, const gchar *what);

/* To NULL, and unrefs it. */
void playing_stop (GstElement *pipeline);

#endif
