/** Reads and writes files of comma-separated rows. It does not know what the rows mean. */
@NullMarked
package io.syncline.consumer.csv;

import org.jspecify.annotations.NullMarked;
