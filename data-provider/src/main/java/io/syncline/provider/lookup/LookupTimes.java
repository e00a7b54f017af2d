package io.syncline.provider.lookup;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How long the look-ups of this instance took since its start, by dataset; told by bounds, since each is counted below one. */
@Component
public class LookupTimes {

    static final List<Duration> BOUNDS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    private final Map<String, Counts> byDataset = new ConcurrentHashMap<>();

    /**
     * @param complete that ended with their last line
     * @param broken that failed, or whose caller left
     * @param p99Millis 99 of 100 complete ones took no longer; null: there is none, or they took longer than the last bound
     */
    public record Times(
            long complete, long broken, @Nullable Long p99Millis) {}

    void complete(String dataset, long nanos) {
        of(dataset).complete(nanos);
    }

    void broken(String dataset) {
        of(dataset).broken.increment();
    }

    private Counts of(String dataset) {
        return byDataset.computeIfAbsent(dataset, name -> new Counts());
    }

    /** All zero where nobody looked anything up. */
    public Times times(String dataset) {
        var counts = byDataset.get(dataset);
        return counts == null ? new Times(0, 0, null) : counts.times();
    }

    private static final class Counts {

        private final LongAdder broken = new LongAdder();

        /** One for each bound, and one for what took longer than the last. */
        private final LongAdder[] within = new LongAdder[BOUNDS.size() + 1];

        Counts() {
            Arrays.setAll(within, i -> new LongAdder());
        }

        void complete(long nanos) {
            int bound = 0;
            while (bound < BOUNDS.size() && nanos > BOUNDS.get(bound).toNanos()) {
                bound++;
            }
            within[bound].increment();
        }

        Times times() {
            var seen = Arrays.stream(within).mapToLong(LongAdder::sum).toArray();
            long all = Arrays.stream(seen).sum();
            long below = 0;
            for (int bound = 0; bound < BOUNDS.size(); bound++) {
                below += seen[bound];
                if (all > 0 && below * 100 >= all * 99) {
                    return new Times(all, broken.sum(), BOUNDS.get(bound).toMillis());
                }
            }
            return new Times(all, broken.sum(), null);
        }
    }
}
