package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.MappingFailedException;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskDefinition;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.dispatch.TestCall.Request;
import io.syncline.scheduler.dispatch.TestCall.Response;
import io.syncline.scheduler.dispatch.TestCall.Status;
import io.syncline.scheduler.dispatch.TestCall.Step;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.outbound.Sent;
import io.syncline.scheduler.run.CallResult;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SteadyClock;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Sync calls by which an editor tries a task: made as a run makes them, past the same guard, limits and breaker, with ids that
 * belong to no run. Nothing is written: whoever reports on such a task run hears that there is none.
 */
@Component
public class TestCalls {

    /** The source of the trigger message by which a downstream tells such a call from one of a run. */
    public static final String SOURCE = "/syncline/test-calls";

    private static final String TYPE = "io.syncline.task.tested";
    private static final Duration LONGEST_CALL = Duration.ofSeconds(15);
    private static final Duration UNTIL_DEADLINE = Duration.ofMinutes(1);
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final int MOST_AT_ONCE = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Downstreams downstreams;
    private final Systems systems;
    private final SyncCall syncCall;
    private final SteadyClock clock;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    TestCalls(Downstreams downstreams, Systems systems, SyncCall syncCall, SteadyClock clock) {
        this.downstreams = downstreams;
        this.systems = systems;
        this.syncCall = syncCall;
        this.clock = clock;
    }

    /** What would be sent. */
    public TestCall planned(
            TaskGroup group, TaskDefinition task, @Nullable String businessKey, @Nullable JsonNode data) {
        var attempt = new Attempt(group, task, businessKey, data);
        attempt.prepare();
        return attempt.result(true);
    }

    /**
     * Blocks until the call has ended, some 20 s at most.
     *
     * @throws ProblemException 429 while this node makes as many as it does at once
     */
    public TestCall made(TaskGroup group, TaskDefinition task, @Nullable String businessKey, @Nullable JsonNode data) {
        if (!free.tryAcquire()) {
            throw ProblemException.of(429, "too-many-tests", "Too many tests at once")
                    .detail("The node makes as many test calls as it does at once; send the call again in a while.")
                    .header("Retry-After", Long.toString(LONGEST_CALL.toSeconds()));
        }
        try {
            var attempt = new Attempt(group, task, businessKey, data);
            if (attempt.prepare() && attempt.takeSlot()) {
                attempt.call();
            }
            return attempt.result(false);
        } finally {
            free.release();
        }
    }

    /** One test call under way. */
    private final class Attempt {

        private final TaskGroup group;
        private final TaskDefinition task;
        private final ClaimedTask claim;
        private final List<Step> steps = new ArrayList<>();
        private final long startedAt = System.nanoTime();
        private @Nullable OutboundCall prepared;
        private @Nullable Reply reply;
        private @Nullable CallResult result;

        Attempt(TaskGroup group, TaskDefinition task, @Nullable String businessKey, @Nullable JsonNode data) {
            this.group = group;
            this.task = task;
            var now = clock.now();
            var taskRunId = Ids.next();
            this.claim = new ClaimedTask(
                    taskRunId,
                    Ids.next(),
                    group.key(),
                    taskRunId,
                    businessKey,
                    task,
                    1,
                    1,
                    0,
                    now.plus(UNTIL_DEADLINE),
                    now,
                    trigger(now.toString(), data),
                    null,
                    false);
        }

        private String trigger(String time, @Nullable JsonNode data) {
            var message = JSON.createObjectNode();
            message.put("source", SOURCE);
            message.put("id", Ids.next());
            message.put("type", TYPE);
            message.put("time", time);
            if (data != null) {
                message.set("data", data);
            }
            return message.toString();
        }

        boolean prepare() {
            long begun = System.nanoTime();
            try {
                var call = syncCall.of(
                        claim, TraceContext.orNew(TraceContext.current().orElse(null)));
                var limit = call.callTimeout().compareTo(LONGEST_CALL) < 0 ? call.callTimeout() : LONGEST_CALL;
                prepared = new OutboundCall(
                        call.method(), call.system(), call.path(), call.auth(), call.headers(), call.body(), limit);
                return note("request", Status.OK, begun, "the request was made from version " + group.version());
            } catch (MappingFailedException e) {
                return note("request", Status.FAILED, begun, "the request mapping failed: " + e.getMessage());
            }
        }

        boolean takeSlot() {
            long begun = System.nanoTime();
            if (downstreams.reserve(task.system(), 1) == 1) {
                return note("slot", Status.OK, begun, "limits and breaker let the call through");
            }
            return note(
                    "slot",
                    Status.FAILED,
                    begun,
                    "the limits of system '" + task.system()
                            + "' or its breaker let no call through now; try again in a while");
        }

        void call() {
            long begun = System.nanoTime();
            reply = reply();
            if (reply instanceof Reply.Answer answer) {
                note("call", Status.OK, begun, answer.instance() + " answered " + answer.status());
            } else if (reply instanceof Reply.NoAnswer none) {
                note("call", Status.FAILED, begun, none.cause());
            }
            long read = System.nanoTime();
            result = AnswerReader.read(reply, claim.taskRunId(), task.reply(), clock.now());
            var isGood = result instanceof CallResult.Accepted || result instanceof CallResult.Reported;
            note("answer", isGood ? Status.OK : Status.FAILED, read, inWords(result));
        }

        private Reply reply() {
            OutboundCall call = Objects.requireNonNull(prepared);
            try {
                return downstreams
                        .call(call)
                        .get(call.callTimeout().plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return new Reply.NoAnswer("there was no answer in time", null, Duration.ZERO);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Reply.NoAnswer("the test call was ended", null, Duration.ZERO);
            }
        }

        private boolean note(String step, Status status, long begun, String detail) {
            steps.add(new Step(
                    step, status, Duration.ofNanos(System.nanoTime() - begun).toMillis(), scrubbed(detail)));
            return status == Status.OK;
        }

        TestCall result(boolean dryRun) {
            for (var step : List.of("request", "slot", "call", "answer")) {
                if (steps.stream().noneMatch(done -> done.step().equals(step))) {
                    steps.add(new Step(
                            step,
                            Status.SKIPPED,
                            0,
                            dryRun ? "nothing is sent in a dry run" : "an earlier step failed"));
                }
            }
            var shown = transcript();
            return new TestCall(
                    group.key(),
                    group.version(),
                    task.key(),
                    task.system(),
                    claim.runId(),
                    claim.taskRunId(),
                    dryRun,
                    result == null ? null : Rounds.outcomeOf(result),
                    result == null ? null : scrubbed(inWords(result)),
                    Duration.ofNanos(System.nanoTime() - startedAt).toMillis(),
                    steps,
                    request(shown.path("request")),
                    response(shown.path("answer")));
        }

        private String scrubbed(String detail) {
            var sent = reply == null ? null : reply.sent();
            return sent == null ? detail : sent.scrubbed(detail);
        }

        /** What was sent, or would be, and what came, as a call of a run is kept: without secrets. */
        private JsonNode transcript() {
            var kept = reply == null ? null : reply.transcript();
            if (kept != null) {
                return JSON.readTree(kept);
            }
            return prepared == null ? MissingNode.getInstance() : JSON.readTree(Sent.planned(prepared));
        }

        private @Nullable Request request(JsonNode shown) {
            if (shown.isMissingNode()) {
                return null;
            }
            return new Request(
                    shown.path("method").asString(),
                    shown.path("url").asString(),
                    auth().type().wire(),
                    headers(shown),
                    shown.at("/body/text").asString(""),
                    shown.at("/body/cut").asBoolean(false));
        }

        private Auth auth() {
            return task.auth().type() == AuthType.OF_SYSTEM
                    ? systems.find(task.system()).map(SyncSystem::auth).orElse(task.auth())
                    : task.auth();
        }

        private @Nullable Response response(JsonNode shown) {
            if (shown.isMissingNode() || !(reply instanceof Reply.Answer answer)) {
                return null;
            }
            return new Response(
                    answer.instance(),
                    answer.status(),
                    headers(shown),
                    shown.at("/body/text").asString(""),
                    shown.at("/body/cut").asBoolean(false));
        }

        private static Map<String, String> headers(JsonNode shown) {
            var headers = new LinkedHashMap<String, String>();
            shown.path("headers")
                    .properties()
                    .forEach(header ->
                            headers.put(header.getKey(), header.getValue().asString()));
            return headers;
        }
    }

    private static String inWords(CallResult result) {
        if (result instanceof CallResult.Accepted) {
            return "accepted: in a run the work would go on, and the next call would come after the interval";
        }
        if (result instanceof CallResult.Reported reported) {
            return "a report of " + reported.report().status() + ", which a run would judge like a callback";
        }
        if (result instanceof CallResult.Unauthorized) {
            return "answered 401: in a run the credential would be renewed and the call repeated once";
        }
        if (result instanceof CallResult.RetryableStatus retryable) {
            return retryable.detail() + ": in a run the call would be repeated after a while";
        }
        if (result instanceof CallResult.Refused refused) {
            return refused.detail() + ": in a run the task would end FAILED";
        }
        var detail = result.detail();
        return (detail == null ? "not known" : detail) + ": in a run the call would be repeated";
    }
}
