package io.syncline.contracts;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one row of a dataset.
 *
 * @param seq number among the changes of the dataset: one more than that of the change before, so a reader sees for
 *     itself that it has missed none
 * @param id the same wherever the change is told, and however often
 * @param table the table behind the dataset
 * @param key of the row, as in the path of a single row: several columns are joined by commas
 * @param before the row as it was, null for one that was CREATED
 * @param after the row as it is, null for one that was DELETED
 * @param committedAt time of the database, taken while the writer's transaction ended; never after its commit, and not
 *     in the order of {@code seq}
 */
public record ChangeEvent(
        long seq,
        String id,
        String dataset,
        String table,
        Operation op,
        String key,
        @Nullable Map<String, @Nullable Object> before,
        @Nullable Map<String, @Nullable Object> after,
        Source source,
        Instant committedAt) {

    /** What was done to the row. */
    public enum Operation {
        CREATED,
        UPDATED,
        DELETED
    }

    /**
     * Who saw the change.
     *
     * @param kind {@code OUTBOX}: the writer recorded it in its own transaction
     * @param position where the change stands there; only equal or not, nothing else
     */
    public record Source(String kind, String position) {}
}
