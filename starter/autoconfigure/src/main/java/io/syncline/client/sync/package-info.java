/**
 * The idempotent sync endpoint: stores a call, answers it, does its work on a bounded executor, reports by callback. It
 * does not know who may call it.
 */
@NullMarked
package io.syncline.client.sync;

import org.jspecify.annotations.NullMarked;
