package io.syncline.scheduler.quartz;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers since when triggers look stuck, because their tables do not say when a state began. */
final class Suspects {

    /** A healthy trigger may look stuck between two statements of another node, never for this long. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<StuckTrigger, Instant> since = new HashMap<>();

    /** The triggers that have looked stuck in the same way for longer than the patience. */
    List<StuckTrigger> convicted(List<StuckTrigger> stuck, Instant now) {
        since.keySet().retainAll(stuck);
        stuck.forEach(trigger -> since.putIfAbsent(trigger, now));
        return stuck.stream()
                .filter(trigger ->
                        !since.getOrDefault(trigger, now).plus(PATIENCE).isAfter(now))
                .toList();
    }
}
