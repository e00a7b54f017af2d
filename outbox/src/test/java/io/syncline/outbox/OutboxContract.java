package io.syncline.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the outbox promises on every database. */
abstract class OutboxContract {

    private static final RelaySettings QUICK = new RelaySettings(
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            4,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(5));

    private final List<OutboxRelay> relays = new ArrayList<>();
    private final ScriptedDelivery receiver = new ScriptedDelivery();
    private JdbcTemplate jdbc;
    private TransactionTemplate transactions;
    private JdbcOutbox outbox;

    abstract DataSource dataSource();

    @BeforeEach
    void emptyOutbox() {
        jdbc = new JdbcTemplate(dataSource());
        jdbc.update("delete from outbox_message");
        jdbc.update("delete from outbox_key");
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
        outbox = newOutbox();
    }

    @AfterEach
    void stopRelays() {
        relays.forEach(OutboxRelay::close);
    }

    @Test
    void refusesAMessageWithoutATransaction() {
        assertThatThrownBy(() -> outbox.append(message("k", "1"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deliversACommittedMessageWithAllItsParts() {
        var id = transactions.execute(status ->
                outbox.append(new OutboxMessage("test", "key", "http://x/y", Map.of("A", "b: c", "D", ""), "päyload")));
        var before = outbox.find(id).orElseThrow();
        startRelay();

        awaitDelivered(id);

        assertThat(receiver.payloads).containsExactly("päyload");
        assertThat(before.message().target()).isEqualTo("http://x/y");
        assertThat(before.message().headers()).containsEntry("A", "b: c").containsEntry("D", "");
        assertThat(before.message().orderingKey()).isEqualTo("key");
        assertThat(before.sequence()).isEqualTo(1);
    }

    @Test
    void deliversNothingOfARolledBackTransaction() {
        startRelay();
        transactions.executeWithoutResult(status -> {
            outbox.append(message("k", "rolled back"));
            status.setRollbackOnly();
        });
        var id = append("k", "committed");

        awaitDelivered(id);

        assertThat(receiver.payloads).containsExactly("committed");
    }

    @Test
    void isWokenByTheCommitAndNotOnlyByThePoll() {
        var slow = new RelaySettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                2,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofSeconds(5));
        relays.add(new OutboxRelay(outbox, List.of(receiver), slow));
        relays.get(0).start();
        append("warm-up", "0");
        await().until(() -> receiver.payloads.contains("0"));

        long begin = System.nanoTime();
        int messages = 10;
        for (int i = 1; i <= messages; i++) {
            var payload = Integer.toString(i);
            append(null, payload);
            await().pollInterval(Duration.ofMillis(2)).until(() -> receiver.payloads.contains(payload));
        }

        // By the poll alone each of the ten would take half a second on average.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(messages * 400L));
    }

    @Test
    void keepsTheOrderOfAKeyThroughFailures() {
        var ids = IntStream.range(0, 30)
                .mapToObj(i -> append(i % 2 == 0 ? "even" : "odd", Integer.toString(i)))
                .toList();
        receiver.answer = entry -> entry.deliveries() < 3 && entry.sequence() % 3 == 0
                ? DeliveryResult.retry("not yet")
                : DeliveryResult.delivered();
        startRelay();
        startRelay();

        ids.forEach(this::awaitDelivered);

        var firstSeen =
                receiver.payloads.stream().distinct().map(Integer::valueOf).toList();
        assertThat(firstSeen.stream().filter(i -> i % 2 == 0)).isSorted().hasSize(15);
        assertThat(firstSeen.stream().filter(i -> i % 2 == 1)).isSorted().hasSize(15);
        assertThat(receiver.mostInFlightOfAKey).hasValue(1);
    }

    @Test
    void givesSequencesInTheOrderOfCommitsUnderConcurrentAppends() throws InterruptedException {
        var threads = IntStream.range(0, 4)
                .mapToObj(t -> new Thread(() -> IntStream.range(0, 10).forEach(i -> append("shared", t + "-" + i))))
                .toList();
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        var sequences = jdbc.queryForList(
                "select key_sequence from outbox_message where ordering_key = 'shared' order by key_sequence",
                Long.class);

        assertThat(sequences)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 40).mapToObj(Long::valueOf).toList());
    }

    @Test
    void aLateCommitIsNotOvertakenWithinItsKeyNorLost() throws InterruptedException {
        startRelay();
        var appended = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var late = new Thread(() -> transactions.executeWithoutResult(status -> {
            outbox.append(message("k", "first"));
            appended.countDown();
            awaitQuietly(goOn);
        }));
        late.start();
        assertThat(appended.await(10, TimeUnit.SECONDS)).isTrue();
        var other = append("other", "unhindered");
        awaitDelivered(other);
        var second = new Thread(() -> append("k", "second"));
        second.start();
        goOn.countDown();
        late.join();
        second.join();

        await().until(() -> receiver.payloads.contains("second"));

        assertThat(receiver.payloads).containsExactly("unhindered", "first", "second");
    }

    @Test
    void twoRelaysDeliverEachMessageOnce() {
        var ids = IntStream.range(0, 200)
                .mapToObj(i -> append(i % 3 == 0 ? null : "key-" + i % 20, Integer.toString(i)))
                .toList();
        startRelay();
        startRelay();

        ids.forEach(this::awaitDelivered);

        assertThat(receiver.payloads).hasSize(200).doesNotHaveDuplicates();
        assertThat(receiver.mostInFlightOfAKey).hasValue(1);
    }

    @Test
    void aClaimIsNotShortWhenAnotherRelayHoldsTheFirstCandidates() {
        IntStream.range(0, 12).forEach(i -> append(null, Integer.toString(i)));
        var held = transactions.execute(status -> {
            var ids = jdbc.queryForList(
                    "select id from outbox_message order by due_at, id fetch first 4 rows only", String.class);
            jdbc.queryForList(
                    "select id from outbox_message where id in ('" + String.join("','", ids) + "') for update",
                    String.class);
            var claimed = claimInAnotherSession(4);
            assertThat(claimed)
                    .hasSize(4)
                    .extracting(claim -> claim.entry().id())
                    .doesNotContainAnyElementsOf(ids);
            return ids;
        });

        assertThat(outbox.claim(List.of("test"), 20, Duration.ofSeconds(5)))
                .extracting(claim -> claim.entry().id())
                .containsAll(held)
                .hasSize(8);
    }

    @Test
    void takesOverWhatADeadRelayHeldAndRefusesItsLateOutcome() {
        var id = append("k", "held");
        var lost = outbox.claim(List.of("test"), 1, Duration.ofMillis(200)).get(0);
        startRelay();

        awaitDelivered(id);

        assertThat(receiver.payloads).containsExactly("held");
        assertThat(outbox.retry(lost, Duration.ZERO, "late")).isFalse();
        assertThat(outbox.dead(lost, "late")).isFalse();
    }

    @Test
    void buriesAMessageAfterItsLastDeliveryAndGoesOnBehindIt() {
        receiver.rules = new RetryRules(Duration.ofMillis(1), Duration.ofMillis(2), 3, Duration.ofHours(1));
        receiver.answer = entry -> entry.message().payload().equals("bad")
                ? DeliveryResult.retry("always broken")
                : DeliveryResult.delivered();
        var bad = append("k", "bad");
        var good = append("k", "good");
        startRelay();

        awaitDelivered(good);

        assertThat(receiver.payloads).containsExactly("bad", "bad", "bad", "good");
        assertThat(outbox.deadLetters(10)).singleElement().satisfies(entry -> {
            assertThat(entry.id()).isEqualTo(bad);
            assertThat(entry.lastCause()).contains("always broken");
        });
        assertThat(outbox.backlog().dead()).isEqualTo(1);
    }

    @Test
    void buriesAtOnceWhatCanNeverBeDelivered() {
        receiver.answer = entry -> DeliveryResult.dead("refused for good");
        var id = append("k", "1");
        startRelay();

        await().until(() -> state(id) == OutboxEntry.State.DEAD);

        assertThat(receiver.payloads).hasSize(1);
    }

    @Test
    void buriesWhatIsTooOld() {
        receiver.rules = new RetryRules(Duration.ofMillis(1), Duration.ofMillis(2), 1000, Duration.ofMillis(1));
        receiver.answer = entry -> DeliveryResult.retry("down");
        var id = append("k", "1");
        startRelay();

        await().until(() -> state(id) == OutboxEntry.State.DEAD);
    }

    @Test
    void replaysADeadLetterBehindWhatWaits() {
        var broken = new AtomicBoolean(true);
        receiver.answer = entry -> entry.message().payload().equals("bad") && broken.get()
                ? DeliveryResult.dead("broken")
                : DeliveryResult.delivered();
        var bad = append("k", "bad");
        startRelay();
        await().until(() -> state(bad) == OutboxEntry.State.DEAD);
        broken.set(false);

        assertThat(outbox.replay(bad)).isTrue();
        awaitDelivered(bad);

        assertThat(receiver.payloads).containsExactly("bad", "bad");
        assertThat(outbox.replay("no-such-id")).isFalse();
    }

    @Test
    void forgetsADeadLetterAndNothingElse() {
        receiver.answer = entry ->
                entry.message().payload().equals("bad") ? DeliveryResult.dead("broken") : DeliveryResult.delivered();
        var bad = append("k", "bad");
        var good = append("k", "good");
        startRelay();
        await().until(() -> state(bad) == OutboxEntry.State.DEAD);
        awaitDelivered(good);

        assertThat(outbox.discard(bad)).isTrue();

        assertThat(outbox.find(bad)).isEmpty();
        assertThat(outbox.discard(bad)).isFalse();
        assertThat(outbox.discard(good)).isFalse();
        assertThat(outbox.find(good)).isPresent();
    }

    @Test
    void replaysADeliveredMessageWithoutOrder() {
        var id = append(null, "1");
        startRelay();
        awaitDelivered(id);

        assertThat(outbox.replay(id)).isTrue();

        await().until(() -> receiver.payloads.size() == 2);
    }

    @Test
    void anExceptionOfTheDeliveryIsARetry() {
        var failures = new AtomicBoolean(true);
        receiver.answer = entry -> {
            if (failures.getAndSet(false)) {
                throw new IllegalStateException("thrown");
            }
            return DeliveryResult.delivered();
        };
        var id = append("k", "1");
        startRelay();

        awaitDelivered(id);

        assertThat(receiver.payloads).hasSize(2);
    }

    @Test
    void leavesKindsThatItDoesNotKnow() {
        var foreign =
                transactions.execute(status -> outbox.append(new OutboxMessage("foreign", "k", null, Map.of(), "")));
        var id = append("k2", "mine");
        startRelay();

        awaitDelivered(id);

        assertThat(state(foreign)).isEqualTo(OutboxEntry.State.PENDING);
        assertThat(outbox.backlog().pending()).isEqualTo(1);
    }

    @Test
    void purgesWhatEndedAndKeepsWhatWaits() {
        var delivered = append("done", "1");
        var relay = startRelay();
        awaitDelivered(delivered);
        relay.close();
        var waiting = append("open", "2");

        await().until(() -> outbox.purge(Duration.ZERO, Duration.ZERO) == 1
                || outbox.find(delivered).isEmpty());
        await().untilAsserted(() -> {
            outbox.purge(Duration.ZERO, Duration.ZERO);
            assertThat(jdbc.queryForList("select ordering_key from outbox_key", String.class))
                    .containsExactly("open");
        });

        assertThat(state(waiting)).isEqualTo(OutboxEntry.State.PENDING);
        assertThat(outbox.find(append("done", "3")).orElseThrow().sequence()).isEqualTo(1);
    }

    @Test
    void stopsCleanlyAndTheNextStartGoesOn() {
        var relay = startRelay();
        append("k", "1");
        await().until(() -> receiver.payloads.size() == 1);
        relay.close();
        var id = append("k", "2");
        assertThat(relay.isRunning()).isFalse();

        relay.start();

        awaitDelivered(id);
        assertThat(receiver.payloads).containsExactly("1", "2");
    }

    private List<Claim> claimInAnotherSession(int limit) {
        var claims = new ArrayList<Claim>();
        var session = new Thread(() -> claims.addAll(newOutbox().claim(List.of("test"), limit, Duration.ofSeconds(5))));
        session.start();
        try {
            session.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return claims;
    }

    private JdbcOutbox newOutbox() {
        return new JdbcOutbox(dataSource(), new JdbcTransactionManager(dataSource()));
    }

    @Test
    void whatWasNotTriedIsNoDelivery() {
        var asked = new AtomicInteger();
        receiver.rules = RetryRules.scheduled(List.of(Duration.ofMillis(5)));
        receiver.answer = entry -> asked.incrementAndGet() < 6
                ? DeliveryResult.later(Duration.ofMillis(5), "the receiver rests")
                : DeliveryResult.delivered();
        var id = append("k", "1");
        startRelay();

        awaitDelivered(id);

        assertThat(outbox.find(id).orElseThrow().deliveries()).isEqualTo(1);
    }

    private OutboxRelay startRelay() {
        var relay = new OutboxRelay(outbox, List.of(receiver), QUICK);
        relays.add(relay);
        relay.start();
        return relay;
    }

    private String append(@Nullable String key, String payload) {
        return transactions.execute(status -> outbox.append(message(key, payload)));
    }

    private void awaitDelivered(String id) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> state(id) == OutboxEntry.State.DELIVERED);
    }

    private OutboxEntry.State state(String id) {
        return outbox.find(id).orElseThrow().state();
    }

    private static OutboxMessage message(@Nullable String key, String payload) {
        return new OutboxMessage("test", key, null, Map.of(), payload);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
