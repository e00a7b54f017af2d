package io.syncline.systemtests.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A downstream that takes each call with 202 and reports by callback at once: done, with figures that balance. It keeps when
 * the last report of each trigger message was answered.
 */
public final class ReportingDownstream implements Sink.Downstream, AutoCloseable {

    private static final int TRY_AGAIN = 503;

    private record Work(String taskRunId, int attempt, String token, String triggerId) {}

    private final BlockingQueue<Work> toReport = new LinkedBlockingQueue<>();
    private final List<Thread> reporters = new ArrayList<>();
    private final InetSocketAddress platform;
    private final String host;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final ScheduledExecutorService again = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentHashMap<String, Reports> reports = new ConcurrentHashMap<>();

    private static final class Reports {
        private int count;
        private long lastNanos;
    }

    /**
     * @param platform where the callbacks go
     * @param connections so many callbacks are under way at once at most
     */
    public ReportingDownstream(String platform, int connections) {
        var uri = URI.create(platform);
        this.platform = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.host = uri.getAuthority();
        for (int i = 0; i < connections; i++) {
            var thread = new Thread(this::report, "reporter");
            thread.setDaemon(true);
            thread.start();
            reporters.add(thread);
        }
    }

    @Override
    public byte[] answer(String path, byte[] body) {
        var call = new String(body, StandardCharsets.UTF_8);
        var trigger = call.indexOf("\"trigger\":");
        toReport.add(new Work(
                member(call, "taskRunId", 0),
                number(call, "attempt"),
                member(call, "token", call.indexOf("\"callback\":")),
                member(call, "id", trigger)));
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

    private void report() {
        try {
            while (true) {
                var work = toReport.take();
                try (var socket = new Socket()) {
                    socket.setTcpNoDelay(true);
                    socket.connect(platform, 5_000);
                    reportAll(work, socket);
                } catch (IOException broken) {
                    refused.incrementAndGet();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportAll(Work first, Socket socket) throws IOException, InterruptedException {
        var in = new BufferedInputStream(socket.getInputStream(), 4096);
        for (var work = first; ; work = toReport.take()) {
            var sent = work;
            socket.getOutputStream().write(request(work));
            var answer = Wire.read(in);
            if (answer == null) {
                toReport.add(work);
                return;
            }
            if (answer.status() == 200
                    && new String(answer.body(), StandardCharsets.US_ASCII).contains("\"applied\":true")) {
                applied.incrementAndGet();
                var known = reports.computeIfAbsent(work.triggerId(), id -> new Reports());
                synchronized (known) {
                    known.count++;
                    known.lastNanos = System.nanoTime();
                }
            } else if (answer.status() == TRY_AGAIN) {
                again.schedule(() -> toReport.add(sent), 1, TimeUnit.SECONDS);
                busy.incrementAndGet();
            } else {
                refused.incrementAndGet();
            }
        }
    }

    private byte[] request(Work work) {
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
