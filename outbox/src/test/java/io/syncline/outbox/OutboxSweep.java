package io.syncline.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import io.syncline.faults.FaultyDataSource;
import io.syncline.faults.Flow;
import io.syncline.faults.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A message on its way from the transaction that appends it to its receiver, once for each call that fails on it. Whatever
 * fails, what was committed arrives in the order of its key, what was rolled back does not, and nothing stays held.
 */
abstract class OutboxSweep {

    private static final RelaySettings SETTINGS = new RelaySettings(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            // with one place alone, a place that is not given back ends all deliveries
            1,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(1));

    private static final RetryRules AT_ONCE =
            new RetryRules(Duration.ofMillis(1), Duration.ofMillis(1), 1000, Duration.ofHours(1));

    private static final int MOST_LOOKS = 100_000;

    private final Calls jdbc = new Calls("JDBC");
    private final Calls http = new Calls("HTTP");

    abstract DataSource dataSource();

    abstract @Nullable String abort();

    /** At once; what it throws is no concern of who hands it over. */
    private static void asAPoolWould(Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException keptInThePool) {
            // the message is found again when its lease has run out
        }
    }

    /** Keeps what came to it, each id once. */
    private final class Receiver implements Delivery {

        final LinkedHashSet<String> ids = new LinkedHashSet<>();
        final List<String> payloads = new ArrayList<>();

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public RetryRules retryRules() {
            return AT_ONCE;
        }

        @Override
        public DeliveryResult deliver(OutboxEntry entry) {
            var failure = http.next("deliver " + entry.message().payload());
            if (failure == Failure.REFUSED) {
                return DeliveryResult.retry("refused");
            }
            if (failure != Failure.NOT_MADE && ids.add(entry.id())) {
                payloads.add(entry.message().payload());
            }
            if (failure != null) {
                throw new IllegalStateException("the connection was lost");
            }
            return DeliveryResult.delivered();
        }
    }

    private final class Published implements Flow {

        private final JdbcTemplate tables = new JdbcTemplate(dataSource());
        private final FaultyDataSource source = new FaultyDataSource(dataSource(), jdbc, abort());
        private final JdbcTransactionManager manager = new JdbcTransactionManager(source.dataSource());
        private final TransactionTemplate transactions = new TransactionTemplate(manager);
        private final Receiver receiver = new Receiver();
        private final JdbcOutbox outbox;
        private final OutboxRelay relay;
        private final List<String> answered = new ArrayList<>();

        Published() {
            tables.update("delete from outbox_message");
            tables.update("delete from outbox_key");
            outbox = new JdbcOutbox(source.dataSource(), manager);
            relay = new OutboxRelay(outbox, List.of(receiver), SETTINGS);
        }

        private void append(String payload) {
            try {
                transactions.executeWithoutResult(
                        status -> outbox.append(new OutboxMessage("test", "k", null, Map.of(), payload)));
                answered.add(payload);
            } catch (RuntimeException unknown) {
                // its caller does not know; the message may arrive and may not
            }
        }

        private void look() {
            try {
                relay.claimAndDeliver(OutboxSweep::asAPoolWould);
            } catch (RuntimeException asItsThreadWould) {
                // the next look follows
            }
        }

        @Override
        public void go() {
            append("first");
            append("second");
            look();
            look();
        }

        @Override
        public void finish() {
            for (int looks = 0; pending() > 0; looks++) {
                assertThat(looks)
                        .as("looks without an end of " + pending() + " messages")
                        .isLessThan(MOST_LOOKS);
                look();
            }
        }

        private int pending() {
            var pending =
                    tables.queryForObject("select count(*) from outbox_message where state = 'PENDING'", Integer.class);
            return pending == null ? 0 : pending;
        }

        @Override
        public void check() {
            assertThat(source.open()).as("connections not given back").isZero();
            assertThat(receiver.payloads).as("what was committed").containsAll(answered);
            assertThat(receiver.payloads).as("first deliveries").isSorted().doesNotHaveDuplicates();
            assertThat(tables.queryForList("select id from outbox_message order by key_sequence", String.class))
                    .as("what is in the table has arrived, and nothing else")
                    .containsExactlyElementsOf(receiver.ids);
            assertThat(tables.queryForList("select state from outbox_message", String.class))
                    .containsOnly("DELIVERED");
            assertThat(relay.freePlaces()).as("places not given back").isEqualTo(1);
        }
    }

    @Test
    void committedMessagesArrive() {
        System.out.println("swept " + Sweep.over("committedMessagesArrive", jdbc, Published::new));
        System.out.println("swept " + Sweep.over("committedMessagesArrive", http, Published::new));
    }
}
