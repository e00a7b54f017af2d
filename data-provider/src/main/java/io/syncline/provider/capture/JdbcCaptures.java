package io.syncline.provider.capture;

import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code change_capture}: how far the database's log was recorded, and who follows it. */
@Repository
class JdbcCaptures {

    private static final String EXISTS = "select count(*) from change_capture where capture_name = :name";

    private static final String INSERT = """
            insert into change_capture (capture_name, fence, last_count, updated_at) values (:name, 0, 0, :now)
            """;

    private static final String CLAIM = """
            update change_capture set holder = :holder, held_until = :until, fence = fence + 1, updated_at = :now
             where capture_name = :name and (holder is null or held_until < :now)
            """;

    private static final String HELD = """
            select fence, resume_offset, last_transaction, last_lsn, last_count from change_capture
             where capture_name = :name and holder = :holder
            """;

    private static final String RENEW = """
            update change_capture set held_until = :until where capture_name = :name and fence = :fence and holder is not null
            """;

    private static final String ADVANCE = """
            update change_capture
               set resume_offset = :offset, last_transaction = :transaction, last_lsn = :lsn, last_count = :count,
                   updated_at = :now
             where capture_name = :name and fence = :fence and holder is not null
            """;

    private static final String RELEASE = """
            update change_capture set holder = null, held_until = null where capture_name = :name and fence = :fence
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;

    JdbcCaptures(JdbcClient jdbc, DatabaseClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param fence rises with each claim; a write under an older one is refused */
    record Claim(long fence, Progress progress) {}

    /** @return empty when another instance follows it */
    Optional<Claim> claim(String name, String holder, Duration lease) {
        introduce(name);
        var now = clock.moment();
        int claimed = jdbc.sql(CLAIM)
                .param("name", name)
                .param("holder", holder)
                .param("until", JdbcTimes.toJdbc(now.plus(lease)))
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        if (claimed == 0) {
            return Optional.empty();
        }
        return jdbc.sql(HELD)
                .param("name", name)
                .param("holder", holder)
                .query((row, number) -> new Claim(row.getLong("fence"), progress(row)))
                .optional();
    }

    private void introduce(String name) {
        if (jdbc.sql(EXISTS).param("name", name).query(Long.class).single() > 0) {
            return;
        }
        try {
            jdbc.sql(INSERT)
                    .param("name", name)
                    .param("now", JdbcTimes.toJdbc(clock.moment()))
                    .update();
        } catch (DuplicateKeyException another) {
            // Another instance that starts at the same moment introduced it.
        }
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                row.getString("resume_offset"),
                longOrNull(row, "last_transaction"),
                longOrNull(row, "last_lsn"),
                row.getInt("last_count"));
    }

    private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** @return false when it was taken from its holder */
    boolean renew(String name, long fence, Duration lease) {
        return jdbc.sql(RENEW)
                        .param("name", name)
                        .param("fence", fence)
                        .param("until", JdbcTimes.toJdbc(clock.moment().plus(lease)))
                        .update()
                == 1;
    }

    /** In the transaction that records the changes; the row stays locked until its end. */
    boolean advance(String name, long fence, Progress progress) {
        return jdbc.sql(ADVANCE)
                        .param("name", name)
                        .param("fence", fence)
                        .param("offset", progress.offset())
                        .param("transaction", progress.transaction())
                        .param("lsn", progress.lsn())
                        .param("count", progress.count())
                        .param("now", JdbcTimes.toJdbc(clock.moment()))
                        .update()
                == 1;
    }

    void release(String name, long fence) {
        jdbc.sql(RELEASE).param("name", name).param("fence", fence).update();
    }
}
