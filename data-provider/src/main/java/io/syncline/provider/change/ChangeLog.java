package io.syncline.provider.change;

import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.provider.store.JdbcTimes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table {@code change_event}, read in the order of its numbers. */
@Repository
public class ChangeLog {

    /** With its limit in the statement: a plan for all that follows would sort it. */
    private static final String AFTER = """
            select dataset_seq, event_id, dataset_name, table_name, operation, row_key, row_before, row_after, committed_at,
                   source_position
              from change_event
             where dataset_name = ? and dataset_seq > ?
             order by dataset_seq
             fetch first ? rows only
            """;

    private static final String LAST = "select last_seq from change_feed where dataset_name = ?";

    private static final String GIVEN = "select count(*) from change_event where dataset_name = ? and dataset_seq = ?";

    private static final int FETCHED = 100;

    private final JdbcTemplate template;
    private final JdbcChangeFeeds feeds;

    ChangeLog(JdbcTemplate template, JdbcChangeFeeds feeds) {
        this.template = template;
        this.feeds = feeds;
    }

    /** Which numbers there are. */
    public Feed feed(String dataset) {
        return feeds.get(dataset);
    }

    /**
     * The changes that follow a number, without a gap.
     *
     * @param after the number of the last change that the reader has; 0: none
     * @param limit most changes
     * @param maxChars after so many characters of rows no further change is added; one is always read
     * @return empty when there is none yet
     * @throws ChangesGoneException when the change that follows is no longer kept, or {@code after} was never given
     */
    public List<LoggedChange> read(String dataset, long after, int limit, long maxChars) {
        var changes = template.query(
                connection -> {
                    var statement = connection.prepareStatement(AFTER);
                    statement.setFetchSize(Math.min(limit, FETCHED));
                    statement.setString(1, dataset);
                    statement.setLong(2, after);
                    statement.setInt(3, limit);
                    return statement;
                },
                rows -> {
                    return changes(rows, maxChars);
                });
        if (changes != null && !changes.isEmpty()) {
            if (changes.get(0).seq() != after + 1) {
                throw new ChangesGoneException(feeds.get(dataset), after);
            }
            return changes;
        }
        var feed = feeds.get(dataset);
        if (after < feed.first() - 1 || after > feed.last() && !wasGiven(dataset, after)) {
            throw new ChangesGoneException(feed, after);
        }
        return List.of();
    }

    /**
     * Asked of the log itself: on H2 a row that the next sequencer has just locked was seen as it was before the commit that a
     * reader of another table had seen already.
     */
    private boolean wasGiven(String dataset, long seq) {
        var found = template.queryForObject(GIVEN, Long.class, dataset, seq);
        return found != null && found > 0;
    }

    private static List<LoggedChange> changes(ResultSet rows, long maxChars) throws SQLException {
        var changes = new ArrayList<LoggedChange>();
        long chars = 0;
        while (chars < maxChars && rows.next()) {
            var change = change(rows);
            changes.add(change);
            chars += length(change.before()) + length(change.after());
        }
        return changes;
    }

    private static int length(@org.jspecify.annotations.Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static LoggedChange change(ResultSet row) throws SQLException {
        return new LoggedChange(
                row.getLong("dataset_seq"),
                row.getString("event_id"),
                row.getString("dataset_name"),
                row.getString("table_name"),
                Operation.valueOf(row.getString("operation")),
                row.getString("row_key"),
                row.getString("row_before"),
                row.getString("row_after"),
                JdbcTimes.instant(row, "committed_at"),
                row.getString("source_position"));
    }

    /**
     * Up to which number the changes are in a snapshot for certain, as seen by the snapshot itself: a change has its
     * number only after its commit. Later ones may be in it as well.
     *
     * @return empty for a dataset without a change log
     */
    public OptionalLong lastWithin(Connection snapshot, String dataset) throws SQLException {
        try (var statement = snapshot.prepareStatement(LAST)) {
            statement.setString(1, dataset);
            try (var row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }
}
