package io.syncline.provider.change;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code change_feed}: which numbers the log of a dataset has. */
@Repository
class JdbcChangeFeeds {

    private static final String COLUMNS = "dataset_name, first_seq, last_seq, recording";

    private static final String ALL = "select " + COLUMNS + " from change_feed";

    private static final String ONE = "select " + COLUMNS + " from change_feed where dataset_name = :dataset";

    private static final String INSERT = """
            insert into change_feed (dataset_name, first_seq, last_seq, recording) values (:dataset, :last + 1, :last, 1)
            """;

    /** Passes over one number, so that every cursor from before is too old. */
    private static final String RESUME = """
            update change_feed set last_seq = last_seq + 1, first_seq = last_seq + 2, recording = 1
             where dataset_name = :dataset and recording = 0
            """;

    private static final String BREAK_OFF = """
            update change_feed set last_seq = last_seq + 1, first_seq = last_seq + 2 where dataset_name = :dataset
            """;

    private static final String SUSPEND = "update change_feed set recording = 0 where dataset_name = :dataset";

    private static final String TAKE =
            "select last_seq from change_feed where dataset_name = :dataset for update skip locked";

    private static final String ADVANCE = "update change_feed set last_seq = :last where dataset_name = :dataset";

    private static final String BEGIN_AT =
            "update change_feed set first_seq = :first where dataset_name = :dataset and first_seq = :expected";

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final SqlDialect dialect;

    JdbcChangeFeeds(JdbcClient jdbc, JdbcTemplate template, SqlDialect dialect, Datasets datasets) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.template = template;
        datasets.all().stream().filter(Dataset::changes).forEach(this::begin);
        all().stream()
                .filter(feed ->
                        datasets.find(feed.dataset()).filter(Dataset::changes).isEmpty())
                .forEach(this::suspend);
    }

    /**
     * A log that begins beside rows which it never heard of does not begin with 1: a reader without a cursor is told to
     * take an extract first. So is everybody whose cursor is from before a time in which nothing was recorded.
     */
    private void begin(Dataset dataset) {
        if (find(dataset.name()).isEmpty()) {
            try {
                jdbc.sql(INSERT)
                        .param("dataset", dataset.name())
                        .param("last", hasRows(dataset) ? 1L : 0L)
                        .update();
            } catch (DuplicateKeyException another) {
                // Another instance that starts at the same moment began it.
            }
        }
        jdbc.sql(RESUME).param("dataset", dataset.name()).update();
    }

    private boolean hasRows(Dataset dataset) {
        return Boolean.TRUE.equals(template.query(
                connection -> {
                    var statement = connection.prepareStatement(dataset.sql().selectKeys());
                    statement.setMaxRows(1);
                    return statement;
                },
                ResultSet::next));
    }

    private void suspend(Feed feed) {
        if (feed.recording()) {
            jdbc.sql(SUSPEND).param("dataset", feed.dataset()).update();
        }
    }

    /** Passes over one number, so that every cursor from before is too old; waits for who gives numbers. */
    void breakOff(String dataset) {
        jdbc.sql(BREAK_OFF).param("dataset", dataset).update();
    }

    List<Feed> all() {
        return jdbc.sql(ALL).query(JdbcChangeFeeds::read).list();
    }

    Optional<Feed> find(String dataset) {
        return jdbc.sql(ONE)
                .param("dataset", dataset)
                .query(JdbcChangeFeeds::read)
                .optional();
    }

    Feed get(String dataset) {
        return find(dataset)
                .orElseThrow(() -> new IllegalArgumentException("The dataset " + dataset + " has no change log"));
    }

    /**
     * Keeps all others from giving numbers until the transaction ends.
     *
     * @param hold after so long a silence the database ends the transaction, where it can
     * @return the last number given; empty, at once, when another holds it
     */
    OptionalLong take(String dataset, Duration hold) {
        dialect.endTransactionAfterSilence(hold)
                .ifPresent(statement -> jdbc.sql(statement).update());
        var taken = jdbc.sql(TAKE).param("dataset", dataset).query(Long.class).optional();
        // Read again under the lock, by a statement that began with it.
        return taken.isPresent() ? OptionalLong.of(get(dataset).last()) : OptionalLong.empty();
    }

    void advance(String dataset, long last) {
        jdbc.sql(ADVANCE).param("dataset", dataset).param("last", last).update();
    }

    /** @return false when another was quicker */
    boolean beginAt(String dataset, long expected, long first) {
        return jdbc.sql(BEGIN_AT)
                        .param("dataset", dataset)
                        .param("expected", expected)
                        .param("first", first)
                        .update()
                == 1;
    }

    private static Feed read(ResultSet row, int number) throws SQLException {
        return new Feed(row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4) == 1);
    }
}
