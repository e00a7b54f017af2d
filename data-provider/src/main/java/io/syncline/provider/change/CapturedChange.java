package io.syncline.provider.change;

import io.syncline.provider.dataset.Dataset;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that was read from the database's log.
 *
 * @param before the cells in the order of the dataset's columns; null for a new row
 * @param after null for a row that is gone
 * @param committedAt of the transaction that made it
 * @param position in the log
 */
public record CapturedChange(
        Dataset dataset,
        @Nullable String @Nullable [] before,
        @Nullable String @Nullable [] after,
        Instant committedAt,
        String position) {}
