package io.syncline.scheduler.run;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcBacklogs implements Backlogs {

    private static final String DUE_BEFORE = """
            select system_key, min(due_at) as oldest from task_run
            where due_at < :before
            group by system_key
            order by system_key
            """;

    private final JdbcClient jdbc;

    JdbcBacklogs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Backlog> dueBefore(Instant time) {
        return jdbc.sql(DUE_BEFORE)
                .param("before", JdbcTimes.toJdbc(time))
                .query((row, number) -> new Backlog(row.getString("system_key"), JdbcTimes.instant(row, "oldest")))
                .list();
    }
}
