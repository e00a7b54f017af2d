/**
 * Aggregates the target tables into files for others, with a manifest, and serves them. It reads the targets and never
 * writes them.
 */
@NullMarked
package io.syncline.consumer.publish;

import org.jspecify.annotations.NullMarked;
