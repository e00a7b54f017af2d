package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.PurgeBatches;
import io.syncline.scheduler.store.RetentionProperties;
import java.util.Map;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Trigger messages whose time is over; one that is still verified, or whose runs are open, stays. */
@Component
class ExpiredMessages implements Expiring {

    static final String OLD = """
            select m.trigger_id from trigger_message m
             where m.received_at < :before and m.status <> 'VERIFYING'
               and not exists (select 1 from run r where r.trigger_id = m.trigger_id and r.state in ('QUEUED', 'RUNNING'))
             order by m.received_at, m.trigger_id
             fetch first %d rows only
            """;

    static final String DELETE = """
            delete from trigger_message where trigger_id in (:ids)
            """;

    private final NamedParameterJdbcOperations jdbc;
    private final DatabaseClock clock;
    private final RetentionProperties retention;
    private final TransactionTemplate transaction;

    ExpiredMessages(
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
        var before = clock.now().minus(retention.triggers());
        var old = jdbc.queryForList(
                OLD.formatted(PurgeBatches.ROWS),
                new MapSqlParameterSource("before", JdbcTimes.toJdbc(before)),
                String.class);
        return old.isEmpty() ? 0 : jdbc.update(DELETE, Map.of("ids", old));
    }
}
