package io.syncline.scheduler.ops;

import java.util.List;

/** What the cluster's clock will do next; implemented by the room that owns it. */
public interface ClusterClock {

    /** The next fire times of all ticks and schedules, soonest first. */
    List<NextFireTime> nextFireTimes(int limit);
}
