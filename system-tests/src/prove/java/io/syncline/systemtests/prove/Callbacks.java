package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.History;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reports what the downstream has done, each until the platform has answered, and badly where it is told to. */
final class Callbacks implements AutoCloseable {

    enum Manner {
        PROPER,
        /** A hundred copies at once. */
        FLOODING,
        /** Long after the poll has found the work done. */
        LATE,
        /** The end before the beginning, and before the call has been answered. */
        OUT_OF_ORDER,
        /** The end, then the opposite. */
        CONTRADICTORY,
        /** Beside the true one some that nobody may believe. */
        FORGED
    }

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);
    private static final int THREADS = 48;
    private static final int COPIES = 100;

    private final History history;
    private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(THREADS);
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger spoilt = new AtomicInteger();
    private volatile Manner manner = Manner.PROPER;
    private volatile String strangersToken = "";

    Callbacks(History history) {
        this.history = history;
    }

    void manner(Manner now) {
        spoilt.set(0);
        manner = now;
    }

    /** How many reports were sent in the manner that was last asked for. */
    int spoilt() {
        return spoilt.get();
    }

    boolean isQuiet() {
        return pending.get() == 0;
    }

    private record Report(
            Downstream.Call call, String id, String status, boolean last, int sequence, String token, boolean forged) {

        byte[] body() {
            return "{\"callbackId\":\"%s\",\"attempt\":%d,\"sequence\":%d,\"status\":\"%s\",\"retryable\":%s}"
                    .formatted(id, call.attempt(), sequence, status, !last)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** @param done runs when the work is over, before the end is reported */
    void about(Downstream.Call call, String status, boolean last, Runnable done) {
        var now = manner;
        var begun = report(call, "RUNNING", false, 1);
        var ended = report(call, status, last, 9);
        var least = call.task().equals(Workload.SLOW) ? 16_000 : 100;
        var work = least + Math.floorMod(call.hash() * 7, 1500);
        if (now != Manner.PROPER) {
            spoilt.incrementAndGet();
        }
        switch (now) {
            case OUT_OF_ORDER -> {
                done.run();
                sendNow(ended);
                send(begun, 50);
            }
            case LATE -> {
                send(begun, work);
                later(done, work);
                send(ended, 12_000);
            }
            default -> {
                send(begun, work / 2);
                later(done, work);
                send(ended, work);
                unusual(now, call, ended, work);
            }
        }
        strangersToken = ended.token();
    }

    private void unusual(Manner now, Downstream.Call call, Report ended, int work) {
        if (now == Manner.FLOODING) {
            for (int i = 1; i < COPIES; i++) {
                send(ended, work);
            }
        } else if (now == Manner.CONTRADICTORY) {
            var opposite = ended.status().equals("COMPLETED") ? "FAILED" : "COMPLETED";
            send(report(call, opposite, true, 10), work + 1500);
        } else if (now == Manner.FORGED) {
            forge(call, ended.token().substring(0, ended.token().length() - 4) + "AAAA", work / 3);
            forge(call, "no-token", work / 3);
            if (!strangersToken.isEmpty() && !strangersToken.equals(ended.token())) {
                forge(call, strangersToken, work / 3);
            }
        }
    }

    private void forge(Downstream.Call call, String token, int delay) {
        var id = "forged-" + numbers.incrementAndGet();
        send(new Report(call, id, "COMPLETED", false, 20, token, true), delay);
    }

    private Report report(Downstream.Call call, String status, boolean last, int sequence) {
        var token = call.body().path("callback").path("token").asString("");
        return new Report(call, "cb-" + numbers.incrementAndGet(), status, last, sequence, token, false);
    }

    private void later(Runnable work, long millis) {
        pending.incrementAndGet();
        senders.schedule(
                () -> {
                    pending.decrementAndGet();
                    work.run();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void send(Report report, long millis) {
        pending.incrementAndGet();
        senders.schedule(() -> trySend(report, 0), millis, TimeUnit.MILLISECONDS);
    }

    private void sendNow(Report report) {
        pending.incrementAndGet();
        trySend(report, 0);
    }

    private void trySend(Report report, int tries) {
        tell(report, "invoke", null);
        Answer answer = null;
        try {
            var uri =
                    URI.create(report.call().body().path("callback").path("url").asString(""));
            answer = new Http(uri.getScheme() + "://" + uri.getAuthority())
                    .send(
                            "POST",
                            uri.getPath(),
                            Map.of("Authorization", "Bearer " + report.token(), "Content-Type", "application/json"),
                            report.body(),
                            ANSWER_WITHIN);
        } catch (RuntimeException noAnswer) {
            // Told below.
        }
        var again = answer == null || answer.status() >= 500 || answer.status() == 429;
        tell(report, again ? "unknown" : answer.status() == 200 ? "ok" : "fail", answer);
        if (again && !senders.isShutdown()) {
            senders.schedule(
                    () -> trySend(report, tries + 1),
                    Math.min(2000, 150L << Math.min(4, tries)),
                    TimeUnit.MILLISECONDS);
        } else {
            pending.decrementAndGet();
        }
    }

    private void tell(Report report, String outcome, Answer answer) {
        history.add(
                "downstream",
                "callback",
                "outcome",
                outcome,
                "taskRun",
                report.call().taskRun(),
                "attempt",
                report.call().attempt(),
                "callback",
                report.id(),
                "report",
                report.status(),
                "final",
                report.last(),
                "forged",
                report.forged(),
                "status",
                answer == null ? null : answer.status(),
                "applied",
                answer == null ? null : answer.json().path("applied").asBoolean(false),
                "reason",
                answer == null ? null : answer.json().path("reason").asString(""));
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
