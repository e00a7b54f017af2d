/**
 * Sync jobs: ask the provider for an extract, stage, merge and reconcile its files on all instances that are there. It
 * does not decide when to sync, and it does not answer HTTP calls.
 */
@NullMarked
package io.syncline.consumer.sync;

import org.jspecify.annotations.NullMarked;
