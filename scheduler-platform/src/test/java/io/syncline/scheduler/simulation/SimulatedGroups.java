package io.syncline.scheduler.simulation;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;

import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.TaskFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The catalogue of a simulation: a group for each blocking policy, one by time, and pauses that a rollback undoes. */
final class SimulatedGroups implements TaskGroups {

    static final String SOURCE = "/upstream";

    /** Started by messages, one for each policy. */
    static final List<String> KEYS = List.of("cancel", "merge", "parallel", "queue", "skip");

    static final String BY_TIME = "timed";

    private static final int CATCH_UP = 1000;

    // Built once for all seeds: they never change.
    private static final Map<String, TaskGroup> MESSAGED = messaged();
    private static final Map<Misfire, TaskGroup> TIMED = timed();

    private final InMemoryTables database;
    private final Map<String, TaskGroup> groups;
    private final Map<String, Instant> pauses = new TreeMap<>();

    SimulatedGroups(InMemoryTables database, Misfire misfire) {
        this.database = database;
        this.groups = new TreeMap<>(MESSAGED);
        groups.put(BY_TIME, TIMED.get(misfire));
    }

    private static Map<String, TaskGroup> messaged() {
        var all = new TreeMap<String, TaskGroup>();
        add(
                all,
                group("queue").maxQueued(2),
                sync("a"),
                async("b"),
                async("c"),
                sync("d").needsReconciliation());
        add(all, group("merge").whenActive(WhenActive.MERGE_LATEST), sync("a"));
        add(all, group("skip").whenActive(WhenActive.SKIP), async("a"), async("b"));
        add(all, group("parallel").parallel(2), sync("a"), sync("b"));
        add(
                all,
                group("cancel").whenActive(WhenActive.CANCEL_THEN_START),
                sync("a").cancelledAt("/cancel"),
                sync("b").cancelledAt("/cancel"));
        return all;
    }

    private static Map<Misfire, TaskGroup> timed() {
        var all = new TreeMap<Misfire, TaskGroup>();
        for (Misfire misfire : Misfire.values()) {
            var schedule = new Schedule("0/30 * * * * ?", ZoneId.of("UTC"), null, misfire, CATCH_UP);
            all.put(
                    misfire,
                    aGroup(BY_TIME)
                            .scheduled(schedule)
                            .whenActive(WhenActive.MERGE_LATEST)
                            .with(sync("a"))
                            .build());
        }
        return all;
    }

    private static GroupFixture group(String key) {
        return aGroup(key).triggeredBy(SOURCE, key).startBy(Duration.ofSeconds(20));
    }

    private static void add(Map<String, TaskGroup> all, GroupFixture group, TaskFixture... tasks) {
        var built = group.with(tasks).build();
        all.put(built.key(), built);
    }

    private static TaskFixture sync(String key) {
        return timed(aSyncTask(key));
    }

    private static TaskFixture async(String key) {
        return timed(anAsyncTask(key));
    }

    private static TaskFixture timed(TaskFixture task) {
        return task.every(Duration.ofSeconds(4))
                .callTimeout(Duration.ofSeconds(5))
                .answerWithin(Duration.ofSeconds(8))
                .silentAfter(Duration.ofSeconds(15))
                .overdueAfter(Duration.ofSeconds(40))
                .timeout(Duration.ofSeconds(120))
                .retry(3, Duration.ofSeconds(1), Duration.ofSeconds(8));
    }

    /** @return whether it was not paused yet; joins the caller's transaction */
    boolean pause(String key, Instant since) {
        if (pauses.containsKey(key)) {
            return false;
        }
        database.put(pauses, key, since);
        return true;
    }

    /** Joins the caller's transaction. */
    Optional<Instant> resume(String key) {
        var since = pausedSince(key);
        if (since.isPresent()) {
            database.remove(pauses, key);
        }
        return since;
    }

    @Override
    public Optional<TaskGroup> current(String key) {
        return Optional.ofNullable(groups.get(key));
    }

    @Override
    public TaskGroup version(String key, int version) {
        return current(key).orElseThrow();
    }

    @Override
    public List<TaskGroup> matching(String source, String type) {
        return groups.values().stream()
                .filter(group -> group.rule(source, type).isPresent())
                .toList();
    }

    @Override
    public List<TaskGroup> all() {
        return List.copyOf(groups.values());
    }

    @Override
    public Set<String> withinReach(Labels labels, Collection<String> keys) {
        return Set.copyOf(keys);
    }

    @Override
    public Optional<Instant> pausedSince(String key) {
        return Optional.ofNullable(pauses.get(key));
    }

    @Override
    public Optional<Instant> pausedSinceAndHold(String key) {
        return pausedSince(key);
    }
}
