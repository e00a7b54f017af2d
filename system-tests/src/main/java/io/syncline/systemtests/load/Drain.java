package io.syncline.systemtests.load;

import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A platform that works off a backlog: runs of one task, each on a business key of its own, each one POST that a sink answers
 * with 200 COMPLETED. The backlog is sent while the group is paused; the resume makes all of it due at once.
 */
public final class Drain {

    /** @param seconds from the first call at the sink to the last run COMPLETED in the database */
    public record Result(int runs, double seconds, DatabaseWork.Counts work) {
        public double rate() {
            return runs / seconds;
        }

        public double statementsPerRun() {
            return (double) work.statements() / runs;
        }

        public double commitsPerRun() {
            return (double) work.commits() / runs;
        }
    }

    private static final String GROUP = "drain";
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final MeasuredPlatform platform;
    private final PlatformApi api;
    private final Sink sink;
    private int round;

    /** @param platform whose first node takes the messages; all its nodes work them off */
    public Drain(MeasuredPlatform platform, Sink sink, int concurrency) {
        this.platform = platform;
        this.api = platform.api();
        this.sink = sink;
        platform.system("sink", sink.origin(), "none", concurrency);
        platform.group(GROUP, List.of(Map.of("key", "post", "mode", "ASYNC", "system", "sink", "path", "/sync")));
    }

    /** Sends the backlog, lets it go, and measures until the last run has ended. */
    public Result run(int runs) {
        round++;
        api.post("/api/v1/groups/" + GROUP + "/pause", Map.of("reason", "collecting a backlog"))
                .expect(200, 204);
        var since = platform.work().text("select now()");
        platform.sendBatches(GROUP, String.valueOf(round), runs);
        sink.reset();
        var counted = platform.work().counts();
        api.post("/api/v1/groups/" + GROUP + "/resume", Map.of("reason", "working it off"))
                .expect(200, 204);
        var end = System.nanoTime() + LONGEST.toNanos();
        while (sink.calls() < runs && System.nanoTime() < end) {
            pause(20);
        }
        while (ended(since) < runs && System.nanoTime() < end) {
            pause(20);
        }
        var seconds = (System.nanoTime() - sink.firstNanos()) / 1e9;
        var used = platform.work().counts().minus(counted);
        if (ended(since) < runs) {
            throw platform.node().failure("only " + ended(since) + " of " + runs + " runs ended within " + LONGEST);
        }
        return new Result(runs, seconds, used);
    }

    /** Of this round alone, so that the count does not grow with what was before. */
    private long ended(String since) {
        return platform.work()
                .number("select count(*) from run where group_key = '" + GROUP + "' and created_at >= '" + since
                        + "' and state = 'COMPLETED'");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
