package io.syncline.scheduler.quartz;

import io.syncline.scheduler.ops.ClusterClock;
import io.syncline.scheduler.ops.NextFireTime;
import io.syncline.scheduler.security.Labels;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class QuartzClusterClock implements ClusterClock {

    private final ClockRows rows;

    QuartzClusterClock(ClockRows rows) {
        this.rows = rows;
    }

    @Override
    public List<NextFireTime> nextFireTimes(int limit, Labels labels) {
        return rows.nextFireTimes(limit, labels);
    }
}
