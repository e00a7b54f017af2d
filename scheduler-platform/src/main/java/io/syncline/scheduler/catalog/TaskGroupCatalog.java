package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What operators do with task groups: each method is one business move in one transaction. */
@Service
public class TaskGroupCatalog {

    private final JdbcTaskGroups groups;
    private final JdbcSystems systems;
    private final JdbcCalendars calendars;
    private final ObjectProvider<FireTimes> fireTimes;
    private final ObjectProvider<OpenRuns> openRuns;
    private final ObjectProvider<HeldRuns> heldRuns;
    private final ManagedObjects managed;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;

    // the rooms above implement these faces and use this one, therefore they are looked up when needed
    TaskGroupCatalog(
            JdbcTaskGroups groups,
            JdbcSystems systems,
            JdbcCalendars calendars,
            ObjectProvider<FireTimes> fireTimes,
            ObjectProvider<OpenRuns> openRuns,
            ObjectProvider<HeldRuns> heldRuns,
            ManagedObjects managed,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.groups = groups;
        this.systems = systems;
        this.calendars = calendars;
        this.fireTimes = fireTimes;
        this.openRuns = openRuns;
        this.heldRuns = heldRuns;
        this.managed = managed;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
    }

    public Page<GroupView> list(PageRequest page, Labels labels) {
        return list(page, labels, GroupFilter.NONE);
    }

    /** Those that the filter takes, by key. */
    public Page<GroupView> list(PageRequest page, Labels labels, GroupFilter filter) {
        String list = filter.list();
        String last = page.last(list);
        String after = last == null ? " " : last;
        int wanted = page.limit() + 1;
        // A filter looks into documents: it reads on in parts until its page is full.
        int part = filter.takesAll() ? wanted : PageRequest.MOST;
        List<GroupView> found = new ArrayList<>();
        List<StoredVersion> rows;
        do {
            rows = groups.after(after, part, labels);
            Map<String, Pause> pauses =
                    groups.pauses(rows.stream().map(StoredVersion::key).toList());
            for (StoredVersion row : rows) {
                GroupView view = new GroupView(row, pauses.get(row.key()));
                if (filter.takes(groups.parse(row), view.pause())) {
                    found.add(view);
                }
                after = row.key();
            }
        } while (rows.size() == part && found.size() < wanted);
        return Page.cut(
                found.size() > wanted ? found.subList(0, wanted) : found,
                page.limit(),
                view -> PageRequest.cursor(list, view.current().key()));
    }

    /** @throws ProblemException 404 */
    public GroupView get(String key, Labels labels) {
        mustReach(key, labels);
        int version = groups.currentVersion(key).orElseThrow(() -> unknown(key));
        return new GroupView(
                stored(key, version),
                groups.pause(key).orElse(null),
                managed.find(TaskGroupDocument.KIND, key).orElse(null));
    }

    /** Groups that are paused, within reach, those that have been for longest first. */
    public Map<String, Pause> paused(int most, Labels labels) {
        return groups.standingPauses(most, labels);
    }

    /** Newest first, those of a deleted group as well. @throws ProblemException 404 */
    public Page<StoredVersion> versions(String key, PageRequest page, Labels labels) {
        mustReach(key, labels);
        String list = "versions of " + key;
        String last = page.last(list);
        int below;
        try {
            below = last == null ? Integer.MAX_VALUE : Integer.parseInt(last);
        } catch (NumberFormatException e) {
            throw PageRequest.badCursor();
        }
        List<StoredVersion> rows = groups.versionsBelow(key, below, page.limit() + 1);
        if (rows.isEmpty() && last == null) {
            throw unknown(key);
        }
        return Page.cut(rows, page.limit(), row -> PageRequest.cursor(list, Integer.toString(row.version())));
    }

    /** @throws ProblemException 404 */
    public StoredVersion version(String key, int version, Labels labels) {
        mustReach(key, labels);
        return stored(key, version);
    }

    private StoredVersion stored(String key, int version) {
        return groups.storedVersion(key, version)
                .orElseThrow(() ->
                        DocumentProblems.notFound("The task group '" + key + "' has no version " + version + "."));
    }

    /** The stored form for summaries. */
    public TaskGroup read(StoredVersion version) {
        return groups.parse(version);
    }

    /**
     * The next fire times of a group's schedule; none without one. A pause changes nothing: what fires during it is held.
     *
     * @throws ProblemException 404
     */
    public UpcomingFireTimes fireTimes(String key, int count, Labels labels) {
        Schedule schedule = read(get(key, labels).current()).schedule();
        return new UpcomingFireTimes(key, schedule, schedule == null ? List.of() : nextFireTimes(schedule, count));
    }

    /**
     * When a schedule would fire that is not stored.
     *
     * @param body an object whose only member is {@code schedule}, as in a group's document
     *
     * @throws ProblemException 400, or 422 with all that is wrong with it
     */
    public UpcomingFireTimes preview(byte[] body, int count, Labels labels) {
        ObjectNode holder = DocumentProblems.told(() -> DocumentFormat.JSON.read(body));
        Schedule read = DocumentProblems.told(() -> TaskGroupDocument.readSchedule(
                holder, surroundings(clock.now(), new Editor("", labels), List.of(), Set.of())));
        return new UpcomingFireTimes(null, read, nextFireTimes(read, count));
    }

    /** When a schedule fires next, its calendar as it stands. */
    public List<Instant> nextFireTimes(Schedule schedule, int count) {
        BusinessCalendar calendar = schedule.calendar() == null
                ? null
                : calendars.current(schedule.calendar()).orElse(null);
        return fireTimes.getObject().next(schedule, calendar, clock.now(), count);
    }

    /** Stores the next version, also of a document equal to the current one: every PUT is a version. */
    public Stored<GroupView> put(
            String key, DocumentFormat format, byte[] body, Precondition precondition, Editor editor) {
        ObjectNode document = DocumentProblems.told(() -> format.read(body));
        document.remove(StatusMember.NAME);
        try {
            return required(transactions.execute(status -> put(key, document, precondition, editor)));
        } catch (DuplicateKeyException e) {
            // someone else has created it between our look and our insert
            if (!reaches(editor.labels(), key)) {
                precondition.check(null);
                throw DocumentProblems.keyTaken(key);
            }
            precondition.check(groups.currentVersion(key).orElse(null));
            throw e;
        }
    }

    /** The same within the caller's transaction. */
    Stored<GroupView> put(String key, ObjectNode document, Precondition precondition, Editor editor) {
        Optional<LatestVersion> latest = groups.lock(key);
        // With a deleted group's key its runs and versions would be taken over.
        boolean foreign = latest.isPresent() && !reaches(editor.labels(), key);
        Integer current = latest.filter(found -> !found.deleted() && !foreign)
                .map(LatestVersion::number)
                .orElse(null);
        precondition.check(current);
        lockNamedSystems(document);
        Set<String> channels = lockNamedChannels(document, editor.labels());
        lockNamedCalendar(document);
        List<String> labelsBefore =
                current == null ? List.of() : groups.version(key, current).labels();
        Instant now = clock.now();
        int next = latest.map(found -> found.number() + 1).orElse(1);
        TaskGroup group = DocumentProblems.told(
                () -> TaskGroupDocument.read(document, key, next, surroundings(now, editor, labelsBefore, channels)));
        if (foreign) {
            throw DocumentProblems.keyTaken(key);
        }
        managed.mayEdit(TaskGroupDocument.KIND, key, editor, now);
        Pause pause = current == null ? null : groups.pause(key).orElse(null);
        StoredVersion before = current == null ? null : stored(key, current);
        String json = Documents.toJson(document);
        groups.store(group, json, editor.name(), editor.reason(), now);
        publish("put", key, before == null ? null : before.document(), json, editor.reason(), editor, now);
        return new Stored<>(
                new GroupView(
                        new StoredVersion(key, next, json, now, editor.name(), editor.reason()),
                        pause,
                        managed.find(TaskGroupDocument.KIND, key).orElse(null)),
                before == null);
    }

    /** @throws ProblemException 404, 412, 428, or 409 while a run of it is open */
    public void delete(String key, Precondition precondition, Editor editor) {
        transactions.executeWithoutResult(status -> deleteWithin(key, precondition, editor));
    }

    /** The same within the caller's transaction. */
    void deleteWithin(String key, Precondition precondition, Editor editor) {
        StoredVersion current = lockExisting(key, editor.labels());
        precondition.check(current.version());
        // What makes a held run holds this row: it comes before the look at the runs, or finds the pause gone.
        groups.lockPause(key);
        if (openRuns.getObject().any(key)) {
            throw DocumentProblems.inUse("The task group '" + key
                    + "' has runs that have not ended; let them end or cancel them, then delete it.");
        }
        Instant now = clock.now();
        managed.mayEdit(TaskGroupDocument.KIND, key, editor, now);
        managed.forget(TaskGroupDocument.KIND, key);
        groups.delete(key, now);
        publish("delete", key, current.document(), null, editor.reason(), editor, now);
    }

    /** Pauses the group; a pause that stands already stays as it is. @throws ProblemException 404 */
    public Pause pause(String key, String reason, boolean dryRun, Editor editor) {
        return required(transactions.execute(status -> {
            lockExisting(key, editor.labels());
            Optional<Pause> standing = groups.pause(key);
            if (standing.isPresent()) {
                return standing.get();
            }
            Instant now = clock.now();
            Pause pause = new Pause(now, editor.name(), reason);
            if (!dryRun) {
                groups.insertPause(key, pause);
                heldRuns.ifAvailable(held -> held.hold(key, now));
                publish("pause", key, null, null, reason, editor, now);
            }
            return pause;
        }));
    }

    /**
     * Ends the pause and lets held runs go or skips them.
     *
     * @return the pause that has ended; empty when there was none, and then nothing is done
     */
    public Optional<Pause> resume(String key, HeldMode mode, String reason, boolean dryRun, Editor editor) {
        return required(transactions.execute(status -> {
            lockExisting(key, editor.labels());
            Optional<Pause> standing = groups.lockPause(key);
            if (standing.isPresent() && !dryRun) {
                groups.removePause(key);
                heldRuns.getObject().release(key, mode, standing.get().since());
                publish("resume", key, null, null, reason, editor, clock.now());
            }
            return standing;
        }));
    }

    private boolean reaches(Labels labels, String key) {
        return groups.withinReach(labels, List.of(key)).contains(key);
    }

    private void mustReach(String key, Labels labels) {
        if (!reaches(labels, key)) {
            throw unknown(key);
        }
    }

    private StoredVersion lockExisting(String key, Labels labels) {
        mustReach(key, labels);
        int version = groups.lock(key)
                .filter(found -> !found.deleted())
                .map(LatestVersion::number)
                .orElseThrow(() -> unknown(key));
        return stored(key, version);
    }

    /** A system that is about to be deleted is seen as deleted, one that is named here cannot be deleted meanwhile. */
    private void lockNamedSystems(ObjectNode document) {
        var named = new TreeSet<String>();
        for (JsonNode task : document.path("tasks").values()) {
            JsonNode system = task.path("system");
            if (system.isString() && Keys.valid(system.stringValue())) {
                named.add(system.stringValue());
            }
        }
        named.forEach(systems::lock);
    }

    /** The same of channels, of which those that the editor may name are given back. */
    private Set<String> lockNamedChannels(ObjectNode document, Labels labels) {
        var named = new TreeSet<String>();
        for (JsonNode rule : document.path("alerts").values()) {
            for (JsonNode list :
                    List.of(rule.path("channels"), rule.path("escalate").path("channels"))) {
                for (JsonNode channel : list.values()) {
                    if (channel.isString() && Keys.valid(channel.stringValue())) {
                        named.add(channel.stringValue());
                    }
                }
            }
        }
        named.removeIf(key -> groups.lockChannel(key)
                .filter(of -> WithinReach.readable(labels, of))
                .isEmpty());
        return named;
    }

    private void lockNamedCalendar(ObjectNode document) {
        JsonNode calendar = document.path("schedule").path("calendar");
        if (calendar.isString() && Keys.valid(calendar.stringValue())) {
            calendars.lock(calendar.stringValue());
        }
    }

    private Surroundings surroundings(Instant now, Editor editor, List<String> labelsBefore, Set<String> channels) {
        return new Surroundings() {
            @Override
            public boolean channel(String key) {
                return channels.contains(key);
            }

            @Override
            public Optional<SyncSystem> system(String key) {
                return systems.current(key)
                        .map(CachedSystems::parse)
                        .filter(system -> WithinReach.readable(editor.labels(), system.labels()));
            }

            @Override
            public LabelEdit labels() {
                return new LabelEdit(editor.labels(), labelsBefore);
            }

            @Override
            public Optional<BusinessCalendar> calendar(String key) {
                return calendars
                        .current(key)
                        .filter(calendar -> WithinReach.readable(editor.labels(), calendar.labels()));
            }

            @Override
            public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
                return fireTimes.getObject().next(schedule, calendar, now, 1);
            }

            @Override
            public boolean approved(URI instance) {
                return true;
            }
        };
    }

    private void publish(
            String action,
            String key,
            @Nullable String before,
            @Nullable String after,
            @Nullable String reason,
            Editor editor,
            Instant now) {
        events.publishEvent(new ConfigChanged(
                editor.name(), action, TaskGroupDocument.KIND, key, before, after, reason, now, editor.means()));
    }

    private static ProblemException unknown(String key) {
        return DocumentProblems.notFound("There is no task group '" + key + "'.");
    }

    private static <T> T required(@Nullable T result) {
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }
}
