package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.scheduler.run.MoveCause;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.RunsMoved;
import io.syncline.scheduler.run.RunsMoved.RunMove;
import io.syncline.scheduler.run.RunsMoved.TaskRunMove;
import io.syncline.scheduler.run.TaskRunState;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Counts what happened to runs, where it happened and once it is committed. */
@Component
class RunMeters {

    private static final Duration[] TO_START = seconds(0.1, 0.5, 1, 5, 10, 60, 300, 900, 3600);
    private static final Duration[] DURATIONS = seconds(1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200);

    private final MeterRegistry meters;
    private final Timer toStart;

    RunMeters(MeterRegistry meters) {
        this.meters = meters;
        this.toStart = Timer.builder("syncline.trigger.to.start")
                .description("From the commit of a trigger message to the start of its run")
                .serviceLevelObjectives(TO_START)
                .register(meters);
    }

    static Duration[] seconds(double... seconds) {
        var durations = new Duration[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            durations[i] = Duration.ofMillis(Math.round(seconds[i] * 1000));
        }
        return durations;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(RunsMoved moved) {
        moved.runs().forEach(this::count);
        moved.taskRuns().forEach(this::count);
    }

    private void count(RunMove move) {
        var startedAt = move.startedAt();
        if (move.to() == RunState.RUNNING && startedAt != null && startedAt.equals(move.at())) {
            toStart.record(Duration.between(move.createdAt(), startedAt));
        }
        if (move.ended()) {
            Counter.builder("syncline.runs")
                    .description("Runs that ended, by the state they ended in")
                    .tag("group", move.group())
                    .tag("state", move.to().name())
                    .register(meters)
                    .increment();
            if (startedAt != null) {
                Timer.builder("syncline.run.duration")
                        .description("From the first start of a run to its end")
                        .tag("group", move.group())
                        .serviceLevelObjectives(DURATIONS)
                        .register(meters)
                        .record(Duration.between(startedAt, move.at()));
            }
        }
    }

    private void count(TaskRunMove move) {
        outcome(move)
                .ifPresent(outcome -> Counter.builder("syncline.task.attempts")
                        .description("Attempts that ended, by how")
                        .tag("group", move.group())
                        .tag("task", move.task())
                        .tag("outcome", outcome)
                        .register(meters)
                        .increment());
    }

    /** How an attempt ended; empty for moves that end none. */
    private static Optional<String> outcome(TaskRunMove move) {
        return switch (move.to()) {
            case COMPLETED -> Optional.of("COMPLETED");
            case FAILED ->
                Optional.of(
                        move.cause() == MoveCause.REPORTED
                                ? "REPORTED_FAILED"
                                : move.cause().name());
            case CANCELLED, SKIPPED ->
                move.from() == TaskRunState.CALLING || move.from() == TaskRunState.RUNNING
                        ? Optional.of(move.to().name())
                        : Optional.empty();
            case DUE -> move.cause() == MoveCause.ATTEMPT_FAILED ? Optional.of("ATTEMPT_FAILED") : Optional.empty();
            case WAITING, CALLING, RUNNING -> Optional.empty();
        };
    }
}
