package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** An upstream that sends messages at a steady rate, each until a node has answered, some twice and some with two contents. */
final class Driver implements AutoCloseable {

    private static final int THREADS = 48;
    private static final int MOST_PENDING = 400;
    private static final String FIRST = "first";
    private static final String OTHER = "other";

    private final History history;
    private final List<PlatformApi> nodes;
    private final int perSecond;
    private final Random random;
    private final ExecutorService senders = Executors.newFixedThreadPool(THREADS);
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private final Consumer<String> started;
    private final Map<String, Queue<Integer>> answersToCopies = new ConcurrentHashMap<>();
    private volatile boolean sending = true;
    private volatile boolean givenUp;

    /** @param started is told of each run that an answer named */
    Driver(History history, List<PlatformApi> nodes, int perSecond, long seed, Consumer<String> started) {
        this.started = started;
        this.history = history;
        this.nodes = nodes;
        this.perSecond = perSecond;
        this.random = new Random(seed);
    }

    void start() {
        var pace = new Thread(this::sendSteadily, "driver");
        pace.setDaemon(true);
        pace.start();
    }

    /** Sends no new messages; those under way are sent until they are answered. */
    void stop() {
        sending = false;
    }

    boolean isQuiet() {
        return !sending && pending.get() == 0;
    }

    int sent() {
        return number.get();
    }

    private void sendSteadily() {
        long next = System.nanoTime();
        while (sending) {
            next += 1_000_000_000L / perSecond;
            if (pending.get() < MOST_PENDING) {
                sendOne();
            }
            LockSupport.parkNanos(next - System.nanoTime());
            next = Math.max(next, System.nanoTime() - 1_000_000_000L);
        }
    }

    private synchronized void sendOne() {
        var event = Workload.event(number.incrementAndGet(), random);
        int kind = random.nextInt(100);
        submit(event, FIRST);
        if (kind < 8) {
            submit(event, FIRST);
        } else if (kind < 12) {
            submit(event, OTHER);
        }
    }

    /**
     * A message in many copies at once, all with one content or with two.
     *
     * @return its id
     */
    synchronized String burst(int copies, boolean twoContents) {
        var event = Workload.event(number.incrementAndGet(), random);
        var id = String.valueOf(event.get("id"));
        answersToCopies.put(id, new ConcurrentLinkedQueue<>());
        for (int i = 0; i < copies; i++) {
            submit(event, twoContents && i % 2 == 1 ? OTHER : FIRST);
        }
        return id;
    }

    /** How many copies of these messages have been answered so. */
    int answers(List<String> ids, int status) {
        return (int) ids.stream()
                .flatMap(id -> answersToCopies.getOrDefault(id, new ConcurrentLinkedQueue<>()).stream())
                .filter(answered -> answered == status)
                .count();
    }

    /**
     * So many messages at once, in batches, by a sender who does not send again what was not taken.
     *
     * @return ends with how many of them were answered how
     */
    CompletableFuture<Map<String, Integer>> deluge(int messages, int batch) {
        var answers = new ConcurrentHashMap<String, Integer>();
        var sent = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < messages; i += batch) {
            var events = new ArrayList<Map<String, Object>>();
            synchronized (this) {
                for (int j = i; j < Math.min(messages, i + batch); j++) {
                    events.add(Workload.withContent(
                            Workload.event(number.incrementAndGet(), Workload.FLOODED, random), FIRST));
                }
            }
            pending.incrementAndGet();
            sent.add(CompletableFuture.runAsync(() -> sendBatch(events, answers), senders)
                    .whenComplete((done, failure) -> pending.decrementAndGet()));
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).thenApply(done -> answers);
    }

    private void sendBatch(List<Map<String, Object>> events, Map<String, Integer> answers) {
        events.forEach(event -> tellOfFlood(event, "invoke", 0, ""));
        Answer answer = null;
        try {
            answer = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()))
                    .send(
                            "POST",
                            "/api/v1/triggers",
                            Map.of("Content-Type", "application/cloudevents-batch+json"),
                            Http.JSON.writeValueAsBytes(events));
        } catch (RuntimeException noAnswer) {
            // Told as unknown.
        }
        for (int i = 0; i < events.size(); i++) {
            var whole = answer == null ? 0 : answer.status();
            var one = whole == 200 ? answer.json().path(i) : Http.JSON.createObjectNode();
            var run = one.at("/runs/0/runId").asString("");
            var status = !run.isEmpty() ? 202 : one.at("/problem/status").asInt(whole == 200 ? 0 : whole);
            var refused = status == 409 || status == 422 || status == 429;
            tellOfFlood(events.get(i), status == 202 ? "ok" : refused ? "fail" : "unknown", status, run);
            answers.merge(status == 0 ? "no answer" : Integer.toString(status), 1, Integer::sum);
        }
    }

    private void tellOfFlood(Map<String, Object> event, String outcome, int status, String run) {
        history.add(
                "driver",
                "trigger",
                "outcome",
                outcome,
                "id",
                event.get("id"),
                "source",
                event.get("source"),
                "content",
                FIRST,
                "flood",
                true,
                "status",
                status == 0 ? null : status,
                "runs",
                outcome.equals("ok") ? run : null);
    }

    /** One message for a group. */
    synchronized void send(String group) {
        submit(Workload.event(number.incrementAndGet(), group, random), FIRST);
    }

    /** Many messages at once. */
    void flood(int messages) {
        for (int i = 0; i < messages; i++) {
            sendOne();
        }
    }

    private void submit(Map<String, Object> event, String content) {
        pending.incrementAndGet();
        senders.execute(() -> {
            try {
                sendUntilAnswered(Workload.withContent(event, content), content);
            } finally {
                pending.decrementAndGet();
            }
        });
    }

    private void sendUntilAnswered(Map<String, Object> event, String content) {
        for (int tries = 0; !givenUp; tries++) {
            tell(event, content, "invoke", null);
            Answer answer = null;
            try {
                answer = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()))
                        .trigger(event);
            } catch (RuntimeException noAnswer) {
                // Told as unknown.
            }
            if (answer == null || answer.status() >= 500 || answer.status() == 401) {
                tell(event, content, "unknown", answer);
            } else if (answer.status() == 202 || answer.status() == 200) {
                tell(event, content, "ok", answer);
                started.accept(answer.json().at("/runs/0/runId").asString(""));
                return;
            } else {
                tell(event, content, "fail", answer);
                if (answer.status() != 429) {
                    return;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(1000, 50L << Math.min(5, tries))));
        }
    }

    private void tell(Map<String, Object> event, String content, String outcome, Answer answer) {
        if (answer != null) {
            answersToCopies.computeIfPresent(String.valueOf(event.get("id")), (id, answers) -> {
                answers.add(answer.status());
                return answers;
            });
        }
        var runs = answer == null
                ? null
                : String.join(
                        " ",
                        answer.json()
                                .path("runs")
                                .valueStream()
                                .map(run -> run.path("runId").asString(""))
                                .toList());
        history.add(
                "driver",
                "trigger",
                "outcome",
                outcome,
                "id",
                event.get("id"),
                "source",
                event.get("source"),
                "content",
                content,
                "status",
                answer == null ? null : answer.status(),
                "retryAfter",
                answer == null || answer.header("Retry-After").isEmpty() ? null : answer.header("Retry-After"),
                "runs",
                runs);
    }

    @Override
    public void close() {
        sending = false;
        givenUp = true;
        senders.shutdownNow();
    }
}
