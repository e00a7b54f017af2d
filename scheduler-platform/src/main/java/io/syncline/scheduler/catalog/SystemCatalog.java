package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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
    private final TaskGroups groups;
    private final CachedSystems cached;
    private final ObjectProvider<ApprovedOrigins> approvedOrigins;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    SystemCatalog(
            JdbcSystems systems,
            TaskGroups groups,
            CachedSystems cached,
            ObjectProvider<ApprovedOrigins> approvedOrigins,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.systems = systems;
        this.groups = groups;
        this.cached = cached;
        this.approvedOrigins = approvedOrigins;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    public Page<StoredVersion> list(PageRequest page, Labels labels) {
        String last = page.last("systems");
        return Page.cut(
                systems.after(last == null ? " " : last, page.limit() + 1, labels),
                page.limit(),
                row -> PageRequest.cursor("systems", row.key()));
    }

    /** @throws ProblemException 404 */
    public StoredVersion get(String key, Labels labels) {
        return systems.current(key)
                .filter(system -> WithinReach.readable(labels, read(system).labels()))
                .orElseThrow(() -> unknown(key));
    }

    /** A shared system is there for all to read, and for those who reach everything to change. */
    private static void mustReachToChange(SyncSystem system, Labels labels) {
        if (system.labels().isEmpty() && !labels.all()) {
            throw ProblemException.of(403, "forbidden", "Forbidden")
                    .detail("The system '" + system.key()
                            + "' has no labels and is shared; only who reaches all labels may change it.");
        }
    }

    /** The stored form for summaries. */
    public SyncSystem read(StoredVersion version) {
        return CachedSystems.parse(version);
    }

    /** Replaces the system; a document equal to the current one stays what it is. */
    public Stored<StoredVersion> put(
            String key, DocumentFormat format, byte[] body, Precondition precondition, Editor editor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            Stored<StoredVersion> stored = transactions.execute(status -> put(key, document, precondition, editor));
            if (stored == null) {
                throw new IllegalStateException("the transaction gave no result");
            }
            return stored;
        } catch (DuplicateKeyException e) {
            // someone else has created it between our look and our insert
            precondition.check(systems.current(key)
                    .filter(system ->
                            WithinReach.readable(editor.labels(), read(system).labels()))
                    .map(StoredVersion::version)
                    .orElse(null));
            throw editor.labels().all() ? e : DocumentProblems.keyTaken(key);
        } finally {
            cached.expire();
        }
    }

    private Stored<StoredVersion> put(String key, ObjectNode document, Precondition precondition, Editor editor) {
        Optional<JdbcSystems.Latest> latest = systems.lock(key);
        StoredVersion standing = systems.current(key).orElse(null);
        SyncSystem old = standing == null ? null : read(standing);
        boolean foreign = old != null && !WithinReach.readable(editor.labels(), old.labels());
        if (old != null && !foreign) {
            mustReachToChange(old, editor.labels());
        }
        StoredVersion before = foreign ? null : standing;
        Integer current = before == null ? null : before.version();
        precondition.check(current);
        int next = latest.map(found -> found.version() + 1).orElse(1);
        SyncSystem read = DocumentProblems.told(() -> SystemDocument.read(
                document,
                key,
                next,
                surroundings(new LabelEdit(editor.labels(), old == null || foreign ? List.of() : old.labels()))));
        if (foreign) {
            throw DocumentProblems.keyTaken(key);
        }
        if (read.instances().isEmpty() && current != null) {
            refuseWhileNamed(key, "without instances it could not be called any more", editor.labels());
        }
        if (before != null && Documents.json(before.document()).equals(document)) {
            return new Stored<>(before, false);
        }
        Instant now = clock.now();
        StoredVersion stored = new StoredVersion(key, next, Documents.toJson(document), now, editor.name());
        systems.store(stored, latest.isEmpty());
        systems.label(read);
        publish("put", key, before == null ? null : before.document(), stored.document(), editor, now);
        return new Stored<>(stored, before == null);
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a group names it */
    public void delete(String key, Precondition precondition, Editor editor) {
        transactions.executeWithoutResult(status -> {
            int version = systems.lock(key)
                    .filter(found -> !found.deleted())
                    .map(JdbcSystems.Latest::version)
                    .orElseThrow(() -> unknown(key));
            StoredVersion before = get(key, editor.labels());
            mustReachToChange(read(before), editor.labels());
            precondition.check(version);
            refuseWhileNamed(key, "it cannot be deleted", editor.labels());
            Instant now = clock.now();
            systems.delete(key, now);
            publish("delete", key, before.document(), null, editor, now);
        });
        cached.expire();
    }

    private void refuseWhileNamed(String key, String consequence, Labels labels) {
        List<String> naming = systems.groupsNaming(key);
        if (!naming.isEmpty()) {
            var shown = new TreeSet<>(groups.withinReach(labels, naming));
            throw DocumentProblems.inUse("The system '" + key + "' is named by the task groups "
                    + String.join(", ", shown)
                    + (shown.size() == naming.size() ? "" : shown.isEmpty() ? "of others" : " and others") + "; "
                    + consequence + ".");
        }
    }

    private Surroundings surroundings(LabelEdit edit) {
        return new Surroundings() {
            @Override
            public LabelEdit labels() {
                return edit;
            }

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
            String action, String key, @Nullable String before, @Nullable String after, Editor editor, Instant now) {
        events.publishEvent(
                new ConfigChanged(editor.name(), action, SystemDocument.KIND, key, before, after, null, now));
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no system '" + key + "'.");
    }
}
