/**
 * Enriches files: looks the ids of their lines up at the provider and writes the lines out again with what was found. It
 * reads an inbox, never changes it, and keeps nothing when it has ended.
 */
@NullMarked
package io.syncline.consumer.enrichment;

import org.jspecify.annotations.NullMarked;
