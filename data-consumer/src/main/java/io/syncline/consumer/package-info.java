/** Sync APIs, file workers and reconciliation. It does not decide when to sync. */
@NullMarked
package io.syncline.consumer;

import org.jspecify.annotations.NullMarked;
