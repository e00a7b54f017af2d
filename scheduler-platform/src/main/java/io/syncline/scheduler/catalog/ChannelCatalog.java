package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
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
import tools.jackson.databind.node.ObjectNode;

/** What operators do with channels: each method is one business move in one transaction. */
@Service
public class ChannelCatalog implements Channels {

    private static final String CLEARED =
            "its secret was cleared because the channel leads to another origin now; send it again";
    private static final String UNREADABLE = "its stored secret cannot be opened; send it again";

    private final JdbcChannels channels;
    private final TaskGroups groups;
    private final ChannelSecrets secrets;
    private final ObjectProvider<ApprovedOrigins> approvedOrigins;
    private final ManagedObjects managed;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    ChannelCatalog(
            JdbcChannels channels,
            TaskGroups groups,
            ChannelSecrets secrets,
            ObjectProvider<ApprovedOrigins> approvedOrigins,
            ManagedObjects managed,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.channels = channels;
        this.groups = groups;
        this.secrets = secrets;
        this.approvedOrigins = approvedOrigins;
        this.managed = managed;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    /** A channel and what is known of its secrets. */
    public record View(StoredVersion stored, ObjectNode document) {

        public int version() {
            return stored.version();
        }
    }

    public Page<View> list(PageRequest page, Labels labels) {
        String last = page.last("channels");
        Page<JdbcChannels.Row> rows = Page.cut(
                channels.after(last == null ? " " : last, page.limit() + 1, labels),
                page.limit(),
                row -> PageRequest.cursor("channels", row.stored().key()));
        return new Page<>(rows.items().stream().map(this::view).toList(), rows.nextCursor());
    }

    /** @throws ProblemException 404 */
    public View get(String key, Labels labels) {
        return view(reached(key, labels));
    }

    /** The channel as it is used. @throws ProblemException 404 */
    public Channel open(String key, Labels labels) {
        return opened(reached(key, labels));
    }

    @Override
    public Optional<Channel> find(String key) {
        return channels.current(key).map(this::opened);
    }

    /** Replaces the channel; a document equal to the current one, without secrets, stays what it is. */
    public Stored<View> put(String key, DocumentFormat format, byte[] body, Precondition precondition, Editor editor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            return required(transactions.execute(status -> put(key, document, precondition, editor)));
        } catch (DuplicateKeyException e) {
            // someone else has created it between our look and our insert
            precondition.check(channels.current(key)
                    .filter(row -> WithinReach.readable(editor.labels(), labels(row)))
                    .map(row -> row.stored().version())
                    .orElse(null));
            throw editor.labels().all() ? e : DocumentProblems.keyTaken(key);
        }
    }

    /** The same within the caller's transaction. */
    Stored<View> put(String key, ObjectNode document, Precondition precondition, Editor editor) {
        JdbcChannels.Row latest = channels.lock(key).orElse(null);
        JdbcChannels.Row standing = latest == null || latest.deleted() ? null : latest;
        boolean foreign = standing != null && !WithinReach.readable(editor.labels(), labels(standing));
        JdbcChannels.Row before = foreign ? null : standing;
        if (before != null) {
            mustReachToChange(before, editor.labels());
        }
        precondition.check(before == null ? null : before.stored().version());
        LabelEdit edit = new LabelEdit(editor.labels(), before == null ? List.of() : labels(before));
        ChannelDocument.Kept kept = before == null
                ? null
                : new ChannelDocument.Kept(
                        before.type(),
                        before.origin(),
                        secrets.open(before).orElse(Map.of()),
                        before.clearedAt() != null);
        ChannelDocument.Read read =
                DocumentProblems.told(() -> ChannelDocument.read(document, key, surroundings(edit), kept));
        if (foreign) {
            throw DocumentProblems.keyTaken(key);
        }
        managed.mayEdit(ChannelDocument.KIND, key, editor, clock.now());
        if (before != null
                && !read.sent()
                && Documents.json(before.stored().document()).equals(read.stored())) {
            return new Stored<>(view(before), false);
        }
        Instant now = clock.now();
        StoredVersion stored = new StoredVersion(
                key,
                latest == null ? 1 : latest.stored().version() + 1,
                Documents.toJson(read.stored()),
                now,
                editor.name());
        Instant setAt = read.sent() ? now : before == null ? null : before.secretSetAt();
        Instant clearedAt =
                !read.cleared() ? null : before != null && before.clearedAt() != null ? before.clearedAt() : now;
        JdbcChannels.Row row = new JdbcChannels.Row(
                stored, read.type(), read.origin(), secrets.seal(key, read.secrets()), setAt, clearedAt, false);
        channels.store(row, read.labels(), latest == null);
        publish("put", key, before == null ? null : before.stored().document(), stored.document(), editor, now);
        return new Stored<>(view(row), before == null);
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a group names it */
    public void delete(String key, Precondition precondition, Editor editor) {
        transactions.executeWithoutResult(status -> deleteWithin(key, precondition, editor));
    }

    /** The same within the caller's transaction. */
    void deleteWithin(String key, Precondition precondition, Editor editor) {
        JdbcChannels.Row row = channels.lock(key)
                .filter(found -> !found.deleted())
                .filter(found -> WithinReach.readable(editor.labels(), labels(found)))
                .orElseThrow(() -> unknown(key));
        mustReachToChange(row, editor.labels());
        precondition.check(row.stored().version());
        refuseWhileNamed(key, editor.labels());
        Instant now = clock.now();
        managed.mayEdit(ChannelDocument.KIND, key, editor, now);
        managed.forget(ChannelDocument.KIND, key);
        channels.delete(key, now);
        publish("delete", key, row.stored().document(), null, editor, now);
    }

    private void refuseWhileNamed(String key, Labels labels) {
        List<String> naming = channels.groupsNaming(key);
        if (!naming.isEmpty()) {
            var shown = new TreeSet<>(groups.withinReach(labels, naming));
            throw DocumentProblems.inUse("The channel '" + key + "' is named by the task groups "
                    + String.join(", ", shown)
                    + (shown.size() == naming.size() ? "" : shown.isEmpty() ? "of others" : " and others")
                    + "; let them name another, then delete it.");
        }
    }

    private JdbcChannels.Row reached(String key, Labels labels) {
        return channels.current(key)
                .filter(row -> WithinReach.readable(labels, labels(row)))
                .orElseThrow(() -> unknown(key));
    }

    /** A shared channel is there for all to read and name, and for those who reach everything to change. */
    private static void mustReachToChange(JdbcChannels.Row row, Labels labels) {
        if (labels(row).isEmpty() && !labels.all()) {
            throw ProblemException.of(403, "forbidden", "Forbidden")
                    .detail("The channel '" + row.stored().key()
                            + "' has no labels and is shared; only who reaches all labels may change it.");
        }
    }

    private View view(JdbcChannels.Row row) {
        Map<String, Object> status = new LinkedHashMap<>();
        if (row.origin() != null) {
            status.put("origin", row.origin());
        }
        if (row.secretSetAt() != null) {
            status.put("secretSetAt", row.secretSetAt().toString());
        }
        if (row.clearedAt() != null) {
            status.put("secretClearedAt", row.clearedAt().toString());
        }
        managed.find(ChannelDocument.KIND, row.stored().key()).ifPresent(mark -> status.putAll(mark.status()));
        return new View(row.stored(), StatusMember.with(row.stored(), status));
    }

    private Channel opened(JdbcChannels.Row row) {
        Optional<Map<String, String>> opened = secrets.open(row);
        ObjectNode settings = Documents.json(row.stored().document());
        return new Channel(
                row.stored().key(),
                row.stored().version(),
                labels(row),
                row.type(),
                settings,
                opened.orElse(Map.of()),
                row.clearedAt() != null ? CLEARED : opened.isEmpty() ? UNREADABLE : null);
    }

    static List<String> labels(JdbcChannels.Row row) {
        return Documents.json(row.stored().document()).path("labels").values().stream()
                .map(label -> label.asString())
                .toList();
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
                editor.name(), action, ChannelDocument.KIND, key, before, after, editor.reason(), now, editor.means()));
    }

    private static <T> T required(@Nullable T result) {
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no channel '" + key + "'.");
    }
}
