package io.syncline.scheduler.run;

import java.time.Instant;
import java.util.List;

/** Which systems' due work nobody gets to. */
public interface Backlogs {

    /** The systems with work that was due before a time, and since when the oldest of it is due. */
    List<Backlog> dueBefore(Instant time);

    record Backlog(String system, Instant oldest) {}
}
