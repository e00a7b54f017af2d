package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Labels;
import java.util.List;

/** What the cluster's clock will do next; implemented by the room that owns it. */
public interface ClusterClock {

    /** The next fire times of all ticks, and of the schedules within reach, soonest first. */
    List<NextFireTime> nextFireTimes(int limit, Labels labels);
}
