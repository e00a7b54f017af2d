/** Brings the change log to topics of Kafka, one a dataset, where brokers are configured. It reads the log alone. */
@NullMarked
package io.syncline.provider.change.kafka;

import org.jspecify.annotations.NullMarked;
