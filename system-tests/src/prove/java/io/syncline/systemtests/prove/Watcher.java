package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who looks at a run again and again, each time at another node, and begins no look before the last one was answered:
 * what they see of it may stand still and never go back.
 */
final class Watcher implements AutoCloseable {

    private static final int WATCHERS = 3;
    private static final int MOST_WAITING = 4;
    private static final int LOOKS = 24;
    private static final long PAUSE_MILLIS = 250;

    private final History history;
    private final List<PlatformApi> nodes;
    private final BlockingQueue<String> runs = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads;
    private volatile boolean closed;

    Watcher(History history, List<PlatformApi> nodes, long seed) {
        this.history = history;
        this.nodes = nodes;
        threads = IntStream.range(0, WATCHERS)
                .mapToObj(i -> new Thread(() -> watch(new Random(seed + i)), "watcher " + i))
                .toList();
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Is watched if somebody has time for it, by one of them alone: a copy of a message names its run once more. */
    void offer(String run) {
        if (known.add(run) && !runs.offer(run)) {
            known.remove(run);
        }
    }

    private void watch(Random random) {
        try {
            while (!closed) {
                var run = runs.poll(1, TimeUnit.SECONDS);
                for (int look = 0; run != null && look < LOOKS && !closed; look++) {
                    if (look(run, random.nextInt(nodes.size()))) {
                        break;
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the run has ended; an end is looked at once more elsewhere. */
    private boolean look(String run, int node) {
        var seen = seen(run, node);
        if (seen == null || seen.path("endedAt").isNull()) {
            return false;
        }
        seen(run, (node + 1) % nodes.size());
        return true;
    }

    private JsonNode seen(String run, int node) {
        JsonNode view;
        try {
            var answer = nodes.get(node).get("/api/v1/runs/" + run);
            if (answer.status() != 200) {
                return null;
            }
            view = answer.json();
        } catch (RuntimeException noAnswer) {
            return null;
        }
        tell(node, "run", run, view);
        view.path("taskRuns")
                .forEach(task -> tell(node, "taskRun", task.path("taskRunId").asString(""), task));
        return view;
    }

    private void tell(int node, String what, String id, JsonNode view) {
        history.add(
                "watcher",
                "look",
                what,
                id,
                "node",
                node + 1,
                "state",
                view.path("state").asString(""),
                "attempt",
                view.path("attempt").asInt(0),
                "round",
                view.path("round").asInt(0));
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
