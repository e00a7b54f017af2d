package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.ClusterView.QueueDepth;
import io.syncline.scheduler.ops.ClusterView.SystemDepth;
import io.syncline.scheduler.security.Labels;
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

    private static final String DUE_WITHIN_REACH = """
            select system_key, count(*) as due
            from (select t.system_key from task_run t where t.due_at <= :now and t.lease_node is null and\s""" + WithinReach.groups("t.group_key") + """
             fetch first 10001 rows only) bounded
            group by system_key
            order by system_key
            """;

    private static final String QUEUED_RUNS_WITHIN_REACH =
            "select count(*) from (select r.run_id from run r where r.state = 'QUEUED' and "
                    + WithinReach.groups("r.group_key") + " fetch first 10001 rows only) bounded";

    private final JdbcClient jdbc;

    JdbcQueueDepths(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    QueueDepth depth(Instant now, Labels labels) {
        List<SystemDepth> systems = cut(DUE, DUE_WITHIN_REACH, labels)
                .param("now", JdbcTimes.toJdbc(now))
                .query((row, number) -> new SystemDepth(row.getString("system_key"), row.getLong("due")))
                .list();
        var due = systems.stream().mapToLong(SystemDepth::due).sum();
        var queued = cut(QUEUED_RUNS, QUEUED_RUNS_WITHIN_REACH, labels)
                .query(Long.class)
                .single();
        return new QueueDepth(bounded(due), systems, bounded(queued));
    }

    private JdbcClient.StatementSpec cut(String ofAll, String withinReach, Labels labels) {
        return labels.all()
                ? jdbc.sql(ofAll)
                : jdbc.sql(withinReach).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
    }

    private static BoundedCount bounded(long count) {
        return count > BOUND ? new BoundedCount(BOUND, "gte") : new BoundedCount(count, "eq");
    }
}
