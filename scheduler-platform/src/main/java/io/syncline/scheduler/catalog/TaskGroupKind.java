package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.SecondApprover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Task groups in plans and exports. */
@Component
class TaskGroupKind implements DocumentKind {

    private static final int FIRES_SHOWN = 5;

    private final TaskGroupCatalog catalog;
    private final JdbcTaskGroups groups;
    private final ObjectProvider<OpenRuns> openRuns;

    TaskGroupKind(TaskGroupCatalog catalog, JdbcTaskGroups groups, ObjectProvider<OpenRuns> openRuns) {
        this.catalog = catalog;
        this.groups = groups;
        this.openRuns = openRuns;
    }

    @Override
    public String kind() {
        return TaskGroupDocument.KIND;
    }

    @Override
    public int rank() {
        return 30;
    }

    @Override
    public SecondApprover.Kind approval() {
        return SecondApprover.Kind.GROUPS;
    }

    @Override
    public Map<String, Set<String>> references(ObjectNode document) {
        Map<String, Set<String>> named = new TreeMap<>();
        for (JsonNode task : document.path("tasks").values()) {
            name(named, SystemDocument.KIND, task.path("system"));
        }
        for (JsonNode rule : document.path("triggers").values()) {
            name(named, SystemDocument.KIND, rule.path("verify").path("system"));
        }
        name(named, CalendarDocument.KIND, document.path("schedule").path("calendar"));
        for (JsonNode alert : document.path("alerts").values()) {
            alert.path("channels").values().forEach(channel -> name(named, ChannelDocument.KIND, channel));
            alert.path("escalate")
                    .path("channels")
                    .values()
                    .forEach(channel -> name(named, ChannelDocument.KIND, channel));
        }
        return named;
    }

    private static void name(Map<String, Set<String>> named, String kind, JsonNode key) {
        if (key.isString() && Keys.valid(key.stringValue())) {
            named.computeIfAbsent(kind, none -> new TreeSet<>()).add(key.stringValue());
        }
    }

    @Override
    public void lock(String key) {
        groups.lock(key);
    }

    @Override
    public Optional<StoredVersion> current(String key, Labels labels) {
        return groups.withinReach(labels, List.of(key)).contains(key)
                ? groups.currentVersion(key).flatMap(version -> groups.storedVersion(key, version))
                : Optional.empty();
    }

    @Override
    public List<StoredVersion> after(String key, int count, Labels labels) {
        return groups.after(key, count, labels);
    }

    @Override
    public StoredVersion put(String key, ObjectNode document, @Nullable Integer current, Editor editor) {
        return catalog.put(key, document, Precondition.ofVersion(current), editor)
                .view()
                .current();
    }

    @Override
    public void delete(String key, int current, Editor editor) {
        catalog.deleteWithin(key, Precondition.ofVersion(current), editor);
    }

    @Override
    public Collection<String> warnings(@Nullable StoredVersion before, @Nullable StoredVersion after) {
        List<String> warnings = new ArrayList<>();
        if (before != null && after != null) {
            new TreeMap<>(openRuns.getObject().byVersion(before.key()))
                    .forEach((version, count) -> warnings.add(
                            count == 1
                                    ? "1 active run keeps version " + version
                                    : count + " active runs keep version " + version));
        }
        Schedule scheduled = before == null ? null : read(before).schedule();
        Schedule schedule = after == null ? null : read(after).schedule();
        if (schedule == null && scheduled != null) {
            warnings.add("schedule removed: time starts the group no more");
        } else if (schedule != null && !Objects.equals(schedule, scheduled)) {
            List<Instant> fires = catalog.nextFireTimes(schedule, FIRES_SHOWN);
            warnings.add((scheduled == null ? "schedule added: next fires " : "schedule changed: next fires ")
                    + fires.stream().map(Instant::toString).collect(Collectors.joining(", ")));
        }
        return warnings;
    }

    /** Not through the versions in memory: these never change, and this one may be undone. */
    private static TaskGroup read(StoredVersion version) {
        return TaskGroupDocument.read(
                Documents.json(version.document()), version.key(), version.version(), Surroundings.STORED);
    }
}
