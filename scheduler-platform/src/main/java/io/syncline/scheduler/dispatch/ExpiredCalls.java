package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.PurgeBatches;
import io.syncline.scheduler.store.RetentionProperties;
import java.util.Map;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls whose time is over. Their ids sort by time, so the primary key finds them. */
@Component
class ExpiredCalls implements Expiring {

    static final String OLD = """
            select c.call_id from call c
             where c.call_id < :bound and c.called_at < :before
               and not exists (select 1 from run r where r.run_id = c.run_id and r.state in ('QUEUED', 'RUNNING'))
             order by c.call_id
             fetch first %d rows only
            """;

    static final String DELETE = """
            delete from call where call_id in (:ids)
            """;

    private final NamedParameterJdbcOperations jdbc;
    private final DatabaseClock clock;
    private final RetentionProperties retention;
    private final TransactionTemplate transaction;

    ExpiredCalls(
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
        var before = clock.now().minus(retention.calls());
        var old = jdbc.queryForList(
                OLD.formatted(PurgeBatches.ROWS),
                new MapSqlParameterSource("before", JdbcTimes.toJdbc(before)).addValue("bound", Ids.first(before)),
                String.class);
        return old.isEmpty() ? 0 : jdbc.update(DELETE, Map.of("ids", old));
    }
}
