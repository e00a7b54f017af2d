package io.syncline.provider.change;

import io.syncline.provider.store.JdbcTimes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The beginning of the table {@code change_event}, which is deleted in time. */
@Repository
class JdbcLoggedChanges {

    /** Numbers are given in the order of time, so what is older than a time ends somewhere. */
    private static final String LAST_BEFORE = """
            select dataset_seq from change_event
             where dataset_name = :dataset and dataset_seq between :first and :end and numbered_at < :before
             order by dataset_seq desc
            """;

    /** With its limit in the statement: a plan for all that follows would sort it. */
    private static final String NUMBERED_BEHIND = """
            select numbered_at from change_event
             where dataset_name = :dataset and dataset_seq > :after
             order by dataset_seq
             fetch first 1 rows only
            """;

    private static final String COMMITTED =
            "select committed_at from change_event where dataset_name = :dataset and dataset_seq = :seq";

    private static final String DELETE =
            "delete from change_event where dataset_name = :dataset and dataset_seq < :first";

    private final JdbcClient jdbc;

    JdbcLoggedChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The last change that was numbered before that time, among the first {@code batch}. */
    OptionalLong lastBefore(String dataset, long first, int batch, Instant before) {
        var last = jdbc.sql(LAST_BEFORE)
                .param("dataset", dataset)
                .param("first", first)
                .param("end", first + batch - 1)
                .param("before", JdbcTimes.toJdbc(before))
                .withMaxRows(1)
                .query(Long.class)
                .optional();
        return last.isPresent() ? OptionalLong.of(last.get()) : OptionalLong.empty();
    }

    /** When the first change behind this number was given its own. */
    Optional<Instant> numberedBehind(String dataset, long after) {
        return jdbc.sql(NUMBERED_BEHIND)
                .param("dataset", dataset)
                .param("after", after)
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .optional();
    }

    /** When the change of this number was committed; empty when it is not kept. */
    Optional<Instant> committed(String dataset, long seq) {
        return jdbc.sql(COMMITTED)
                .param("dataset", dataset)
                .param("seq", seq)
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .optional();
    }

    void deleteBefore(String dataset, long first) {
        jdbc.sql(DELETE).param("dataset", dataset).param("first", first).update();
    }
}
