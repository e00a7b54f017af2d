package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.InMemoryTables;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.node.JsonNodeFactory;

/** The table of trigger messages in memory, and the real intake of each simulated node before it. */
public final class SimulatedInbox {

    /** A message as it was committed. */
    public record Message(
            String triggerId, String source, String id, TriggerStatus status, String contentHash, Instant receivedAt) {}

    private final InMemoryTables database;
    private final boolean withoutUniqueKey;
    private final Map<String, StoredMessage> rows = new TreeMap<>();
    private final Map<String, StoredMessage> taken = new HashMap<>();

    /** @param withoutUniqueKey a planted mistake: the same message may be taken twice at the same moment */
    public SimulatedInbox(InMemoryTables database, boolean withoutUniqueKey) {
        this.database = database;
        this.withoutUniqueKey = withoutUniqueKey;
    }

    /** One node's; a copy that is committed at the same moment is not seen by its first look. */
    private final class Table implements TriggerMessages {

        private final BooleanSupplier staleRead;
        private boolean wasStale;

        private Table(BooleanSupplier staleRead) {
            this.staleRead = staleRead;
        }

        @Override
        public void insert(Collection<StoredMessage> messages) {
            messages.forEach(this::insert);
        }

        private void insert(StoredMessage message) {
            var key = message.dedupKey();
            if (key != null) {
                if (taken.containsKey(key) && !withoutUniqueKey) {
                    throw new DuplicateKeyException("dedup key " + key);
                }
                database.put(taken, key, message);
            }
            database.put(rows, message.triggerId(), message);
        }

        @Override
        public Map<String, StoredMessage> accepted(Collection<String> dedupKeys) {
            var found = new HashMap<String, StoredMessage>();
            for (String key : dedupKeys) {
                wasStale = !wasStale && taken.containsKey(key) && staleRead.getAsBoolean();
                if (!wasStale && taken.containsKey(key)) {
                    found.put(key, taken.get(key));
                }
            }
            return found;
        }

        @Override
        public void cameAgain(String triggerId, Instant now) {}

        @Override
        public List<String> rejected(Collection<Name> names, int limit) {
            return List.of();
        }

        @Override
        public Optional<StoredMessage> find(String triggerId, Labels labels) {
            return Optional.ofNullable(rows.get(triggerId));
        }

        @Override
        public boolean isKept(String source, String messageId, String hash) {
            return rows.values().stream()
                    .anyMatch(row -> row.source().equals(source)
                            && row.messageId().equals(messageId)
                            && row.contentHash().equals(hash));
        }

        @Override
        public Optional<StoredMessage> lock(String triggerId) {
            return find(triggerId, Labels.ALL);
        }

        @Override
        public List<Copy> copies(Collection<String> triggerIds) {
            return List.of();
        }
    }

    private record NoSystems() implements Systems {
        @Override
        public Optional<SyncSystem> find(String key) {
            return Optional.empty();
        }

        @Override
        public List<SyncSystem> all() {
            return List.of();
        }

        @Override
        public Set<String> ownersOf(String source) {
            return Set.of();
        }
    }

    public Intake on(
            Runs runs,
            TaskGroups groups,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            AlertSignals alerts,
            MeterRegistry meters,
            BooleanSupplier staleRead) {
        return new Intake(
                new Table(staleRead),
                (triggerId, plan, traceparent) -> {
                    throw new UnsupportedOperationException("no group verifies");
                },
                alerts,
                groups,
                new NoSystems(),
                runs,
                clock,
                transactions,
                meters,
                event -> {});
    }

    /** Sends a message to one node's intake. */
    public static Judgement send(
            Intake intake,
            String source,
            String id,
            String type,
            String subject,
            @Nullable String partitionKey,
            int content) {
        var attributes = new TreeMap<>(
                Map.of("specversion", "1.0", "source", source, "id", id, "type", type, "subject", subject));
        if (partitionKey != null) {
            attributes.put("partitionkey", partitionKey);
        }
        var data = JsonNodeFactory.instance.objectNode().put("n", content);
        return intake.accept(new CloudEvent(attributes, data, null), new Sender("upstream", null, "REST", null));
    }

    /** The table itself, by which a commit tells its changes. */
    public Object rows() {
        return rows;
    }

    public static Message message(Object row) {
        var stored = (StoredMessage) row;
        return new Message(
                stored.triggerId(),
                stored.source(),
                stored.messageId(),
                stored.status(),
                stored.contentHash(),
                stored.receivedAt());
    }
}
