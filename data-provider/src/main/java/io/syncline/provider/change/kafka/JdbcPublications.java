package io.syncline.provider.change.kafka;

import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code change_publication}: how far each log is on Kafka, and under whose lease. */
final class JdbcPublications {

    private static final String LOGS =
            "select dataset_name, first_seq from change_feed where recording = 1 order by dataset_name";

    private static final String INSERT =
            "insert into change_publication (dataset_name, published_seq, fence) values (:dataset, :published, 0)";

    private static final String ALL = """
            select f.dataset_name, f.first_seq, f.last_seq, p.published_seq
              from change_feed f
              join change_publication p on p.dataset_name = f.dataset_name
             where f.recording = 1
             order by f.dataset_name
            """;

    private static final String ONE = """
            select f.dataset_name, f.first_seq, f.last_seq, p.published_seq
              from change_feed f
              join change_publication p on p.dataset_name = f.dataset_name
             where f.dataset_name = :dataset
            """;

    private static final String PUBLISHED =
            "select published_seq from change_publication where dataset_name = :dataset";

    private static final String TAKE = """
            update change_publication set lease_owner = :owner, lease_until = :until, fence = fence + 1
             where dataset_name = :dataset and (lease_until is null or lease_until < :now)
            """;

    private static final String FENCE =
            "select fence from change_publication where dataset_name = :dataset and lease_owner = :owner";

    private static final String RENEW = """
            update change_publication set lease_until = :until
             where dataset_name = :dataset and lease_owner = :owner and fence = :fence
            """;

    private static final String ADVANCE = """
            update change_publication set published_seq = :published
             where dataset_name = :dataset and lease_owner = :owner and fence = :fence
            """;

    private static final String RELEASE = """
            update change_publication set lease_owner = null, lease_until = null
             where dataset_name = :dataset and lease_owner = :owner and fence = :fence
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final String owner;
    private final Duration lease;

    JdbcPublications(JdbcClient jdbc, DatabaseClock clock, String owner, Duration lease) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.owner = owner;
        this.lease = lease;
    }

    /** Begins with the first change that is kept. */
    void begin() {
        jdbc.sql(LOGS)
                .query((row, number) -> new Publication(row.getString(1), row.getLong(2), 0, row.getLong(2) - 1))
                .list()
                .forEach(this::begin);
    }

    private void begin(Publication log) {
        if (find(log.dataset()).isPresent()) {
            return;
        }
        try {
            jdbc.sql(INSERT)
                    .param("dataset", log.dataset())
                    .param("published", log.published())
                    .update();
        } catch (DuplicateKeyException another) {
            // Another instance that starts at the same moment began it.
        }
    }

    List<Publication> all() {
        return jdbc.sql(ALL).query(JdbcPublications::publication).list();
    }

    Publication of(String dataset) {
        return jdbc.sql(ONE)
                .param("dataset", dataset)
                .query(JdbcPublications::publication)
                .single();
    }

    private static Publication publication(ResultSet row, int number) throws SQLException {
        return new Publication(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    private Optional<Long> find(String dataset) {
        return jdbc.sql(PUBLISHED).param("dataset", dataset).query(Long.class).optional();
    }

    /** @return the fence of this lease; empty when another instance has one that has not ended */
    OptionalLong take(String dataset) {
        var now = clock.now();
        int taken = jdbc.sql(TAKE)
                .param("dataset", dataset)
                .param("owner", owner)
                .param("until", JdbcTimes.toJdbc(now.plus(lease)))
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        if (taken == 0) {
            return OptionalLong.empty();
        }
        var fence = jdbc.sql(FENCE)
                .param("dataset", dataset)
                .param("owner", owner)
                .query(Long.class)
                .optional();
        return fence.isPresent() ? OptionalLong.of(fence.get()) : OptionalLong.empty();
    }

    /** @return false when the lease has passed to another */
    boolean renew(String dataset, long fence) {
        return jdbc.sql(RENEW)
                        .param("dataset", dataset)
                        .param("owner", owner)
                        .param("fence", fence)
                        .param("until", JdbcTimes.toJdbc(clock.now().plus(lease)))
                        .update()
                == 1;
    }

    /** @return false when the lease has passed to another */
    boolean advance(String dataset, long fence, long published) {
        return jdbc.sql(ADVANCE)
                        .param("dataset", dataset)
                        .param("owner", owner)
                        .param("fence", fence)
                        .param("published", published)
                        .update()
                == 1;
    }

    void release(String dataset, long fence) {
        jdbc.sql(RELEASE)
                .param("dataset", dataset)
                .param("owner", owner)
                .param("fence", fence)
                .update();
    }
}
