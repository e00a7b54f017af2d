package io.syncline.scheduler.run;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** When groups were last started and last succeeded, as their runs say. Joins the caller's transaction. */
@Repository
public class GroupActivity {

    private static final String TRIGGERED = """
            select run_id from run
            where group_key = :group and created_at > :after and rerun_of is null
            fetch first 1 rows only
            """;

    private static final String LAST_SUCCESS = """
            select max(ended_at) as last_success from run
            where group_key = :group and state = 'COMPLETED'
            """;

    private final JdbcClient jdbc;

    GroupActivity(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether an accepted message of whatever road has started a run of the group since; a re-run is none. */
    public boolean triggeredSince(String group, Instant after) {
        return jdbc.sql(TRIGGERED)
                .param("group", group)
                .param("after", JdbcTimes.toJdbc(after))
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** When a run of the group last ended COMPLETED; empty when none has, or none is kept. */
    public Optional<Instant> lastSuccess(String group) {
        return jdbc.sql(LAST_SUCCESS)
                .param("group", group)
                .query((row, number) -> Optional.ofNullable(JdbcTimes.instantOrNull(row, "last_success")))
                .single();
    }
}
