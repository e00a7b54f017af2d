package io.syncline.scheduler.security;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Whose groups and systems a caller reaches: those with one of the labels, or all.
 *
 * @param named the labels; empty with {@code all}
 */
public record Labels(boolean all, Set<String> named) {

    public static final Labels ALL = new Labels(true, Set.of());

    public Labels {
        named = Set.copyOf(named);
        if (all && !named.isEmpty()) {
            throw new IllegalArgumentException("all labels and named ones: " + named);
        }
    }

    public static Labels of(Collection<String> named) {
        return new Labels(false, Set.copyOf(named));
    }

    /** Whether something with these labels is within reach; without any label it is within reach of {@link #ALL} alone. */
    public boolean reach(Collection<String> labels) {
        return all || labels.stream().anyMatch(named::contains);
    }

    public boolean reachesNothing() {
        return !all && named.isEmpty();
    }

    /** What either reaches. */
    public Labels and(Labels other) {
        if (all || other.all) {
            return ALL;
        }
        var both = new HashSet<>(named);
        both.addAll(other.named);
        return of(both);
    }

    /** What both reach. */
    public Labels within(Labels other) {
        if (all) {
            return other;
        }
        if (other.all) {
            return this;
        }
        var common = new HashSet<>(named);
        common.retainAll(other.named);
        return of(common);
    }
}
