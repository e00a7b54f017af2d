package io.syncline.scheduler.callback;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.PurgeBatches;
import io.syncline.scheduler.store.RetentionProperties;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Callbacks whose time is over. None is older than its task run, and task runs' ids sort by time. */
@Component
class ExpiredCallbacks implements Expiring {

    static final String OLD = """
            select c.task_run_id, c.callback_id from callback c
             where c.task_run_id < :bound and c.received_at < :before
               and not exists (select 1 from run r where r.run_id = c.run_id and r.state in ('QUEUED', 'RUNNING'))
             order by c.task_run_id, c.callback_id
             fetch first %d rows only
            """;

    static final String DELETE = """
            delete from callback where task_run_id = :taskRun and callback_id = :callback
            """;

    private final NamedParameterJdbcOperations jdbc;
    private final DatabaseClock clock;
    private final RetentionProperties retention;
    private final TransactionTemplate transaction;

    ExpiredCallbacks(
            NamedParameterJdbcOperations jdbc,
            DatabaseClock clock,
            RetentionProperties retention,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.retention = retention;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void purge() {
        PurgeBatches.run(() -> java.util.Objects.requireNonNullElse(transaction.execute(status -> purgeSome()), 0));
    }

    private int purgeSome() {
        var before = clock.now().minus(retention.callbacks());
        var old = jdbc.query(
                OLD.formatted(PurgeBatches.ROWS),
                new MapSqlParameterSource("before", JdbcTimes.toJdbc(before)).addValue("bound", Ids.first(before)),
                (row, number) -> new MapSqlParameterSource("taskRun", row.getString("task_run_id"))
                        .addValue("callback", row.getString("callback_id")));
        if (!old.isEmpty()) {
            jdbc.batchUpdate(DELETE, old.toArray(MapSqlParameterSource[]::new));
        }
        return old.size();
    }
}
