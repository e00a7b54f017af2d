package io.syncline.scheduler.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.run.MoveCause;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.run.RunsMoved;
import io.syncline.scheduler.run.RunsMoved.RunMove;
import io.syncline.scheduler.run.RunsMoved.TaskRunMove;
import io.syncline.scheduler.run.TaskRunState;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMetersTest {

    private static final Instant CREATED = Instant.parse("2026-11-20T06:00:00Z");
    private static final Instant STARTED = CREATED.plusSeconds(2);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RunMeters runMeters = new RunMeters(meters);

    @Test
    void anEndedRunIsCountedByItsStateWithItsDuration() {
        tell(run(RunState.RUNNING, RunState.FAILED, STARTED, STARTED.plusSeconds(90)));

        assertThat(meters.get("syncline.runs")
                        .tags("group", "daily", "state", "FAILED")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("syncline.run.duration")
                        .tag("group", "daily")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(90);
    }

    @Test
    void aRunThatNeverStartedHasNoDuration() {
        tell(run(RunState.QUEUED, RunState.SKIPPED, null, STARTED));

        assertThat(meters.get("syncline.runs").tag("state", "SKIPPED").counter().count())
                .isEqualTo(1);
        assertThat(meters.find("syncline.run.duration").timer()).isNull();
    }

    @Test
    void onlyTheFirstStartIsTheAnswerToTheTrigger() {
        tell(run(RunState.QUEUED, RunState.RUNNING, STARTED, STARTED));
        tell(run(RunState.QUEUED, RunState.RUNNING, STARTED, STARTED.plusSeconds(3600)));

        var toStart = meters.get("syncline.trigger.to.start").timer();
        assertThat(toStart.count()).isEqualTo(1);
        assertThat(toStart.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, COMPLETED, REPORTED, COMPLETED",
        "RUNNING, FAILED, REPORTED, REPORTED_FAILED",
        "CALLING, FAILED, REFUSED, REFUSED",
        "DUE, FAILED, TIMED_OUT, TIMED_OUT",
        "RUNNING, FAILED, RECONCILIATION_MISMATCH, RECONCILIATION_MISMATCH",
        "RUNNING, DUE, ATTEMPT_FAILED, ATTEMPT_FAILED",
        "RUNNING, CANCELLED, CANCEL, CANCELLED",
        "CALLING, DUE, CALL_FAILED,",
        "WAITING, DUE, BARRIER_OPEN,",
        "WAITING, CANCELLED, PREDECESSOR_FAILED,",
        "CALLING, RUNNING, ACCEPTED,"
    })
    void anAttemptIsCountedOnceByHowItEnded(
            TaskRunState from, TaskRunState to, MoveCause cause, @Nullable String outcome) {
        runMeters.on(new RunsMoved(
                List.of(), List.of(new TaskRunMove("t", "r", "daily", "plans", "crm", 1, from, to, cause, null))));

        var counted = meters.find("syncline.task.attempts").counters();
        if (outcome == null) {
            assertThat(counted).isEmpty();
        } else {
            assertThat(counted).singleElement().satisfies(counter -> {
                assertThat(counter.getId().getTag("outcome")).isEqualTo(outcome);
                assertThat(counter.getId().getTag("task")).isEqualTo("plans");
            });
        }
    }

    private void tell(RunMove move) {
        runMeters.on(new RunsMoved(List.of(move), List.of()));
    }

    private static RunMove run(RunState from, RunState to, @Nullable Instant startedAt, Instant at) {
        return new RunMove("r", "t", "daily", from, to, CREATED, startedAt, at);
    }
}
