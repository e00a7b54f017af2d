package io.syncline.scheduler.simulation;

import io.syncline.contracts.CallbackAnswer;
import io.syncline.scheduler.callback.SimulatedCallbacks.Incoming;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.simulation.Downstream.Report;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Carries calls, answers and callbacks: most of them in time, some late, twice, in another order or never. */
final class Network {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CANCEL = "/cancel";

    private final Simulation world;
    private final Downstream downstream;

    /** Reports on their way that may be forged or mixed up. */
    private final List<Report> seen = new ArrayList<>();

    Network(Simulation world) {
        this.world = world;
        this.downstream = new Downstream(world);
    }

    /** A call as the downstream reads it. */
    record Call(String key, String taskRunId, int attempt, int round, boolean cancel, String content) {}

    void heal() {
        downstream.heal();
    }

    void send(SimulatedNode node, OutboundCall out, Consumer<Reply> back) {
        var call = read(out);
        world.checker.called(call);
        world.history.tell(() -> "  " + node.name + " calls " + call.taskRunId() + " attempt " + call.attempt()
                + (call.cancel() ? " to cancel" : " round " + call.round()));
        if (world.plant == Plant.SENT_TWICE) {
            world.checker.called(call);
        }
        var sentAt = world.now();
        if (world.strikes(Fault.CALL_LOST, 4)) {
            noAnswer(node, call, out, sentAt, back);
            return;
        }
        var way = world.strikes(Fault.CALL_LATE, 4) ? world.millis(5_000, 60_000) : world.millis(5, 1500);
        world.at(way, "call of " + call.key() + " arrives", () -> arrive(node, call, out, sentAt, back));
        if (world.strikes(Fault.CALL_DUPLICATED, 4)) {
            world.at(world.millis(5, 20_000), "call of " + call.key() + " arrives again", () -> downstream.take(call));
        }
    }

    private void arrive(SimulatedNode node, Call call, OutboundCall out, Instant sentAt, Consumer<Reply> back) {
        var answer = downstream.take(call);
        world.history.tell(() -> "  is answered " + answer.status() + " " + answer.body());
        if (world.strikes(Fault.ANSWER_LOST, 5)) {
            noAnswer(node, call, out, sentAt, back);
            return;
        }
        var way = world.strikes(Fault.ANSWER_LATE, 4) ? world.millis(5_000, 20_000) : world.millis(5, 1500);
        var took = Duration.between(sentAt, world.now().plus(way));
        if (took.compareTo(out.callTimeout()) > 0) {
            noAnswer(node, call, out, sentAt, back);
            return;
        }
        world.at(way, node, "answer of " + call.key(), () -> {
            world.checker.answered(call, answer);
            var isReport = answer.status() != 200 || answer.body().contains("attempt");
            var body = world.plant == Plant.GARBAGE_IS_SUCCESS && !isReport
                    ? "{\"status\":\"COMPLETED\",\"reconciliation\":{\"expectedRows\":1,\"actualRows\":1}}"
                    : answer.body();
            var headers = new HashMap<String, String>();
            if (answer.retryAfter() != null && world.plant != Plant.RETRY_AFTER_IGNORED) {
                headers.put("retry-after", answer.retryAfter());
            }
            back.accept(new Reply.Answer(
                    answer.status(), headers, body.getBytes(StandardCharsets.UTF_8), "http://downstream", took));
        });
    }

    private void noAnswer(SimulatedNode node, Call call, OutboundCall out, Instant sentAt, Consumer<Reply> back) {
        var left = Duration.between(world.now(), sentAt.plus(out.callTimeout()));
        world.at(left.isNegative() ? Duration.ZERO : left, node, "time-out of " + call.key(), () -> {
            if (world.plant == Plant.TIMEOUT_IS_FAILURE && !call.cancel()) {
                back.accept(new Reply.Answer(
                        200,
                        Map.of(),
                        "{\"status\":\"FAILED\"}".getBytes(StandardCharsets.UTF_8),
                        "http://downstream",
                        out.callTimeout()));
            } else {
                back.accept(new Reply.NoAnswer("no answer in time", "http://downstream", out.callTimeout()));
            }
        });
    }

    private Call read(OutboundCall out) {
        JsonNode body = JSON.readTree(out.body());
        var key = out.headers().get("Idempotency-Key");
        if (world.plant == Plant.KEY_PER_ROUND && !out.path().equals(CANCEL)) {
            key = key + "." + body.get("round").asInt();
        }
        var cancel = out.path().equals(CANCEL);
        return new Call(
                key,
                body.get("taskRunId").stringValue(),
                body.get("attempt").asInt(),
                cancel ? 0 : body.get("round").asInt(),
                cancel,
                cancel
                        ? ""
                        : body.get("task") + " " + body.get("businessKey") + " " + body.get("parameters") + " "
                                + body.get("trigger"));
    }

    // ---- callbacks

    /** Sends a report on its way, for as long as it takes to hear an answer. */
    void report(Report report) {
        world.checker.reported(report);
        seen.add(report);
        if (world.strikes(Fault.CALLBACK_LOST, 12)) {
            return;
        }
        var way = world.strikes(Fault.CALLBACK_LATE, 8) ? world.millis(5_000, 90_000) : world.millis(5, 2000);
        deliver(report, way, 0);
        if (world.strikes(Fault.CALLBACK_DUPLICATED, 20)) {
            deliver(report, world.chance(50) ? way : world.millis(5, 30_000), 0);
        }
    }

    private void deliver(Report report, Duration way, int sendings) {
        world.at(way, "callback " + report.id() + " arrives", () -> {
            var node = world.anyNode();
            if (node == null) {
                again(report, sendings);
                return;
            }
            var body = report.body();
            var attempt = report.attempt();
            if (world.plant == Plant.STALE_ATTEMPT_ACCEPTED) {
                attempt = world.checker.attemptOf(report.taskRunId(), attempt);
                body = report.body(attempt);
            }
            world.history.tell(() -> "  " + node.name + " gets " + report.body());
            node.receive(new Incoming(report.taskRunId(), report.taskRunId(), attempt, body), told -> {
                world.checker.told(report, told);
                world.history.tell(() -> "  callback " + report.id() + ": " + told);
                if (told.answer() == null && told.refusal() == null) {
                    again(report, sendings);
                } else {
                    count(told.answer());
                }
            });
        });
    }

    private void count(CallbackAnswer answer) {
        if (answer != null && answer.reason() == CallbackAnswer.Reason.STALE_ATTEMPT) {
            world.happened(Fault.STALE_ATTEMPT_REPORTED, "");
        } else if (answer != null && answer.reason() == CallbackAnswer.Reason.OUT_OF_ORDER) {
            world.happened(Fault.CALLBACK_OUT_OF_ORDER, "");
        }
    }

    private void again(Report report, int sendings) {
        if (sendings < 6) {
            if (!world.isHealed()) {
                world.happened(Fault.CALLBACK_SENT_AGAIN, report.id());
            }
            deliver(report, world.millis(1000, 8000), sendings + 1);
        }
    }

    /** Somebody shows the token of another task run or attempt. */
    void forge() {
        if (seen.size() < 2) {
            return;
        }
        var about = world.oneOf(seen);
        var token = world.oneOf(seen);
        if (about.taskRunId().equals(token.taskRunId()) && about.attempt() == token.attempt()) {
            return;
        }
        var node = world.anyNode();
        if (node == null) {
            return;
        }
        world.happened(Fault.CALLBACK_FORGED, "");
        var forged = "{\"callbackId\":\"forged-" + seen.size() + "\",\"attempt\":" + about.attempt()
                + ",\"status\":\"COMPLETED\"}";
        node.receive(
                new Incoming(about.taskRunId(), token.taskRunId(), token.attempt(), forged),
                world.checker::toldOfForged);
    }
}
