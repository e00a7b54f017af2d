package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Nodes;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ClusterController {

    private static final int FIRE_TIMES = 20;

    private final Nodes nodes;
    private final ClusterClock clusterClock;
    private final JdbcQueueDepths depths;
    private final DatabaseClock clock;

    ClusterController(Nodes nodes, ClusterClock clusterClock, JdbcQueueDepths depths, DatabaseClock clock) {
        this.nodes = nodes;
        this.clusterClock = clusterClock;
        this.depths = depths;
        this.clock = clock;
    }

    /** The nodes and their check-ins; next fire times and waiting work as far as they are within reach. */
    @GetMapping("/api/v1/cluster")
    @RequiresScope(Scope.RUNS_READ)
    ClusterView cluster(Caller caller) {
        var now = clock.now();
        return new ClusterView(
                now,
                nodes.self(),
                nodes.all(),
                clusterClock.nextFireTimes(FIRE_TIMES, caller.labels()),
                depths.depth(now, caller.labels()));
    }
}
