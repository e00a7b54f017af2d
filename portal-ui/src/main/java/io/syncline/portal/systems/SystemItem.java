package io.syncline.portal.systems;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system in the platform's list.
 *
 * @param groups the first of those that use it
 * @param moreGroups whether there are others
 * @param instanceStates of the node that answered; null: it has not called the system since it started
 */
record SystemItem(
        String key,
        @Nullable Integer version,
        @Nullable String description,
        @Nullable String owner,
        @Nullable List<String> labels,
        @Nullable List<String> instances,
        @Nullable String auth,
        @Nullable List<String> groups,
        @Nullable Boolean moreGroups,
        @Nullable List<InstanceState> instanceStates,
        @Nullable Instant changedAt,
        @Nullable String changedBy) {

    /** @param state CLOSED, LEFT_OUT or OPEN, as of a breaker */
    record InstanceState(String url, String state) {}
}
