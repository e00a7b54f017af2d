package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.RerunVersion;
import io.syncline.scheduler.run.ResolutionStatus;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.TaskAction;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to each of many runs; exactly one of the actions is there.
 *
 * @param onTasks done to the task runs of a run for which it is legal
 * @param task the key of the task that {@code onTasks} is for; null: any
 */
record BulkOrder(@Nullable RunAction onRun, @Nullable TaskAction onTasks, Details details) {

    /** What the job's row keeps of it as JSON. */
    record Details(
            RerunVersion version,
            @Nullable ResolutionStatus status,
            @Nullable Instant until,
            @Nullable String task) {}

    static Optional<RunAction> runAction(String wire) {
        return Arrays.stream(RunAction.values())
                .filter(action -> action.wire().equals(wire))
                .findFirst();
    }

    static Optional<TaskAction> taskAction(String wire) {
        return Arrays.stream(TaskAction.values())
                .filter(action -> action.wire().equals(wire))
                .findFirst();
    }

    static String allActions() {
        return Stream.concat(
                        Arrays.stream(RunAction.values()).map(RunAction::wire),
                        Arrays.stream(TaskAction.values()).map(TaskAction::wire))
                .sorted()
                .toList()
                .toString();
    }

    static BulkOrder of(String wire, Details details) {
        return new BulkOrder(runAction(wire).orElse(null), taskAction(wire).orElse(null), details);
    }

    String wire() {
        return onRun != null ? onRun.wire() : Objects.requireNonNull(onTasks).wire();
    }

    RunActions.Arguments arguments(@Nullable String jobId) {
        return new RunActions.Arguments(details.version(), details.status(), details.until(), null, jobId);
    }
}
