package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A downstream that takes each call with 202 and reports by callback at once: done, with figures that balance. A report that has
 * no answer is sent again until it has one, as the interface asks for. It keeps when the last report of each trigger message was
 * answered.
 */
public final class ReportingDownstream implements Sink.Downstream, AutoCloseable {

    private static final int TRY_AGAIN = 503;
    private static final String APPLIED = "\"applied\":true";
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final String KNOWN = "\"applied\":false";

    private record Work(String taskRunId, int attempt, String token, String triggerId) {}

    private final BlockingQueue<Work> toReport = new LinkedBlockingQueue<>();
    private final List<Thread> reporters = new ArrayList<>();
    private final List<URI> nodes;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong appliedTwice = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> appliedTo = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService again = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentHashMap<String, Reports> reports = new ConcurrentHashMap<>();

    private static final class Reports {
        private int count;
        private long lastNanos;
    }

    /**
     * @param platform nodes that the callbacks go to, by turns; to another one where a connection breaks
     * @param connections so many callbacks are under way at once at most
     */
    public ReportingDownstream(List<String> platform, int connections) {
        this.nodes = platform.stream().map(URI::create).toList();
        for (int i = 0; i < connections; i++) {
            int first = i;
            var thread = new Thread(() -> report(first), "reporter");
            thread.setDaemon(true);
            thread.start();
            reporters.add(thread);
        }
    }

    @Override
    public byte[] answer(String path, byte[] body) {
        var call = new String(body, StandardCharsets.UTF_8);
        var taskRunId = member(call, "taskRunId", 0);
        int attempt = number(call, "attempt");
        if (begun.add(taskRunId + '/' + attempt)) {
            toReport.add(new Work(
                    taskRunId,
                    attempt,
                    member(call, "token", call.indexOf("\"callback\":")),
                    member(call, "id", call.indexOf("\"trigger\":"))));
        }
        return Sink.ACCEPTED;
    }

    /** Callbacks that were answered with applied: true. */
    public long applied() {
        return applied.get();
    }

    /** Callbacks that were told to come back, which they do a second later. */
    public long busy() {
        return busy.get();
    }

    /** Callbacks that had no answer, and were sent again. */
    public long unanswered() {
        return unanswered.get();
    }

    /** Callbacks that told what the platform knew: copies of those that were applied. */
    public long repeated() {
        return repeated.get();
    }

    /** Callbacks that were applied to a task run which another one had been applied to. */
    public long appliedTwice() {
        return appliedTwice.get();
    }

    /** Callbacks with any other answer. */
    public long refused() {
        return refused.get();
    }

    /**
     * When the platform had answered this many reports of a message.
     *
     * @return nanoseconds of this JVM's clock, 0 when there were fewer
     */
    public long reportedNanos(String triggerId, int tasks) {
        var known = reports.get(triggerId);
        if (known == null) {
            return 0;
        }
        synchronized (known) {
            return known.count >= tasks ? known.lastNanos : 0;
        }
    }

    private void report(int first) {
        try {
            for (int turn = first; ; turn++) {
                var work = toReport.take();
                var node = nodes.get(turn % nodes.size());
                try (var socket = new Socket()) {
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(ANSWER_MILLIS);
                    socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), CONNECT_MILLIS);
                    reportAll(work, socket, node.getAuthority());
                } catch (IOException refusedToConnect) {
                    sendAgain(work);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the connection broke. */
    private void reportAll(Work first, Socket socket, String host) throws IOException, InterruptedException {
        var in = new BufferedInputStream(socket.getInputStream(), 4096);
        for (var work = first; ; work = toReport.take()) {
            Wire.Message answer;
            try {
                socket.getOutputStream().write(request(work, host));
                answer = Wire.read(in);
            } catch (IOException broken) {
                answer = null;
            }
            if (answer == null) {
                sendAgain(work);
                return;
            }
            answered(work, answer);
        }
    }

    private void answered(Work work, Wire.Message answer) {
        var body = new String(answer.body(), StandardCharsets.US_ASCII);
        if (answer.status() == 200 && body.contains(APPLIED)) {
            applied.incrementAndGet();
            if (!appliedTo.add(work.taskRunId())) {
                appliedTwice.incrementAndGet();
            }
            var known = reports.computeIfAbsent(work.triggerId(), id -> new Reports());
            synchronized (known) {
                known.count++;
                known.lastNanos = System.nanoTime();
            }
        } else if (answer.status() == 200 && body.contains(KNOWN)) {
            repeated.incrementAndGet();
        } else if (answer.status() == TRY_AGAIN) {
            busy.incrementAndGet();
            later(work);
        } else {
            refused.incrementAndGet();
        }
    }

    private void sendAgain(Work work) {
        unanswered.incrementAndGet();
        later(work);
    }

    private void later(Work work) {
        try {
            again.schedule(() -> toReport.add(work), 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            // Nobody waits for it any more.
        }
    }

    private static byte[] request(Work work, String host) {
        var body = "{\"callbackId\":\"" + work.taskRunId() + "\",\"attempt\":" + work.attempt()
                + ",\"sequence\":1,\"status\":\"COMPLETED\",\"reconciliation\":{\"expectedRows\":1000,\"actualRows\":1000,"
                + "\"missing\":0,\"unexpected\":0,\"different\":0}}";
        return Wire.request(
                "POST",
                "/api/v1/task-runs/" + work.taskRunId() + "/callbacks",
                "Host: " + host + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + work.token()
                        + "\r\n",
                body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String member(String json, String name, int from) {
        int begin = json.indexOf("\"" + name + "\":\"", from) + name.length() + 4;
        return json.substring(begin, json.indexOf('"', begin));
    }

    private static int number(String json, String name) {
        int begin = json.indexOf("\"" + name + "\":") + name.length() + 3;
        int end = begin;
        while (Character.isDigit(json.charAt(end))) {
            end++;
        }
        return Integer.parseInt(json.substring(begin, end));
    }

    @Override
    public void close() {
        again.shutdownNow();
        reporters.forEach(Thread::interrupt);
    }
}
