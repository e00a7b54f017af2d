package io.syncline.scheduler.testing;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The catalogue of a test: what was put last is current, pauses are set by hand. */
public final class FixedTaskGroups implements TaskGroups {

    private final Map<String, TaskGroup> versions = new ConcurrentHashMap<>();
    private final Map<String, TaskGroup> current = new ConcurrentHashMap<>();
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();

    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    public TaskGroup put(TaskGroup group) {
        versions.put(group.key() + "/" + group.version(), group);
        current.put(group.key(), group);
        return group;
    }

    public TaskGroup put(GroupFixture group) {
        return put(group.build());
    }

    /** From now on nobody can tell which groups take messages of this type. */
    public void failOn(String type) {
        failing.add(type);
    }

    public void remove(String key) {
        current.remove(key);
    }

    /** Runs are told by {@code Runs.hold}; this is the row in the database alone. */
    public void pause(String key, Instant since) {
        pauses.put(key, since);
    }

    public void resume(String key) {
        pauses.remove(key);
    }

    @Override
    public Optional<TaskGroup> current(String key) {
        return Optional.ofNullable(current.get(key));
    }

    @Override
    public TaskGroup version(String key, int version) {
        var group = versions.get(key + "/" + version);
        if (group == null) {
            throw new IllegalStateException("no version " + version + " of group " + key);
        }
        return group;
    }

    @Override
    public List<TaskGroup> matching(String source, String type) {
        if (failing.contains(type)) {
            throw new IllegalStateException("nobody can tell who takes " + type);
        }
        return current.values().stream()
                .filter(group -> group.rule(source, type).isPresent())
                .sorted(Comparator.comparing(TaskGroup::key))
                .toList();
    }

    @Override
    public List<TaskGroup> all() {
        return current.values().stream()
                .sorted(Comparator.comparing(TaskGroup::key))
                .toList();
    }

    @Override
    public Set<String> withinReach(Labels labels, Collection<String> keys) {
        return keys.stream()
                .filter(key -> labels.reach(current(key).map(TaskGroup::labels).orElse(List.of())))
                .collect(Collectors.toSet());
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
