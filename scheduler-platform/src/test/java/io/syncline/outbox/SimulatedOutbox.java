package io.syncline.outbox;

import io.syncline.outbox.OutboxEntry.State;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.InMemoryTables.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox of simulated nodes on one in-memory database, with the real relay of each: what {@link JdbcOutbox} says in SQL,
 * candidate list, lock, fence and guard of the state included.
 */
public final class SimulatedOutbox {

    /** A mistake in the outbox, to see that the checker finds it. */
    public enum Plant {
        /** What is claimed counts as delivered before it is sent. */
        DELIVERED_BEFORE_SENT,
        /** A message does not wait for those before it under its key. */
        ORDER_IGNORED
    }

    /** What goes wrong at a node's outbox, asked each time that it might. */
    public interface Faults {

        /** A read without locks shows what it showed before. */
        boolean staleRead();

        /** Another relay has locked some of the messages that are asked for. */
        boolean rowsLocked();

        /** An outcome came from a relay whose lease had passed to another. */
        void refusedByFence(String messageId);
    }

    /** A message as it was committed. */
    public record MessageRow(String id, String orderingKey, String payload, boolean pending, boolean dead) {}

    /** @param dueAt when it may be claimed; while it is leased, the end of the lease */
    private record Row(
            String id,
            OutboxMessage message,
            String orderingKey,
            long sequence,
            State state,
            int deliveries,
            long fence,
            Instant dueAt,
            Instant createdAt,
            @Nullable String cause) {

        Row leased(Instant until, boolean andDelivered) {
            var next = andDelivered ? State.DELIVERED : state;
            return new Row(
                    id, message, orderingKey, sequence, next, deliveries + 1, fence + 1, until, createdAt, cause);
        }

        Row ended(State end, @Nullable String why) {
            return new Row(id, message, orderingKey, sequence, end, deliveries, fence, dueAt, createdAt, why);
        }

        Row due(Instant at, int counted, @Nullable String why) {
            return new Row(id, message, orderingKey, sequence, state, counted, fence, at, createdAt, why);
        }

        OutboxEntry entry() {
            return new OutboxEntry(id, message, sequence, state, deliveries, createdAt, cause);
        }
    }

    private final InMemoryTables database;
    private final Supplier<Instant> clock;
    private final @Nullable Plant plant;
    private final Map<String, Row> messages = new TreeMap<>();
    private final Map<String, Long> sequences = new TreeMap<>();
    private long appended;

    public SimulatedOutbox(InMemoryTables database, Supplier<Instant> clock, @Nullable Plant plant) {
        this.database = database;
        this.clock = clock;
        this.plant = plant;
    }

    /** A node's way to it. */
    public Node on(PlatformTransactionManager transactions, Faults faults) {
        return new Node(transactions, faults);
    }

    /** The table of messages, as a {@link Change} names it. */
    public Object rows() {
        return messages;
    }

    public static MessageRow message(Object row) {
        var one = (Row) row;
        return new MessageRow(
                one.id, one.orderingKey, one.message.payload(), one.state == State.PENDING, one.state == State.DEAD);
    }

    /** The outbox as one node has it. */
    public final class Node {

        private final TransactionTemplate transactions;
        private final Faults faults;
        private final List<Runnable> listeners = new ArrayList<>();
        private final Claims claims = new Claims();
        private List<String> candidatesBefore = List.of();

        private Node(PlatformTransactionManager transactions, Faults faults) {
            this.transactions = new TransactionTemplate(transactions);
            this.faults = faults;
        }

        /**
         * Stores the message in the transaction of the change that it tells of.
         *
         * @param orderingKey never null
         */
        public void append(String kind, String orderingKey, String payload) {
            if (!database.inTransaction()) {
                throw new IllegalStateException("a message needs the transaction of the change that it tells of");
            }
            var message = new OutboxMessage(kind, orderingKey, null, Map.of(), payload);
            long sequence = sequences.getOrDefault(orderingKey, 0L) + 1;
            database.put(sequences, orderingKey, sequence);
            var id = "message-%06d".formatted(++appended);
            var now = clock.get();
            database.put(
                    messages, id, new Row(id, message, orderingKey, sequence, State.PENDING, 0, 0, now, now, null));
            database.afterCommit(() -> listeners.forEach(Runnable::run));
        }

        /** Runs the listener after each commit of this node that appended something. */
        public void onCommit(Runnable listener) {
            claims.onCommit(listener);
        }

        /** The product's relay, which looks when it is told to. */
        public Relay relay(Collection<? extends Delivery> deliveries, DoubleSupplier jitter) {
            return new Relay(new OutboxRelay(claims, deliveries, RelaySettings.standard(), jitter));
        }

        private final class Claims extends MessageClaims {

            @Override
            void onCommit(Runnable listener) {
                listeners.add(listener);
            }

            @Override
            void forget(Runnable listener) {
                listeners.remove(listener);
            }

            @Override
            List<Claim> claim(Collection<String> kinds, int limit, Duration lease) {
                return Objects.requireNonNull(transactions.execute(status -> {
                    var now = clock.get();
                    var claimed = new ArrayList<Claim>();
                    for (var id : candidates(kinds, now)) {
                        var row = messages.get(id);
                        // Read without locks, and looked at once more under the lock.
                        var isDue = row != null && row.state == State.PENDING && !row.dueAt.isAfter(now);
                        if (isDue && claimed.size() < limit && !faults.rowsLocked()) {
                            var leased = row.leased(now.plus(lease), plant == Plant.DELIVERED_BEFORE_SENT);
                            database.put(messages, id, leased);
                            claimed.add(new Claim(leased.entry(), leased.fence, now));
                        }
                    }
                    return claimed;
                }));
            }

            private List<String> candidates(Collection<String> kinds, Instant now) {
                var before = candidatesBefore;
                var due = new ArrayList<Row>();
                var first = new HashMap<String, Long>();
                for (var row : messages.values()) {
                    if (row.state == State.PENDING) {
                        first.merge(row.orderingKey, row.sequence, Math::min);
                        if (!row.dueAt.isAfter(now) && kinds.contains(row.message.kind())) {
                            due.add(row);
                        }
                    }
                }
                candidatesBefore = due.stream()
                        .filter(row -> plant == Plant.ORDER_IGNORED || first.get(row.orderingKey) == row.sequence)
                        .sorted(Comparator.comparing(Row::dueAt).thenComparing(Row::id))
                        .map(Row::id)
                        .toList();
                return !before.isEmpty() && faults.staleRead() ? before : candidatesBefore;
            }

            @Override
            boolean delivered(Claim claim) {
                return update(claim, row -> row.ended(State.DELIVERED, null));
            }

            @Override
            boolean dead(Claim claim, String cause) {
                return update(claim, row -> row.ended(State.DEAD, cause));
            }

            @Override
            boolean retry(Claim claim, Duration delay, String cause) {
                return update(claim, row -> row.due(clock.get().plus(delay), row.deliveries, cause));
            }

            @Override
            boolean giveBack(Claim claim, Duration until) {
                return update(claim, row -> row.due(clock.get().plus(until), row.deliveries - 1, row.cause));
            }

            /** By the guard of the table: the fence, and that it is still open. */
            private boolean update(Claim claim, UnaryOperator<Row> change) {
                var id = claim.entry().id();
                return Boolean.TRUE.equals(transactions.execute(status -> {
                    var row = messages.get(id);
                    if (row == null || row.fence != claim.fence() || row.state != State.PENDING) {
                        faults.refusedByFence(id);
                        return false;
                    }
                    database.put(messages, id, change.apply(row));
                    return true;
                }));
            }

            @Override
            int purge(Duration keepDelivered, Duration keepDead) {
                throw new UnsupportedOperationException("what has ended stays to be looked at");
            }
        }
    }

    /** A relay without its threads. */
    public static final class Relay {

        private final OutboxRelay relay;

        private Relay(OutboxRelay relay) {
            this.relay = relay;
        }

        /** Claims what is due and hands over its deliveries; returns how many. */
        public int look(Executor deliveries) {
            return relay.claimAndDeliver(deliveries);
        }
    }
}
