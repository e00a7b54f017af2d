package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.ObjectNode;

/** What operators do with systems: each method is one business move in one transaction. */
@Service
public class SystemCatalog {

    private final JdbcSystems systems;
    private final CachedSystems cached;
    private final ObjectProvider<ApprovedOrigins> approvedOrigins;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    SystemCatalog(
            JdbcSystems systems,
            CachedSystems cached,
            ObjectProvider<ApprovedOrigins> approvedOrigins,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.systems = systems;
        this.cached = cached;
        this.approvedOrigins = approvedOrigins;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    public Page<StoredVersion> list(PageRequest page) {
        String last = page.last("systems");
        return Page.cut(
                systems.after(last == null ? " " : last, page.limit() + 1),
                page.limit(),
                row -> PageRequest.cursor("systems", row.key()));
    }

    /** @throws ProblemException 404 */
    public StoredVersion get(String key) {
        return systems.current(key).orElseThrow(() -> unknown(key));
    }

    /** The stored form for summaries. */
    public SyncSystem read(StoredVersion version) {
        return CachedSystems.parse(version);
    }

    /** Replaces the system; a document equal to the current one stays what it is. */
    public Stored<StoredVersion> put(
            String key, DocumentFormat format, byte[] body, Precondition precondition, String actor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            Stored<StoredVersion> stored = transactions.execute(status -> put(key, document, precondition, actor));
            if (stored == null) {
                throw new IllegalStateException("the transaction gave no result");
            }
            return stored;
        } catch (DuplicateKeyException e) {
            // someone else has created it between our look and our insert
            precondition.check(systems.current(key).map(StoredVersion::version).orElse(null));
            throw e;
        } finally {
            cached.expire();
        }
    }

    private Stored<StoredVersion> put(String key, ObjectNode document, Precondition precondition, String actor) {
        Optional<JdbcSystems.Latest> latest = systems.lock(key);
        Integer current = latest.filter(found -> !found.deleted())
                .map(JdbcSystems.Latest::version)
                .orElse(null);
        precondition.check(current);
        int next = latest.map(found -> found.version() + 1).orElse(1);
        SyncSystem read = DocumentProblems.told(() -> SystemDocument.read(document, key, next, surroundings()));
        if (read.instances().isEmpty() && current != null) {
            refuseWhileNamed(key, "without instances it could not be called any more");
        }
        StoredVersion before = current == null ? null : get(key);
        if (before != null && Documents.json(before.document()).equals(document)) {
            return new Stored<>(before, false);
        }
        Instant now = clock.now();
        StoredVersion stored = new StoredVersion(key, next, Documents.toJson(document), now, actor);
        systems.store(stored, latest.isEmpty());
        publish("put", key, before == null ? null : before.document(), stored.document(), actor, now);
        return new Stored<>(stored, before == null);
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a group names it */
    public void delete(String key, Precondition precondition, String actor) {
        transactions.executeWithoutResult(status -> {
            int version = systems.lock(key)
                    .filter(found -> !found.deleted())
                    .map(JdbcSystems.Latest::version)
                    .orElseThrow(() -> unknown(key));
            precondition.check(version);
            refuseWhileNamed(key, "it cannot be deleted");
            Instant now = clock.now();
            StoredVersion before = get(key);
            systems.delete(key, now);
            publish("delete", key, before.document(), null, actor, now);
        });
        cached.expire();
    }

    private void refuseWhileNamed(String key, String consequence) {
        List<String> naming = systems.groupsNaming(key);
        if (!naming.isEmpty()) {
            throw DocumentProblems.inUse("The system '" + key + "' is named by the task groups "
                    + String.join(", ", naming) + "; " + consequence + ".");
        }
    }

    private Surroundings surroundings() {
        return new Surroundings() {
            @Override
            public Optional<SyncSystem> system(String key) {
                return Optional.empty();
            }

            @Override
            public List<Instant> fireTimes(String cron, ZoneId zone) {
                return List.of();
            }

            @Override
            public boolean approved(URI instance) {
                return approvedOrigins.getObject().approved(instance);
            }
        };
    }

    private void publish(
            String action, String key, @Nullable String before, @Nullable String after, String actor, Instant now) {
        events.publishEvent(new ConfigChanged(actor, action, SystemDocument.KIND, key, before, after, null, now));
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no system '" + key + "'.");
    }
}
