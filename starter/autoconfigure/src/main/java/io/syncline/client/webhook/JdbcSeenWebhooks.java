package io.syncline.client.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code webhook_seen}, in one transaction with the work. */
final class JdbcSeenWebhooks implements SeenWebhooks {

    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    private static final String COUNT = "select count(*) from webhook_seen where webhook_id = :id";

    private static final String INSERT = "insert into webhook_seen (webhook_id, seen_at) values (:id, :now)";

    private static final String PURGE = "delete from webhook_seen where seen_at < :before";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Duration remember;
    private Instant purged = Instant.MIN;

    JdbcSeenWebhooks(DataSource dataSource, PlatformTransactionManager transactions, Duration remember) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(transactions);
        this.remember = remember;
    }

    /** The same webhook, taken by another request at this very moment. */
    private static final class TwinException extends RuntimeException {
        TwinException(DuplicateKeyException cause) {
            super(cause);
        }
    }

    @Override
    public boolean once(String id, Instant now, Runnable work) {
        purge(now);
        try {
            return Boolean.TRUE.equals(transaction.execute(status -> {
                if (isKnown(id)) {
                    return false;
                }
                remember(id, now);
                work.run();
                return true;
            }));
        } catch (TwinException twin) {
            // It waited for the other's end: only what is committed is a duplicate.
            return false;
        }
    }

    private boolean isKnown(String id) {
        return jdbc.sql(COUNT).param("id", id).query(Long.class).single() > 0;
    }

    private void remember(String id, Instant now) {
        try {
            jdbc.sql(INSERT)
                    .param("id", id)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new TwinException(e);
        }
    }

    private void purge(Instant now) {
        if (isPurgeDue(now)) {
            jdbc.sql(PURGE)
                    .param("before", now.minus(remember).atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    private synchronized boolean isPurgeDue(Instant now) {
        if (purged.isAfter(now.minus(PURGE_EVERY))) {
            return false;
        }
        purged = now;
        return true;
    }
}
