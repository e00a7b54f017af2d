package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Duration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The ids of webhooks that were taken in, with what came under each: a second one must say the same. */
@Component
final class WebhookReceipts implements Expiring {

    /** Longer than senders repeat a webhook, and far longer than one can be sent again by somebody else. */
    static final Duration KEPT = Duration.ofDays(8);

    private static final int MOST_BATCHES = 20;

    private static final String INSERT = """
            insert into webhook_receipt (client_key, message_hash, fingerprint, received_at)
            values (:key, :message, :fingerprint, :now)
            """;

    private static final String FIND = """
            select fingerprint from webhook_receipt where client_key = :key and message_hash = :message
            """;

    private static final String OLD = """
            select client_key, message_hash
              from webhook_receipt
             where received_at < :before
             order by received_at
             fetch first 500 rows only
            """;

    private static final String DELETE = """
            delete from webhook_receipt
             where client_key = :key and message_hash = :message and received_at < :before
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    WebhookReceipts(JdbcClient jdbc, DatabaseClock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Whether this is the first webhook of the id, or says what the first one said. */
    boolean isFirstOrSame(String clientKey, String messageId, String fingerprint) {
        var message = SecretHashes.sha256(messageId);
        try {
            jdbc.sql(INSERT)
                    .param("key", clientKey)
                    .param("message", message)
                    .param("fingerprint", fingerprint)
                    .param("now", JdbcTimes.toJdbc(clock.now()))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return jdbc.sql(FIND)
                    .param("key", clientKey)
                    .param("message", message)
                    .query(String.class)
                    .optional()
                    .map(fingerprint::equals)
                    // Removed in between, for its time was over.
                    .orElse(true);
        }
    }

    private record Receipt(String key, String message) {}

    @Override
    public void purge() {
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            if (!Boolean.TRUE.equals(transaction.execute(status -> purgeSome()))) {
                return;
            }
        }
    }

    private boolean purgeSome() {
        var before = JdbcTimes.toJdbc(clock.now().minus(KEPT));
        var old = jdbc.sql(OLD)
                .param("before", before)
                .query((row, number) -> new Receipt(row.getString("client_key"), row.getString("message_hash")))
                .list();
        for (var receipt : old) {
            jdbc.sql(DELETE)
                    .param("key", receipt.key())
                    .param("message", receipt.message())
                    .param("before", before)
                    .update();
        }
        return !old.isEmpty();
    }
}
