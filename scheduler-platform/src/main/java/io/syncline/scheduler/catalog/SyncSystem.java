package io.syncline.scheduler.catalog;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upstream or downstream system.
 *
 * @param version grows with every change; its ETag
 * @param instances base URLs, without a trailing slash; empty for a system that only sends
 * @param auth the default of the tasks that call it
 * @param concurrency calls in flight at once, over the whole cluster
 * @param ratePerSecond calls per second over the whole cluster; {@link Double#POSITIVE_INFINITY} when unlimited
 * @param sources CloudEvents sources that only clients of this system may send; empty: none is reserved
 * @param credentials what its tasks may name, by name
 * @param document as it was put, without secrets
 */
public record SyncSystem(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<URI> instances,
        Routing routing,
        Auth auth,
        int concurrency,
        double ratePerSecond,
        List<String> sources,
        Map<String, AuthType> credentials,
        Map<String, Object> document) {

    /** The {@code aud} of the platform's own API, therefore no system may be called so. */
    public static final String RESERVED_KEY = "syncline";

    public SyncSystem {
        labels = List.copyOf(labels);
        instances = List.copyOf(instances);
        sources = List.copyOf(sources);
        credentials = Map.copyOf(credentials);
    }
}
