package io.syncline.scheduler.catalog;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a document as it is stored.
 *
 * @param document JSON
 * @param reason why it was stored; null: it was not said, or is not kept for this kind
 */
public record StoredVersion(
        String key,
        int version,
        String document,
        Instant createdAt,
        String createdBy,
        @Nullable String reason) {

    public StoredVersion(String key, int version, String document, Instant createdAt, String createdBy) {
        this(key, version, document, createdAt, createdBy, null);
    }

    static StoredVersion of(ResultSet row, String keyColumn) throws SQLException {
        return new StoredVersion(
                row.getString(keyColumn),
                row.getInt("version_number"),
                row.getString("document"),
                JdbcTimes.instant(row, "changed_at"),
                row.getString("changed_by"));
    }
}
