package io.syncline.systemtests.load;

import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A platform that works off a backlog: runs of one task, each on a business key of its own, each one POST that a sink answers
 * with 200 COMPLETED. The backlog is stored as the platform stores it, and then made due by one statement.
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

    /** Whether each round prints what the database spent its time on. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final String HELD_BACK =
            " where state = 'DUE' and group_key = '" + GROUP + "' and due_at > now() + interval '1 hour'";

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
        holdBack(runs);
        sink.reset();
        platform.work().watchStatements();
        var counted = platform.work().counts();
        platform.work().execute("update task_run set due_at = now()" + HELD_BACK);
        var end = System.nanoTime() + LONGEST.toNanos();
        while (sink.calls() < runs && System.nanoTime() < end) {
            pause(20);
        }
        while (open() > 0 && System.nanoTime() < end) {
            pause(20);
        }
        var seconds = (System.nanoTime() - sink.firstNanos()) / 1e9;
        var used = platform.work().counts().minus(counted);
        platform.work().tellStatements();
        if (ended(since) < runs) {
            throw platform.node().failure("only " + ended(since) + " of " + runs + " runs ended within " + LONGEST);
        }
        return new Result(runs, seconds, used);
    }

    /**
     * Lets the group go, and keeps its task runs from being called while the last ones become due: what is measured is the
     * work on a queue that is full.
     */
    private void holdBack(int runs) {
        var work = platform.work();
        work.execute("""
                create or replace function hold_back() returns trigger language plpgsql as
                $$ begin new.due_at := now() + interval '1 day'; return new; end $$;
                create or replace trigger hold_back before update on task_run for each row
                when (old.state = 'WAITING' and new.state = 'DUE' and new.group_key = 'drain')
                execute function hold_back()
                """);
        api.post("/api/v1/groups/" + GROUP + "/resume", Map.of("reason", "working it off"))
                .expect(200, 204);
        while (work.number("select count(*) from task_run" + HELD_BACK) < runs) {
            pause(20);
        }
        work.execute("drop trigger hold_back on task_run");
    }

    /** Fewer and fewer, as what the peers are asked for; a count that grows would cost the one who is measured more and more. */
    private long open() {
        return platform.work()
                .number("select count(*) from run where group_key = '" + GROUP
                        + "' and state in ('QUEUED', 'RUNNING')");
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
