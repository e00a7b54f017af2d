package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.RunRetention;
import io.syncline.scheduler.security.Labels;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Runs whose rows are gone, for those who reach their group. */
@Component
class PurgedRuns {

    private final RunRetention retention;
    private final TaskGroups groups;

    PurgedRuns(RunRetention retention, TaskGroups groups) {
        this.retention = retention;
        this.groups = groups;
    }

    Optional<PurgedRunView> find(String runId, Labels labels) {
        return retention
                .summary(runId)
                .filter(run -> labels.all()
                        || !groups.withinReach(labels, List.of(run.group())).isEmpty())
                .map(PurgedRunView::of);
    }
}
