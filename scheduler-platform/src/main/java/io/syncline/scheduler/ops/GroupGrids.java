package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.security.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Tells what became of each task in the last runs of a group. */
@Component
class GroupGrids {

    private final JdbcGroupGrid rows;
    private final JdbcSla groupRows;
    private final TaskGroups groups;

    GroupGrids(JdbcGroupGrid rows, JdbcSla groupRows, TaskGroups groups) {
        this.rows = rows;
        this.groupRows = groupRows;
        this.groups = groups;
    }

    /** Empty: there is no such group, or it is out of reach. */
    @Transactional(readOnly = true)
    public Optional<GroupGrid> of(String group, Labels labels) {
        return groups.withinReach(labels, Set.of(group)).contains(group)
                ? groupRows.latestVersion(group).map(version -> of(group))
                : Optional.empty();
    }

    private GroupGrid of(String group) {
        var newest = rows.runs(group);
        var tasksOf = rows.tasks(newest.stream().map(GroupGrid.Run::runId).toList());
        var runs = new ArrayList<GroupGrid.Run>();
        var tasks = new LinkedHashSet<String>();
        for (var run : newest) {
            var ofRun = List.copyOf(tasksOf.getOrDefault(run.runId(), List.of()));
            ofRun.forEach(task -> tasks.add(task.task()));
            runs.add(new GroupGrid.Run(
                    run.runId(),
                    run.state(),
                    run.businessKey(),
                    run.groupVersion(),
                    run.createdAt(),
                    run.startedAt(),
                    run.endedAt(),
                    ofRun));
        }
        Collections.reverse(runs);
        return new GroupGrid(group, List.copyOf(tasks), List.copyOf(runs));
    }
}
