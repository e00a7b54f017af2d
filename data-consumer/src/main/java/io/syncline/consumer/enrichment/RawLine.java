package io.syncline.consumer.enrichment;

import org.jspecify.annotations.Nullable;

/**
 * A line as it stands in its file.
 *
 * @param number from 1 on
 * @param text without the line end; where the line has a fault its bytes, those that are not plain ASCII as {@code \xHH}
 * @param fault why it is no text, else null
 */
record RawLine(long number, String text, @Nullable Reason fault) {}
