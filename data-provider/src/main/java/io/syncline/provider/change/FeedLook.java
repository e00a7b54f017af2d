package io.syncline.provider.change;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the feeds were at one moment. What it says of the past stays true.
 *
 * @param feeds by dataset
 */
record FeedLook(Map<String, Seen> feeds) {

    static final FeedLook NONE = new FeedLook(Map.of());

    /**
     * @param last the last number that was given
     * @param asOf all that was committed before has a number up to {@code last}; null: not known
     */
    record Seen(long last, @Nullable Instant asOf) {}

    /** Whether there is more for a reader; also for one whose dataset has no feed any more, and is told so. */
    boolean hasMore(FeedPlace place) {
        var seen = feeds.get(place.dataset());
        return seen == null || seen.last() > place.after();
    }

    /** All that was committed before is among the changes up to this number; empty when that is not known. */
    Optional<Instant> asOf(String dataset, long seq) {
        var seen = feeds.get(dataset);
        return seen == null || seq < seen.last() ? Optional.empty() : Optional.ofNullable(seen.asOf());
    }
}
