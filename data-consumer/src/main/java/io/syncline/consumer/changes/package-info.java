/**
 * Takes the provider's changes in, over its feed or over Kafka, and hands them on in order, each at least once. It does
 * not know what the rows are for.
 */
@NullMarked
package io.syncline.consumer.changes;

import org.jspecify.annotations.NullMarked;
