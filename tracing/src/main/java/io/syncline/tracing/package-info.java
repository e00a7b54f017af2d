/**
 * The W3C trace of the work in hand, and its spans: taken from requests, handed on with calls, and told to a collector where
 * the settings name one. It needs OpenTelemetry's SDK for that alone.
 */
@NullMarked
package io.syncline.tracing;

import org.jspecify.annotations.NullMarked;
