package io.syncline.scheduler.live;

import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.Set;

/**
 * Something is not as it was.
 *
 * @param kind what it is: run, trigger, alert, group, system or cluster
 * @param at when, in database time
 * @param everyone whether anybody who listens may know; otherwise those who reach one of the labels
 */
record Change(String kind, String id, Instant at, boolean everyone, Set<String> labels) {

    Change {
        labels = Set.copyOf(labels);
    }

    static Change forEveryone(String kind, String id, Instant at) {
        return new Change(kind, id, at, true, Set.of());
    }

    boolean isFor(Labels listener) {
        return everyone || listener.reach(labels);
    }
}
