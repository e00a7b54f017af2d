package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.ClusterView.QueueDepth;
import io.syncline.scheduler.ops.ClusterView.SystemDepth;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How much is waiting, counted no further than a bound. */
@Repository
class JdbcQueueDepths {

    static final int BOUND = 10_000;

    private static final String DUE = """
            select system_key, count(*) as due
            from (select system_key from task_run where due_at <= :now and lease_node is null fetch first 10001 rows only) bounded
            group by system_key
            order by system_key
            """;

    private static final String QUEUED_RUNS =
            "select count(*) from (select run_id from run where state = 'QUEUED' fetch first 10001 rows only) bounded";

    private final JdbcClient jdbc;

    JdbcQueueDepths(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    QueueDepth depth(Instant now) {
        List<SystemDepth> systems = jdbc.sql(DUE)
                .param("now", JdbcTimes.toJdbc(now))
                .query((row, number) -> new SystemDepth(row.getString("system_key"), row.getLong("due")))
                .list();
        var due = systems.stream().mapToLong(SystemDepth::due).sum();
        var queued = jdbc.sql(QUEUED_RUNS).query(Long.class).single();
        return new QueueDepth(bounded(due), systems, bounded(queued));
    }

    private static BoundedCount bounded(long count) {
        return count > BOUND ? new BoundedCount(BOUND, "gte") : new BoundedCount(count, "eq");
    }
}
