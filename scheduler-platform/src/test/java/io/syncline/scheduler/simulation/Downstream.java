package io.syncline.scheduler.simulation;

import io.syncline.scheduler.simulation.Network.Call;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A downstream that keeps the contract's word, and nothing beyond: its work has one effect per key; its answers are as good as
 * those of the worst service that still does.
 */
final class Downstream {

    /** A report of an attempt that has not begun. */
    static final String UNBEGUN = "{\"status\":\"COMPLETED\",\"attempt\":99}";

    /** @param retryAfter as it stands in the header */
    record Answer(int status, String body, @Nullable String retryAfter) {}

    /** One report, with all that makes its body. */
    record Report(String id, String taskRunId, int attempt, String status, String members) {

        String body() {
            return body(attempt);
        }

        String body(int stated) {
            return "{\"callbackId\":\"" + id + "\",\"attempt\":" + stated + ",\"status\":\"" + status + "\"" + members
                    + "}";
        }

        boolean isTerminal() {
            return !status.equals("RUNNING");
        }
    }

    private static final class Job {
        private final Call call;
        private final boolean silent;
        private int sequence;
        private @Nullable Report end;
        private boolean cancelled;

        private Job(Call call, boolean silent) {
            this.call = call;
            this.silent = silent;
        }
    }

    private final Simulation world;
    private final Map<String, Job> jobs = new TreeMap<>();
    private int reports;

    Downstream(Simulation world) {
        this.world = world;
    }

    /** What never ended before ends when it is asked for. */
    void heal() {
        jobs.values().stream().filter(job -> job.end == null && !job.cancelled).forEach(this::end);
    }

    Answer take(Call call) {
        if (call.cancel()) {
            return cancel(call);
        }
        var trouble = world.chance(50) ? null : trouble(call);
        if (trouble != null && world.chance(60)) {
            return trouble;
        }
        var job = jobs.get(call.key());
        if (job == null) {
            job = begin(call);
            return trouble == null ? new Answer(202, "", null) : trouble;
        }
        if (trouble != null) {
            return trouble;
        }
        if (job.end != null) {
            return new Answer(200, job.end.body(), null);
        }
        if (world.isHealed()) {
            end(job);
        }
        return switch (world.random.nextInt(3)) {
            case 0 -> new Answer(409, "{\"type\":\"https://example.com/already-running\"}", null);
            case 1 -> new Answer(200, "{\"status\":\"RUNNING\",\"attempt\":" + call.attempt() + "}", null);
            default -> new Answer(202, "", null);
        };
    }

    private Job begin(Call call) {
        var job = new Job(call, world.strikes(Fault.NEVER_REPORTED, 6));
        jobs.put(call.key(), job);
        if (job.silent) {
            return job;
        }
        int progress = world.random.nextInt(3);
        for (int i = 0; i < progress; i++) {
            world.at(world.millis(100, 9_000), "job " + call.key() + " goes on", () -> goOn(job));
        }
        world.at(
                world.isHealed() ? world.millis(100, 1500) : world.millis(200, 15_000),
                "job " + call.key() + " ends",
                () -> end(job));
        return job;
    }

    private void goOn(Job job) {
        if (job.end == null && !job.cancelled) {
            world.network.report(report(job, "RUNNING", ",\"sequence\":" + ++job.sequence));
        }
    }

    private void end(Job job) {
        if (job.end != null || job.cancelled) {
            return;
        }
        var end = ending(job);
        job.end = end;
        if (end.status().equals("COMPLETED")) {
            world.checker.hadEffect(job.call.key());
        }
        world.network.report(end);
        if (world.strikes(Fault.CALLBACK_CONTRADICTORY, 8)) {
            var other = end.status().equals("COMPLETED") ? "FAILED" : "COMPLETED";
            var contradiction = report(job, other, balanced(true));
            world.at(world.millis(10, 20_000), "job contradicts itself", () -> world.network.report(contradiction));
        }
    }

    private Report ending(Job job) {
        if (world.strikes(Fault.REPORT_FAILED, 22)) {
            return report(job, "FAILED", world.chance(20) ? ",\"retryable\":false" : "");
        }
        return report(job, "COMPLETED", balanced(!world.strikes(Fault.REPORT_UNBALANCED, 8)));
    }

    private static String balanced(boolean balanced) {
        return ",\"reconciliation\":{\"expectedRows\":10,\"actualRows\":" + (balanced ? 10 : 9)
                + ",\"missing\":0,\"unexpected\":0,\"different\":0}";
    }

    private Report report(Job job, String status, String members) {
        return new Report("c" + ++reports, job.call.taskRunId(), job.call.attempt(), status, members);
    }

    private @Nullable Answer trouble(Call call) {
        if (world.isHealed()) {
            return null;
        }
        return switch (world.random.nextInt(20)) {
            case 0, 1, 2 -> {
                world.happened(Fault.BUSY_ANSWER, call.key());
                yield new Answer(world.oneOf(List.of(408, 425, 429, 500, 502, 503)), "{}", null);
            }
            case 3, 4 -> {
                world.happened(Fault.RETRY_AFTER, call.key());
                yield new Answer(
                        world.oneOf(List.of(429, 503)),
                        "",
                        world.oneOf(List.of("6", "3", "999999999", "-1", "soon", "Fri, 20 Nov 2026 12:03:00 GMT")));
            }
            case 5, 6 -> {
                world.happened(Fault.UNREADABLE_ANSWER, call.key());
                yield new Answer(
                        world.oneOf(List.of(200, 200, 200, 204)),
                        world.oneOf(List.of(
                                "<html>COMPLETED</html>",
                                "{\"status\":\"DONE\"}",
                                UNBEGUN,
                                "{\"status\":\"COMPLETED\",\"taskRunId\":\"another\"}",
                                "[]",
                                "")),
                        null);
            }
            case 7 -> {
                world.happened(Fault.UNAUTHORIZED, call.key());
                yield new Answer(401, "", null);
            }
            case 8 -> {
                if (!world.chance(25)) {
                    yield null;
                }
                world.happened(Fault.REFUSED, call.key());
                yield new Answer(world.oneOf(List.of(302, 400, 404, 422)), "", null);
            }
            default -> null;
        };
    }

    private Answer cancel(Call call) {
        var trouble = world.chance(40) ? trouble(call) : null;
        if (trouble != null && trouble.status() >= 400) {
            return trouble;
        }
        var job = jobs.get(call.key());
        if (job == null) {
            return new Answer(404, "", null);
        }
        job.cancelled = job.end == null;
        return new Answer(world.oneOf(List.of(200, 204, 410)), "", null);
    }
}
