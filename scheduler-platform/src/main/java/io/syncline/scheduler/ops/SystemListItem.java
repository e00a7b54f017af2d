package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.StoredVersion;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.outbound.InstanceStates;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A system in a list.
 *
 * @param auth by which its calls prove themselves, unless a task says otherwise
 * @param groups the first groups within reach that call it
 * @param moreGroups whether others do
 * @param instanceStates of the node that answers; without instances that it has not called
 */
record SystemListItem(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<String> instances,
        String auth,
        List<String> groups,
        boolean moreGroups,
        List<InstanceState> instanceStates,
        Instant changedAt,
        String changedBy) {

    record InstanceState(String url, InstanceStates.State state) {}

    /** @param naming those that call it, one more than are shown when there are others */
    static SystemListItem of(
            StoredVersion stored,
            SyncSystem system,
            List<String> naming,
            int shown,
            Map<String, InstanceStates.State> states) {
        return new SystemListItem(
                system.key(),
                system.version(),
                system.description(),
                system.owner(),
                system.labels(),
                system.instances().stream().map(Object::toString).toList(),
                system.auth().type().wire(),
                naming.stream().limit(shown).toList(),
                naming.size() > shown,
                states(system.instances(), states),
                stored.createdAt(),
                stored.createdBy());
    }

    static List<InstanceState> states(List<URI> instances, Map<String, InstanceStates.State> states) {
        return instances.stream()
                .map(URI::toString)
                .flatMap(url -> Stream.ofNullable(states.get(url)).map(state -> new InstanceState(url, state)))
                .toList();
    }
}
