package io.syncline.scheduler.run;

import static io.syncline.scheduler.testing.ReportFixture.failed;
import static io.syncline.scheduler.testing.ReportFixture.running;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.TaskDefinition;
import io.syncline.scheduler.testing.ReportFixture;
import io.syncline.scheduler.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The clocks of drawn task runs beside somebody who counts seconds, and their back-off beside somebody who doubles by hand. */
class TaskRunClocksPropertiesTest {

    private static final int ATTEMPTS = 1_000_000;
    private static final int MOST_SECONDS = 600;

    /** Half way: the plain back-off, without spread. */
    private static final RandomGenerator NO_SPREAD = () -> 1L << 63;

    private static TaskRun due(TaskDefinition task) {
        var taskRun = new TaskRun("task-run", "run", "group", 1, "key", 0, task, NOON);
        taskRun.becomeDue(MoveCause.BARRIER_OPEN, NOON);
        return taskRun;
    }

    private static void call(TaskRun taskRun, CallResult result, RandomGenerator random, Instant now) {
        taskRun.claimed("node", now.plusSeconds(12), now);
        var claim = new ClaimedTask(
                taskRun.taskRunId,
                taskRun.runId,
                taskRun.group,
                taskRun.orderingKey,
                null,
                taskRun.task,
                taskRun.attempt,
                taskRun.round,
                taskRun.fence,
                now.plusSeconds(60),
                now,
                "{}",
                null,
                false);
        assertThat(taskRun.answered(new CallOutcome(claim, result), random, now))
                .isTrue();
    }

    private static void report(TaskRun taskRun, ReportFixture report, Instant now) {
        assertThat(taskRun.report(report.build(), taskRun.attempt, NO_SPREAD, now)
                        .applied())
                .isTrue();
    }

    /** Seconds that are left until something is told; off when it is not counted. */
    private static final class Countdown {

        private int left;
        private boolean on;

        void startAt(int seconds) {
            left = seconds;
            on = seconds > 0;
        }

        void stop() {
            on = false;
        }

        /** A second has passed; true in the one at which the time has come. */
        boolean isOver() {
            if (!on || --left > 0) {
                return false;
            }
            on = false;
            return true;
        }
    }

    /** Zero, which turns a clock off, in a fifth of the cases. */
    private static int secondsOrNever(Random random) {
        return random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(120);
    }

    @Test
    void eachClockRunsOutInTheSecondThatSomebodyCounts() {
        Seeds.each(300, random -> {
            int timeout = 1 + random.nextInt(MOST_SECONDS);
            int overdueAfter = 1 + random.nextInt(MOST_SECONDS);
            int silentAfter = secondsOrNever(random);
            int answerWithin = secondsOrNever(random);
            int backoff = 1 + random.nextInt(20);
            int maxBackoff = backoff + random.nextInt(60);
            var taskRun = due(anAsyncTask("a")
                    .timeout(Duration.ofSeconds(timeout))
                    .overdueAfter(Duration.ofSeconds(overdueAfter))
                    .silentAfter(Duration.ofSeconds(silentAfter))
                    .answerWithin(Duration.ofSeconds(answerWithin))
                    .retry(ATTEMPTS, Duration.ofSeconds(backoff), Duration.ofSeconds(maxBackoff))
                    .build());
            var end = new Countdown();
            var overdue = new Countdown();
            var silence = new Countdown();
            var answer = new Countdown();
            end.startAt(timeout);
            overdue.startAt(overdueAfter);
            answer.startAt(answerWithin);
            var heard = false;
            int pause = backoff;

            for (int second = 1; taskRun.isOpen(); second++) {
                var now = NOON.plusSeconds(second);
                var expected = new ArrayList<AlertCondition>();
                if (overdue.isOver()) {
                    expected.add(AlertCondition.OVERDUE);
                }
                if (silence.isOver()) {
                    expected.add(AlertCondition.SILENT);
                }
                if (answer.isOver()) {
                    expected.add(AlertCondition.NO_ANSWER);
                }
                var over = end.isOver();
                if (over) {
                    expected.add(AlertCondition.TIMED_OUT);
                }

                taskRun.raised.clear();
                taskRun.flagOverdue(now);
                taskRun.flagSilent(now);
                taskRun.flagNoAnswer(now);
                taskRun.timeOut(now);

                assertThat(taskRun.raised)
                        .as("second %d", second)
                        .extracting(AlertSignal::condition)
                        .containsExactlyElementsOf(expected);
                assertThat(taskRun.raised).extracting(AlertSignal::since).allMatch(now::equals);
                assertThat(taskRun.isOpen()).as("open in second %d", second).isEqualTo(!over);
                if (over) {
                    return;
                }

                switch (random.nextInt(60)) {
                    case 0 -> {
                        call(taskRun, new CallResult.Accepted(), NO_SPREAD, now);
                        // A further acceptance is no sign of life.
                        if (!heard) {
                            silence.startAt(silentAfter);
                        }
                        heard = true;
                        answer.stop();
                    }
                    case 1 -> {
                        report(taskRun, running(), now);
                        silence.startAt(silentAfter);
                        heard = true;
                        answer.stop();
                    }
                    case 2 -> {
                        report(taskRun, failed(), now);
                        silence.stop();
                        heard = false;
                        // The next attempt is awaited from when it may be called.
                        answer.startAt(answerWithin == 0 ? 0 : pause + answerWithin);
                        pause = Math.min(maxBackoff, pause + pause);
                    }
                    case 3 -> call(taskRun, new CallResult.Unknown("no answer"), NO_SPREAD, now);
                    default -> {}
                }
            }
        });
    }

    /** The pause after so many failures in a row, doubled one by one. */
    private static long doubled(Duration backoff, Duration most, int failures) {
        long millis = backoff.toMillis();
        for (int failure = 1; failure < failures && millis < most.toMillis(); failure++) {
            millis += millis;
        }
        return millis;
    }

    private static @Nullable Duration retryAfter(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> Duration.ofSeconds(random.nextInt(10));
            case 2 -> Duration.ofSeconds(random.nextInt(10_000));
            default -> Duration.ofDays(random.nextInt(100_000));
        };
    }

    @Test
    void aPauseDoublesWithinAFifthAndHeedsRetryAfterUpToTheLongest() {
        Seeds.each(1_000, random -> {
            var backoff = Duration.ofMillis(1 + random.nextInt(random.nextBoolean() ? 1000 : 600_000));
            var longest = backoff.plusMillis(random.nextInt(7_200_000));
            var task = anAsyncTask("a").retry(ATTEMPTS, backoff, longest).build();
            var plain = due(task);
            var spread = due(task);
            var now = NOON;
            int failures = 0;

            for (int calls = random.nextInt(80); calls > 0; calls--) {
                now = now.plusMillis(1 + random.nextInt(100_000));
                if (random.nextInt(20) == 0) {
                    call(plain, new CallResult.Accepted(), NO_SPREAD, now);
                    call(spread, new CallResult.Accepted(), random, now);
                    failures = 0;
                    continue;
                }
                failures++;
                var asked = retryAfter(random);
                var result = new CallResult.RetryableStatus("answered 503", asked);
                call(plain, result, NO_SPREAD, now);
                call(spread, result, random, now);

                var own = doubled(backoff, longest, failures);
                var heeded = asked == null ? 0 : Math.min(asked.toMillis(), longest.toMillis());
                var as = "failure %d, %s to %s, asked for %s".formatted(failures, backoff, longest, asked);
                assertThat(pause(plain, now)).as(as).isEqualTo(Math.max(heeded, Math.min(own, longest.toMillis())));
                assertThat(pause(spread, now))
                        .as(as)
                        .isBetween(
                                Math.max(heeded, Math.min((long) (own * 0.8), longest.toMillis())),
                                Math.max(heeded, Math.min((long) Math.ceil(own * 1.2), longest.toMillis())));
            }
        });
    }

    @Test
    void aFailedAttemptIsFollowedByAPauseOfItsOwnCount() {
        Seeds.each(300, random -> {
            var backoff = Duration.ofMillis(1 + random.nextInt(60_000));
            var longest = backoff.plusMillis(random.nextInt(3_600_000));
            var taskRun = due(anAsyncTask("a").retry(ATTEMPTS, backoff, longest).build());
            var now = NOON;

            for (int attempt = 1; attempt <= 30; attempt++) {
                // Failed calls in between are counted apart.
                for (int calls = random.nextInt(3); calls > 0; calls--) {
                    now = now.plusSeconds(1);
                    call(taskRun, new CallResult.Unknown("no answer"), NO_SPREAD, now);
                }
                now = now.plusSeconds(1);
                report(taskRun, failed(), now);

                assertThat(taskRun.attempt).isEqualTo(attempt + 1);
                assertThat(pause(taskRun, now))
                        .as("attempt %d, %s to %s", attempt, backoff, longest)
                        .isEqualTo(Math.min(doubled(backoff, longest, attempt), longest.toMillis()));
            }
        });
    }

    private static long pause(TaskRun taskRun, Instant now) {
        return Duration.between(now, taskRun.dueAt).toMillis();
    }
}
