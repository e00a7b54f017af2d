package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.ObjectNode;

/** What operators do with calendars: each method is one business move in one transaction. */
@Service
public class CalendarCatalog {

    private final JdbcCalendars calendars;
    private final TaskGroups groups;
    private final ManagedObjects managed;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    CalendarCatalog(
            JdbcCalendars calendars,
            TaskGroups groups,
            ManagedObjects managed,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.calendars = calendars;
        this.groups = groups;
        this.managed = managed;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    public Page<StoredVersion> list(PageRequest page, Labels labels) {
        String last = page.last("calendars");
        return Page.cut(
                calendars.after(last == null ? " " : last, page.limit() + 1, labels),
                page.limit(),
                row -> PageRequest.cursor("calendars", row.key()));
    }

    /** @throws ProblemException 404 */
    public StoredVersion get(String key, Labels labels) {
        return calendars
                .stored(key)
                .filter(calendar -> WithinReach.readable(labels, read(calendar).labels()))
                .orElseThrow(() -> unknown(key));
    }

    /** The stored form for summaries. */
    public BusinessCalendar read(StoredVersion version) {
        return JdbcCalendars.parse(version);
    }

    /** The document as it is shown. */
    public ObjectNode show(StoredVersion version) {
        return StatusMember.with(
                version,
                managed.find(CalendarDocument.KIND, version.key())
                        .map(ManagedObject::status)
                        .orElse(Map.of()));
    }

    /** Stores a calendar; schedules that name it go by it at once. A document equal to the stored one changes nothing. */
    public Stored<StoredVersion> put(
            String key, DocumentFormat format, byte[] body, Precondition precondition, Editor editor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            return required(transactions.execute(status -> put(key, document, precondition, editor)));
        } catch (DuplicateKeyException e) {
            // someone else has created it between our look and our insert
            precondition.check(calendars
                    .stored(key)
                    .filter(calendar ->
                            WithinReach.readable(editor.labels(), read(calendar).labels()))
                    .map(StoredVersion::version)
                    .orElse(null));
            throw editor.labels().all() ? e : DocumentProblems.keyTaken(key);
        }
    }

    /** The same within the caller's transaction. */
    Stored<StoredVersion> put(String key, ObjectNode document, Precondition precondition, Editor editor) {
        Optional<LatestVersion> latest = calendars.lock(key);
        StoredVersion standing = calendars.stored(key).orElse(null);
        BusinessCalendar old = standing == null ? null : read(standing);
        boolean foreign = old != null && !WithinReach.readable(editor.labels(), old.labels());
        if (old != null && !foreign) {
            mustReachToChange(old, editor.labels());
        }
        StoredVersion before = foreign ? null : standing;
        precondition.check(before == null ? null : before.version());
        int next = latest.map(found -> found.number() + 1).orElse(1);
        LabelEdit edit = new LabelEdit(editor.labels(), old == null || foreign ? List.of() : old.labels());
        BusinessCalendar read = DocumentProblems.told(() -> CalendarDocument.read(document, key, next, edit));
        if (foreign) {
            throw DocumentProblems.keyTaken(key);
        }
        Instant now = clock.now();
        managed.mayEdit(CalendarDocument.KIND, key, editor, now);
        if (before != null && Documents.json(before.document()).equals(document)) {
            return new Stored<>(before, false);
        }
        StoredVersion stored = new StoredVersion(key, next, Documents.toJson(document), now, editor.name());
        calendars.store(stored, read.labels(), latest.isEmpty());
        publish("put", key, before == null ? null : before.document(), stored.document(), editor, now);
        return new Stored<>(stored, before == null);
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a group names it */
    public void delete(String key, Precondition precondition, Editor editor) {
        transactions.executeWithoutResult(status -> {
            int version = calendars
                    .lock(key)
                    .filter(found -> !found.deleted())
                    .map(LatestVersion::number)
                    .orElseThrow(() -> unknown(key));
            StoredVersion before = get(key, editor.labels());
            mustReachToChange(read(before), editor.labels());
            precondition.check(version);
            refuseWhileNamed(key, editor.labels());
            Instant now = clock.now();
            managed.mayEdit(CalendarDocument.KIND, key, editor, now);
            managed.forget(CalendarDocument.KIND, key);
            calendars.delete(key, now);
            publish("delete", key, before.document(), null, editor, now);
        });
    }

    /** A shared calendar shifts the schedules of all who name it. */
    private static void mustReachToChange(BusinessCalendar calendar, Labels labels) {
        if (calendar.labels().isEmpty() && !labels.all()) {
            throw ProblemException.of(403, "forbidden", "Forbidden")
                    .detail("The calendar '" + calendar.key()
                            + "' has no labels and is shared; only who reaches all labels may change it.");
        }
    }

    private void refuseWhileNamed(String key, Labels labels) {
        List<String> naming = calendars.groupsNaming(key);
        if (!naming.isEmpty()) {
            var shown = new TreeSet<>(groups.withinReach(labels, naming));
            throw DocumentProblems.inUse("The calendar '" + key + "' is named by the task groups "
                    + String.join(", ", shown)
                    + (shown.size() == naming.size() ? "" : shown.isEmpty() ? "of others" : " and others")
                    + "; it cannot be deleted.");
        }
    }

    private void publish(
            String action, String key, @Nullable String before, @Nullable String after, Editor editor, Instant now) {
        events.publishEvent(new ConfigChanged(
                editor.name(),
                action,
                CalendarDocument.KIND,
                key,
                before,
                after,
                editor.reason(),
                now,
                editor.means()));
    }

    private static <T> T required(@Nullable T result) {
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no calendar '" + key + "'.");
    }
}
