package io.syncline.scheduler.catalog;

import java.util.List;

/**
 * What documents change.
 *
 * @param planHash names exactly these changes of exactly these versions; secrets are not part of it
 * @param changes by kind and key
 */
public record ConfigPlan(String planHash, List<PlannedChange> changes) {

    public ConfigPlan {
        changes = List.copyOf(changes);
    }

    public long count(PlannedChange.Action action) {
        return changes.stream().filter(change -> change.action() == action).count();
    }

    /** The objects with this action, as {@code kind/key}. */
    public List<String> named(PlannedChange.Action action) {
        return changes.stream()
                .filter(change -> change.action() == action)
                .map(change -> change.kind() + "/" + change.key())
                .toList();
    }

    /** The objects that files manage from now on and did not before, as {@code kind/key}. */
    public List<String> newlyManaged() {
        return changes.stream()
                .filter(PlannedChange::newlyManaged)
                .map(change -> change.kind() + "/" + change.key())
                .toList();
    }
}
