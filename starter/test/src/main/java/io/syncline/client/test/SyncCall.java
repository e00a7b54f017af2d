package io.syncline.client.test;

import io.syncline.contracts.SyncRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A sync call to be made, with everything that may be varied. */
public record SyncCall(SyncRequest request) {

    /** A first call of new work. */
    static SyncCall of(
            FakePlatform platform, String task, String businessKey, Map<String, @Nullable Object> parameters) {
        var taskRunId = UUID.randomUUID().toString();
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new SyncCall(new SyncRequest(
                UUID.randomUUID().toString(),
                taskRunId,
                1,
                1,
                "contract-test",
                task,
                businessKey,
                parameters,
                new SyncRequest.Trigger(
                        "/contract-test",
                        UUID.randomUUID().toString(),
                        "io.syncline.contract-test",
                        now.toString(),
                        Map.of("rows", 3)),
                new SyncRequest.Callback(
                        platform.url() + "/api/v1/task-runs/" + taskRunId + "/callbacks",
                        "callback-token-1",
                        now.plusSeconds(3600)),
                now.plusSeconds(3600)));
    }

    String key() {
        return request.taskRunId() + "." + request.attempt();
    }

    /** The next round: another number, another callback token, a later deadline. */
    SyncCall nextRound() {
        var round = request.round() + 1;
        return with(
                request.task(),
                request.businessKey(),
                request.parameters(),
                request.trigger(),
                request.attempt(),
                round);
    }

    SyncCall nextAttempt() {
        return with(
                request.task(),
                request.businessKey(),
                request.parameters(),
                request.trigger(),
                request.attempt() + 1,
                request.round() + 1);
    }

    SyncCall withTask(String task) {
        return with(task, request.businessKey(), request.parameters(), request.trigger(), request.attempt(), 2);
    }

    SyncCall withBusinessKey(String businessKey) {
        return with(request.task(), businessKey, request.parameters(), request.trigger(), request.attempt(), 2);
    }

    SyncCall withParameters(Map<String, @Nullable Object> parameters) {
        return with(request.task(), request.businessKey(), parameters, request.trigger(), request.attempt(), 2);
    }

    SyncCall withTriggerData(Map<String, ?> data) {
        var trigger = request.trigger();
        var other = new SyncRequest.Trigger(trigger.source(), trigger.id(), trigger.type(), trigger.time(), data);
        return with(request.task(), request.businessKey(), request.parameters(), other, request.attempt(), 2);
    }

    private SyncCall with(
            String task,
            @Nullable String businessKey,
            Map<String, @Nullable Object> parameters,
            SyncRequest.Trigger trigger,
            int attempt,
            int round) {
        var callback = new SyncRequest.Callback(
                request.callback().url(),
                "callback-token-" + round,
                request.callback().expiresAt().plusSeconds(round));
        return new SyncCall(new SyncRequest(
                request.runId(),
                request.taskRunId(),
                attempt,
                round,
                request.group(),
                task,
                businessKey,
                parameters,
                trigger,
                callback,
                request.deadline().plusSeconds(round)));
    }
}
