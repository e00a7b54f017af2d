package io.syncline.scheduler.simulation;

import io.syncline.scheduler.dispatch.SimulatedDispatch.Written;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.simulation.Downstream.Answer;
import io.syncline.scheduler.simulation.Network.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** I12: no call before its delay is over. */
final class PaceRules {

    private static final Duration TOLERANCE = Duration.ofMillis(500);

    private final Simulation world;
    private final Findings findings;
    private final Map<String, Duration> retryAfter = new HashMap<>();

    /** Answers with a report of an attempt that has not begun. */
    private final Set<String> unbegun = new HashSet<>();

    private final Map<String, Integer> failedCalls = new HashMap<>();
    private final Map<String, Instant> notBefore = new HashMap<>();

    /** An operator may have asked for a call of these; what was answered before that is committed still holds. */
    private final Set<String> toBeCalledNow = new HashSet<>();

    PaceRules(Simulation world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    void changed(TaskRunRow before, TaskRunRow after, @Nullable Written answer) {
        var id = after.taskRunId();
        if (after.round() > before.round()) {
            findings.must(
                    before.dueAt() != null && !before.dueAt().isAfter(world.now()),
                    Invariant.I12,
                    id + " was claimed before it was due");
        }
        // What becomes due by a move was not brought forward by the operator, who may still be on the way.
        var broughtForward =
                answer == null && before.state() == after.state() && world.now().equals(after.dueAt());
        if (broughtForward && toBeCalledNow.remove(id)) {
            notBefore.remove(id);
        }
    }

    void newAttempt(TaskRunRow after, boolean byOperator) {
        notBefore.put(
                after.taskRunId(),
                byOperator
                        ? Instant.MIN
                        : world.now().plus(share(after.task().retry().backoff(), 80)));
    }

    /** What has ended waits for nothing. */
    void leftItsEnd(String taskRunId) {
        notBefore.remove(taskRunId);
    }

    /** What the answer to a call says about the next one. */
    void delay(TaskRunRow after, Written answer) {
        var id = after.taskRunId();
        if (after.state().isEnded() || after.attempt() != answer.attempt()) {
            return;
        }
        var key = id + "." + answer.attempt();
        var policy = after.task().retry();
        var outcome = unbegun.contains(id + "/" + answer.round()) ? "UNREADABLE_REPLY" : answer.outcome();
        switch (outcome) {
            case "ACCEPTED", "REPORT" -> {
                failedCalls.remove(key);
                notBefore.put(id, world.now().plus(after.task().interval()));
            }
            case "UNAUTHORIZED" -> {
                failedCalls.remove(key);
                notBefore.remove(id);
            }
            default -> {
                int failed = failedCalls.merge(key, 1, Integer::sum);
                var wait = share(policy.backoff(), 80).multipliedBy(1L << Math.min(failed - 1, 10));
                var asked = retryAfter.getOrDefault(id + "/" + answer.round(), Duration.ZERO);
                wait = wait.compareTo(asked) > 0 ? wait : asked;
                wait = wait.compareTo(policy.maxBackoff()) < 0 ? wait : policy.maxBackoff();
                notBefore.put(id, world.now().plus(wait));
            }
        }
    }

    private static Duration share(Duration whole, int percent) {
        return whole.multipliedBy(percent).dividedBy(100);
    }

    void called(String taskRunId) {
        var earliest = notBefore.getOrDefault(taskRunId, Instant.MIN);
        findings.must(
                earliest.equals(Instant.MIN) || !world.now().isBefore(earliest.minus(TOLERANCE)),
                Invariant.I12,
                taskRunId + " is called at " + world.now() + ", not to be called before " + earliest);
    }

    void answered(Call call, Answer answer) {
        if (answer.status() == 200 && answer.body().equals(Downstream.UNBEGUN)) {
            unbegun.add(call.taskRunId() + "/" + call.round());
        }
        var text = answer.retryAfter();
        if (text == null) {
            return;
        }
        var wait = Duration.ZERO;
        if (text.matches("[0-9]+")) {
            wait = Duration.ofSeconds(Long.parseLong(text));
        } else if (text.endsWith("GMT")) {
            wait = Duration.between(world.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        }
        retryAfter.put(call.taskRunId() + "/" + call.round(), wait.minusSeconds(1));
    }

    /** An operator may call at once. */
    void operator(String taskRunId, TaskAction action) {
        if (action == TaskAction.CALL_NOW) {
            toBeCalledNow.add(taskRunId);
        }
    }
}
