package io.syncline.provider.dataset;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a dataset's content.
 *
 * @param asOf rises with each import; null before the first
 * @param rows as counted by the last import, or by the last extract of a table written elsewhere
 */
public record DatasetState(
        String name,
        @Nullable Instant asOf,
        @Nullable Instant importedAt,
        @Nullable Long rows,
        @Nullable String importId) {}
