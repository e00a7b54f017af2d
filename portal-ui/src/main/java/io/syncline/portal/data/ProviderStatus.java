package io.syncline.portal.data;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the data stand, as the data provider answers it. */
record ProviderStatus(
        Instant at, List<DataSet> datasets, @Nullable Capture capture, Subscriptions subscriptions) {

    /**
     * @param source HERE, ELSEWHERE or CAPTURED
     * @param log null: its changes are not recorded
     * @param lookups null: it has no key
     */
    record DataSet(
            String name,
            String source,
            @Nullable Long rows,
            @Nullable Instant asOf,
            @Nullable Instant importedAt,
            @Nullable Log log,
            @Nullable Lookups lookups) {}

    record Log(
            boolean recording,
            long firstSeq,
            long lastSeq,
            @Nullable Instant lastChangeAt,
            @Nullable Instant waitingSince,
            List<Reader> readers) {}

    /** @param lostAt share of the time for which the first unread change is kept */
    record Reader(String reader, long lastSeq, long behind, long oldestSeconds, double lostAt) {}

    record Lookups(long complete, long broken, @Nullable Long p99Millis) {}

    record Capture(
            List<String> datasets,
            String slot,
            boolean isFollowed,
            long lagBytes,
            long mostLagBytes,
            boolean isFailing) {}

    record Subscriptions(List<Subscription> items, boolean areAll, boolean countsAreExact) {

        List<Subscription> of(String dataset) {
            return items.stream().filter(one -> one.dataset().equals(dataset)).toList();
        }
    }

    record Subscription(
            String key,
            String dataset,
            String host,
            boolean ordered,
            boolean active,
            @Nullable String disabledBecause,
            @Nullable Instant failingSince,
            long unstored,
            long pending,
            @Nullable Instant pendingSince,
            long dead,
            @Nullable Instant deadSince) {}
}
