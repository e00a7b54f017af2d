package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Assertions that were taken, so that none is taken twice: by all nodes together, and over restarts. */
@Component
final class UsedAssertions implements Expiring {

    private static final int MOST_BATCHES = 20;

    private static final String INSERT =
            "insert into used_assertion (client_key, jti_hash, expires_at) values (:key, :hash, :until)";

    private static final String OLD = """
            select client_key, jti_hash
              from used_assertion
             where expires_at < :now
             order by expires_at
             fetch first 500 rows only
            """;

    private static final String DELETE = """
            delete from used_assertion where client_key = :key and jti_hash = :hash and expires_at < :now
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    UsedAssertions(JdbcClient jdbc, DatabaseClock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Whether this is the first use of the id by the client; from now on it is used, until it could not pass anyway. */
    boolean firstUse(String clientKey, String jti, Instant until) {
        try {
            jdbc.sql(INSERT)
                    .param("key", clientKey)
                    .param("hash", SecretHashes.sha256(jti))
                    .param("until", JdbcTimes.toJdbc(until))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private record Used(String key, String hash) {}

    @Override
    public void purge() {
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            if (!Boolean.TRUE.equals(transaction.execute(status -> purgeSome()))) {
                return;
            }
        }
    }

    private boolean purgeSome() {
        var now = JdbcTimes.toJdbc(clock.now());
        var old = jdbc.sql(OLD)
                .param("now", now)
                .query((row, number) -> new Used(row.getString("client_key"), row.getString("jti_hash")))
                .list();
        for (var used : old) {
            jdbc.sql(DELETE)
                    .param("key", used.key())
                    .param("hash", used.hash())
                    .param("now", now)
                    .update();
        }
        return !old.isEmpty();
    }
}
