package io.syncline.scheduler.catalog;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The newest version of a document, which may have been deleted since. */
record LatestVersion(int number, boolean deleted) {

    static LatestVersion of(ResultSet row, int index) throws SQLException {
        return new LatestVersion(row.getInt("version_number"), JdbcTimes.instantOrNull(row, "deleted_at") != null);
    }
}
