package io.syncline.scheduler.trigger;

import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.run.TriggeredRun;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers triggers whose senders wait for the end of their runs; no thread waits with them. */
@Component
class WaitedAnswers {

    /** The container's own limit, for the case that nobody here answers. */
    private static final long BEYOND_MILLIS = 2000;

    private final Waiters waiters;
    private final JdbcTriggerMessages messages;

    WaitedAnswers(Waiters waiters, JdbcTriggerMessages messages) {
        this.waiters = waiters;
        this.messages = messages;
    }

    /**
     * A place is taken before anything is stored, so a sender that is told to come back has started nothing.
     *
     * @return the answer of now where nobody waits, or the one to come
     */
    Object answer(Duration wait, Caller caller, Supplier<Judgement> intake) {
        if (!waiters.reserve()) {
            throw ProblemException.overloaded(503)
                    .detail("Too many senders wait for their runs; nothing was stored. Send it again, or without"
                            + " Prefer: wait and look the results up.")
                    .header(HttpHeaders.RETRY_AFTER, "1");
        }
        Waiter waiter = null;
        try {
            var judgement = intake.get();
            var started = started(judgement);
            if (started == null || !maySeeResults(judgement, caller)) {
                return TriggerController.answer(judgement);
            }
            var triggerId = java.util.Objects.requireNonNull(judgement.id());
            waiter = waiters.await(triggerId, started, wait);
            return deferred(waiter, judgement, wait);
        } finally {
            if (waiter == null) {
                waiters.release();
            }
        }
    }

    /** Null for a message that starts nothing. */
    private static @Nullable List<StartedRun> started(Judgement judgement) {
        if (judgement instanceof Judgement.Accepted accepted) {
            return accepted.runs();
        }
        if (judgement instanceof Judgement.Verifying verifying) {
            return verifying.runs();
        }
        return judgement instanceof Judgement.Duplicate duplicate ? duplicate.runs() : null;
    }

    /** Results are for those who may look them up: a copy of another system's message is not answered with them. */
    private boolean maySeeResults(Judgement judgement, Caller caller) {
        return judgement instanceof Judgement.Accepted
                || judgement instanceof Judgement.Verifying
                || caller.has(Scope.RUNS_READ)
                || messages.find(java.util.Objects.requireNonNull(judgement.id()), Labels.ALL)
                        .filter(message -> TriggerController.isOwn(message, caller))
                        .isPresent();
    }

    private DeferredResult<ResponseEntity<Object>> deferred(Waiter waiter, Judgement judgement, Duration wait) {
        var result = new DeferredResult<ResponseEntity<Object>>(
                wait.toMillis() + BEYOND_MILLIS, () -> notYet(judgement, wait));
        // The sender went away, or was answered by the container's limit: the place is free again.
        result.onCompletion(waiter::giveUp);
        waiter.answer.whenComplete((ended, failure) -> {
            if (failure != null) {
                result.setErrorResult(failure);
            } else {
                result.setResult(
                        ended.map(runs -> ended(judgement, runs, wait)).orElseGet(() -> notYet(judgement, wait)));
            }
        });
        return result;
    }

    /** The answer that a sender gets who does not wait; 202 for a copy as well, because its runs go on. */
    private static ResponseEntity<Object> notYet(Judgement judgement, Duration wait) {
        var answer = TriggerController.answer(judgement);
        return ResponseEntity.accepted()
                .headers(answer.getHeaders())
                .header(WaitPreference.APPLIED, WaitPreference.applied(wait))
                .body(answer.getBody());
    }

    private ResponseEntity<Object> ended(Judgement judgement, List<TriggeredRun> runs, Duration wait) {
        var answer = TriggerController.answer(judgement);
        var body = new LinkedHashMap<String, Object>();
        body.put("triggerId", java.util.Objects.requireNonNull(judgement.id()));
        body.put("status", status(judgement, runs));
        body.put("runs", runs.stream().map(TriggerController::runView).toList());
        return ResponseEntity.ok()
                .headers(answer.getHeaders())
                .header(WaitPreference.APPLIED, WaitPreference.applied(wait))
                .body(body);
    }

    /** A message that was verified is ACCEPTED or DISCARDED by now. */
    private String status(Judgement judgement, List<TriggeredRun> runs) {
        if (judgement instanceof Judgement.Duplicate) {
            return "DUPLICATE";
        }
        return runs.isEmpty()
                ? messages.find(java.util.Objects.requireNonNull(judgement.id()), Labels.ALL)
                        .map(message -> message.status().name())
                        .orElse("ACCEPTED")
                : "ACCEPTED";
    }
}
