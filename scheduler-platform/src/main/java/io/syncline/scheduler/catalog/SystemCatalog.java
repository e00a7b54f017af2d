package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What operators do with systems: each method is one business move in one transaction. */
@Service
public class SystemCatalog {

    /** For how long a replaced secret may still be presented, unless said otherwise. */
    static final Duration OVERLAP = Duration.ofHours(24);

    private final JdbcSystems systems;
    private final TaskGroups groups;
    private final SystemCredentials credentials;
    private final CachedSystems cached;
    private final ObjectProvider<ApprovedOrigins> approvedOrigins;
    private final ManagedObjects managed;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    SystemCatalog(
            JdbcSystems systems,
            TaskGroups groups,
            SystemCredentials credentials,
            CachedSystems cached,
            ObjectProvider<ApprovedOrigins> approvedOrigins,
            ManagedObjects managed,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.systems = systems;
        this.groups = groups;
        this.credentials = credentials;
        this.cached = cached;
        this.approvedOrigins = approvedOrigins;
        this.managed = managed;
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

    /** The systems in memory are read anew once the caller's transaction has ended. */
    void expireAfterwards() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                cached.expire();
            }
        });
    }

    /** The first groups within reach that call each of these systems, by the system; one more than {@code most} if there are. */
    public Map<String, List<String>> groupsCalling(Collection<String> keys, int most, Labels labels) {
        return systems.groupsNaming(keys, most + 1, labels);
    }

    /** The stored form for summaries. */
    public SyncSystem read(StoredVersion version) {
        return CachedSystems.parse(version);
    }

    /**
     * The document as it is shown: what is known of each credential, and in {@code status} the names of those whose secret
     * was cleared.
     */
    public ObjectNode show(StoredVersion version) {
        ObjectNode document = StatusMember.with(
                version,
                managed.find(SystemDocument.KIND, version.key())
                        .map(ManagedObject::status)
                        .orElse(Map.of()));
        if (!(document.get(CredentialReader.NAME) instanceof ObjectNode shown) || shown.isEmpty()) {
            return document;
        }
        ArrayNode cleared = document.withObject(StatusMember.NAME).putArray("clearedCredentials");
        for (JdbcCredentials.Row row : credentials.rows(version.key())) {
            if (shown.get(row.name()) instanceof ObjectNode credential) {
                put(credential, "secretSetAt", row.secretSetAt());
                put(credential, "rotatedAt", row.rotatedAt());
                put(credential, "clearedAt", row.clearedAt());
                put(credential, "expiresAt", row.expiresAt());
                put(credential, "fingerprint", row.fingerprint());
                put(credential, "usedAt", row.usedAt());
                put(credential, "previousUntil", row.previousUntil());
                put(credential, "previousFingerprint", row.previousFingerprint());
                put(credential, "previousUsedAt", row.previousUsedAt());
                if (row.clearedAt() != null) {
                    cleared.add(row.name());
                }
            }
        }
        return document;
    }

    private static void put(ObjectNode object, String name, @Nullable Object known) {
        if (known != null) {
            object.put(name, known.toString());
        }
    }

    /**
     * Puts a new secret in the place of one credential's, of which the old may be presented until the overlap ends.
     *
     * @param body the members of the credential that change, its secret among them, and {@code overlap}
     * @throws ProblemException 400, 404, 422
     */
    public StoredVersion rotate(String key, String name, byte[] body, Editor editor) {
        ObjectNode change = DocumentProblems.told(() -> DocumentFormat.JSON.read(body));
        try {
            return required(transactions.execute(status -> rotate(key, name, change, editor)));
        } finally {
            cached.expire();
        }
    }

    private StoredVersion rotate(String key, String name, ObjectNode change, Editor editor) {
        if (systems.lock(key).isEmpty()) {
            throw unknown(key);
        }
        StoredVersion before = get(key, editor.labels());
        SyncSystem old = read(before);
        mustReachToChange(old, editor.labels());
        ObjectNode document = Documents.json(before.document());
        if (!(document.path(CredentialReader.NAME).get(name) instanceof ObjectNode credential)) {
            throw DocumentProblems.notFound("The system '" + key + "' has no credential '" + name + "'.");
        }
        Duration overlap = DocumentProblems.told(() -> CredentialRotation.apply(change, credential));
        LabelEdit edit = new LabelEdit(editor.labels(), old.labels());
        Map<String, KeptCredential> kept = credentials.of(key);
        SystemDocument.Read read = DocumentProblems.told(() -> CredentialRotation.unprefixed(
                name,
                () -> SystemDocument.readAll(document, key, before.version() + 1, surroundings(edit, old, kept))));
        return write(read, before, false, overlap, "rotate", editor);
    }

    /**
     * Ends the overlap of a rotation: the secret before the present one is presented no more, on no node.
     *
     * @throws ProblemException 404, or 409 when there is none
     */
    public StoredVersion retire(String key, String name, Editor editor) {
        try {
            return required(transactions.execute(status -> retireWithin(key, name, editor)));
        } finally {
            cached.expire();
        }
    }

    /** The version grows, since by that the other nodes see it. */
    private StoredVersion retireWithin(String key, String name, Editor editor) {
        if (systems.lock(key).isEmpty()) {
            throw unknown(key);
        }
        StoredVersion before = get(key, editor.labels());
        SyncSystem old = read(before);
        mustReachToChange(old, editor.labels());
        if (!old.credentials().containsKey(name)) {
            throw DocumentProblems.notFound("The system '" + key + "' has no credential '" + name + "'.");
        }
        if (!credentials.retire(key, name)) {
            throw DocumentProblems.nothingToRetire(
                    "The credential '" + name + "' of system '" + key + "' has no secret but the present one.");
        }
        LabelEdit edit = new LabelEdit(editor.labels(), old.labels());
        Map<String, KeptCredential> kept = credentials.of(key);
        SystemDocument.Read read = DocumentProblems.told(() -> SystemDocument.readAll(
                Documents.json(before.document()), key, before.version() + 1, surroundings(edit, old, kept)));
        return write(read, before, false, OVERLAP, "retire", editor);
    }

    /**
     * Replaces the system; a document equal to the current one, without secrets, stays what it is. Credentials without
     * their secret keep the stored one; one that is replaced may be presented for 24 h more.
     */
    public Stored<StoredVersion> put(
            String key, DocumentFormat format, byte[] body, Precondition precondition, Editor editor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            return required(transactions.execute(status -> put(key, document, precondition, editor)));
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
        systems.lock(key);
        StoredVersion before = systems.current(key).orElse(null);
        Stored<StoredVersion> stored = putUnverified(key, document, precondition, editor);
        verify(key, before, editor);
        return stored;
    }

    /** Within the caller's transaction; {@link #verify} is to follow. */
    Stored<StoredVersion> putUnverified(String key, ObjectNode document, Precondition precondition, Editor editor) {
        Optional<LatestVersion> latest = systems.lock(key);
        StoredVersion standing = systems.current(key).orElse(null);
        SyncSystem old = standing == null ? null : read(standing);
        boolean foreign = old != null && !WithinReach.readable(editor.labels(), old.labels());
        if (old != null && !foreign) {
            mustReachToChange(old, editor.labels());
        }
        StoredVersion before = foreign ? null : standing;
        Integer current = before == null ? null : before.version();
        precondition.check(current);
        int next = latest.map(found -> found.number() + 1).orElse(1);
        CredentialReader.removeShown(document);
        LabelEdit edit = new LabelEdit(editor.labels(), old == null || foreign ? List.of() : old.labels());
        Map<String, KeptCredential> kept = before == null ? Map.of() : credentials.of(key);
        SyncSystem own = foreign ? null : old;
        SystemDocument.Read read =
                DocumentProblems.told(() -> SystemDocument.readAll(document, key, next, surroundings(edit, own, kept)));
        if (foreign) {
            throw DocumentProblems.keyTaken(key);
        }
        managed.mayEdit(SystemDocument.KIND, key, editor, clock.now());
        boolean sendsSecrets = read.credentials().values().stream().anyMatch(CredentialReader.Read::sent);
        if (before != null && !sendsSecrets && Documents.json(before.document()).equals(read.stored())) {
            return new Stored<>(before, false);
        }
        StoredVersion stored = write(read, before, latest.isEmpty(), OVERLAP, "put", editor);
        return new Stored<>(stored, before == null);
    }

    /** Refuses what the groups that name the system could not go on with. */
    void verify(String key, @Nullable StoredVersion before, Editor editor) {
        StoredVersion after = systems.current(key).orElse(null);
        if (before == null || after == null || before.version() == after.version()) {
            return;
        }
        SyncSystem system = read(after);
        if (system.instances().isEmpty()) {
            refuseWhileNamed(key, "without instances it could not be called any more", editor.labels());
        }
        refuseWhileCredentialsAreNamed(key, read(before).credentials(), system.credentials(), editor.labels());
    }

    private StoredVersion write(
            SystemDocument.Read read,
            @Nullable StoredVersion before,
            boolean isNew,
            Duration overlap,
            String action,
            Editor editor) {
        Instant now = clock.now();
        String key = read.system().key();
        StoredVersion stored =
                new StoredVersion(key, read.system().version(), Documents.toJson(read.stored()), now, editor.name());
        systems.store(stored, isNew);
        systems.label(read.system());
        credentials.store(key, read.credentials(), Origins.of(read.system().instances()), overlap, now);
        publish(action, key, before == null ? null : before.document(), stored.document(), editor, now);
        return stored;
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a group names it */
    public void delete(String key, Precondition precondition, Editor editor) {
        transactions.executeWithoutResult(status -> deleteWithin(key, precondition, editor));
        cached.expire();
    }

    /** The same within the caller's transaction. */
    void deleteWithin(String key, Precondition precondition, Editor editor) {
        int version = systems.lock(key)
                .filter(found -> !found.deleted())
                .map(LatestVersion::number)
                .orElseThrow(() -> unknown(key));
        StoredVersion before = get(key, editor.labels());
        mustReachToChange(read(before), editor.labels());
        precondition.check(version);
        refuseWhileNamed(key, "it cannot be deleted", editor.labels());
        Instant now = clock.now();
        managed.mayEdit(SystemDocument.KIND, key, editor, now);
        managed.forget(SystemDocument.KIND, key);
        credentials.deleteAll(key);
        systems.delete(key, now);
        publish("delete", key, before.document(), null, editor, now);
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

    private void refuseWhileCredentialsAreNamed(
            String key, Map<String, AuthType> before, Map<String, AuthType> after, Labels labels) {
        Map<String, AuthType> gone = new HashMap<>(before);
        gone.entrySet().removeIf(entry -> after.get(entry.getKey()) == entry.getValue());
        if (gone.isEmpty()) {
            return;
        }
        for (JdbcSystems.Naming naming : systems.documentsNaming(key)) {
            for (JsonNode task : Documents.json(naming.document()).path("tasks").values()) {
                String named = task.path("auth").path("credential").asString("");
                if (task.path("system").asString("").equals(key) && gone.containsKey(named)) {
                    boolean shown =
                            groups.withinReach(labels, List.of(naming.group())).contains(naming.group());
                    throw DocumentProblems.inUse("The credential '" + named + "' is named by "
                            + (shown
                                    ? "the task '" + task.path("key").asString("") + "' of the task group '"
                                            + naming.group() + "'"
                                    : "a task of others")
                            + "; let the task name another first.");
                }
            }
        }
    }

    /** Who keeps a source for a system decides who may start the groups that listen to it. */
    private boolean mayKeepSource(String source, Labels labels, @Nullable SyncSystem old) {
        if (labels.all() || (old != null && old.sources().contains(source))) {
            return true;
        }
        // The systems in memory may be a second old, and must never hold what a plan has written and will undo.
        boolean foreignOwner = systems.all().stream()
                .map(this::read)
                .anyMatch(system -> system.sources().contains(source) && !labels.reach(system.labels()));
        List<String> listening = foreignOwner ? List.of() : systems.groupsListening(source);
        return !foreignOwner && groups.withinReach(labels, listening).containsAll(listening);
    }

    private Surroundings surroundings(LabelEdit edit, @Nullable SyncSystem old, Map<String, KeptCredential> kept) {
        return new Surroundings() {
            @Override
            public LabelEdit labels() {
                return edit;
            }

            @Override
            public boolean mayKeepSource(String source) {
                return SystemCatalog.this.mayKeepSource(source, edit.own(), old);
            }

            @Override
            public Optional<KeptCredential> kept(String credential) {
                return Optional.ofNullable(kept.get(credential));
            }

            @Override
            public Optional<SyncSystem> system(String key) {
                return Optional.empty();
            }

            @Override
            public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
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
        events.publishEvent(new ConfigChanged(
                editor.name(), action, SystemDocument.KIND, key, before, after, editor.reason(), now, editor.means()));
    }

    private static <T> T required(@Nullable T result) {
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no system '" + key + "'.");
    }
}
