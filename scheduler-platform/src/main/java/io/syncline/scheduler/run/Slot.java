package io.syncline.scheduler.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Who holds the place of a group and ordering key, and the last inbox place given under it. */
final class Slot {

    final SlotKey key;

    @Nullable
    String activeRunId;

    long lastPlace;
    boolean changed;

    Slot(SlotKey key, @Nullable String activeRunId, long lastPlace) {
        this.key = key;
        this.activeRunId = activeRunId;
        this.lastPlace = lastPlace;
    }

    boolean isFree() {
        return activeRunId == null;
    }

    void occupy(String runId) {
        activeRunId = runId;
        changed = true;
    }

    void free() {
        activeRunId = null;
        changed = true;
    }

    /** The next inbox place: rises within the key, also after the slot was purged and made anew. */
    long nextPlace(Instant now) {
        lastPlace = Math.max(lastPlace + 1, ChronoUnit.MICROS.between(Instant.EPOCH, now));
        changed = true;
        return lastPlace;
    }
}
