package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.DatabaseWork;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The whole way of {@link PathBench} over two nodes, while one of them is killed and starts again, the other stands still for
 * longer than a lease holds, and the database crashes. Whoever has no answer sends again, as the interface asks for, until there
 * is one. What was acknowledged has to be done in the end, once, by the database's word and by the downstream's.
 */
final class FaultsBench {

    /** Half of what {@link PathBench} takes at most: the other half is for what has to catch up. */
    private static final int TRIGGERS = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 242);

    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 120));
    private static final Duration WARM_UP = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_WARM_UP", 90));
    private static final Duration FROZEN = Duration.ofSeconds(15);
    private static final Duration BETWEEN = Duration.ofSeconds(10);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final int TRIES = 3;
    private static final int SECONDS_TOLD_TOGETHER = 5;

    /** What the ids of the measured messages begin with. */
    private static final String MEASURED = "f";

    private static final String OPEN = "select (select count(*) from run where state in ('QUEUED', 'RUNNING'))"
            + " + (select count(*) from task_run where state in ('WAITING', 'DUE', 'CALLING', 'RUNNING'))";

    private final CountingPostgres postgres;
    private final MeasuredPlatform platform;
    private final List<ServiceProcess> nodes;
    private final ReportedGroup group;
    private final String database;
    private volatile int struck;

    private FaultsBench(
            CountingPostgres postgres,
            String database,
            MeasuredPlatform platform,
            List<ServiceProcess> nodes,
            ReportedGroup group) {
        this.postgres = postgres;
        this.database = database;
        this.platform = platform;
        this.nodes = nodes;
        this.group = group;
    }

    static List<Map<String, Object>> run() throws IOException {
        try (var postgres = new CountingPostgres()) {
            var database = postgres.database("syncline");
            try (var platform = new MeasuredPlatform(database, Files.createTempDirectory("syncline-bench"))) {
                var nodes = List.of(
                        platform.start(List.of("-Xmx512m", "-Xms512m"), Map.of()),
                        platform.start(List.of("-Xmx512m", "-Xms512m"), Map.of()));
                try (var group = new ReportedGroup(platform, nodes, "faults")) {
                    return new FaultsBench(postgres, database, platform, nodes, group).measured();
                }
            }
        }
    }

    /** @param strike returns when what it broke works again, but for what has to catch up */
    private record Fault(String what, Runnable strike) {}

    private List<Map<String, Object>> measured() {
        try (var warmUp = new Senders(Plots.WARM_UP, TRIGGERS, WARM_UP)) {
            warmUp.send();
            settle(platform.work());
        }
        var downstream = group.downstream();
        long warm = downstream.applied();
        long begun = System.nanoTime();
        var seconds = new ArrayList<Long>();
        try (var senders = new Senders(MEASURED, TRIGGERS, SPAN)) {
            var sent = CompletableFuture.runAsync(senders::send);
            var faults = CompletableFuture.runAsync(() -> strikeAll(begun));
            while (!sent.isDone() || !faults.isDone()) {
                seconds.add(downstream.applied() - warm);
                Pauses.millis(1_000);
            }
            sent.join();
            faults.join();
            try (var work = new DatabaseWork(database, CountingPostgres.USER, CountingPostgres.PASSWORD)) {
                settle(work);
                double took = (System.nanoTime() - begun) / 1e9;
                return told(senders, work, seconds, took);
            }
        }
    }

    private List<Fault> faults() {
        return List.of(
                new Fault("the first node is killed, and starts again", () -> {
                    nodes.get(0).kill();
                    nodes.get(0).startUntilReady(TRIES, READY_WITHIN);
                }),
                new Fault("the second node stands still for " + FROZEN.toSeconds() + " s", () -> {
                    nodes.get(1).freeze();
                    try {
                        Pauses.millis(FROZEN.toMillis());
                    } finally {
                        nodes.get(1).thaw();
                    }
                }),
                new Fault("the database crashes", () -> {
                    if (!postgres.crash()) {
                        System.out.println("           but it is not ours, and does not");
                    }
                }));
    }

    private void strikeAll(long begun) {
        for (var fault : faults()) {
            Pauses.millis(BETWEEN.toMillis());
            double at = (System.nanoTime() - begun) / 1e9;
            System.out.printf(Locale.ROOT, "%8.1f s  %s%n", at, fault.what());
            if (at < SPAN.toSeconds()) {
                struck++;
            }
            fault.strike().run();
            System.out.printf(Locale.ROOT, "%8.1f s  that is over%n", (System.nanoTime() - begun) / 1e9);
        }
    }

    private void settle(DatabaseWork work) {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (work.number(OPEN) > 0 && System.nanoTime() < end) {
            Pauses.millis(200);
        }
    }

    private List<Map<String, Object>> told(Senders senders, DatabaseWork work, List<Long> seconds, double took) {
        var done = new Done(work);
        var figure = figure(senders, done, seconds, took);
        figure.forEach((name, value) -> System.out.printf(
                Locale.ROOT, "%-36s %s%n", name, value instanceof Double some ? String.format("%.1f", some) : value));
        System.out.println("done in each " + SECONDS_TOLD_TOGETHER + " s: "
                + IntStream.iterate(SECONDS_TOLD_TOGETHER, i -> i < seconds.size(), i -> i + SECONDS_TOLD_TOGETHER)
                        .mapToObj(i -> Long.toString(seconds.get(i) - seconds.get(i - SECONDS_TOLD_TOGETHER)))
                        .collect(Collectors.joining(" ")));
        figure.put("doneBySecond", seconds);
        return Stream.concat(Stream.of(figure), goals(senders, done).stream()).toList();
    }

    private Map<String, Object> figure(Senders senders, Done done, List<Long> seconds, double took) {
        var downstream = group.downstream();
        var nanos = IntStream.range(0, senders.count())
                .filter(n -> group.reportedNanos(senders.id(n)) != 0)
                .mapToLong(n -> group.reportedNanos(senders.id(n)) - senders.due[n])
                .toArray();
        int first = (int) BETWEEN.toSeconds() - 1;
        var figure = new LinkedHashMap<String, Object>();
        figure.put("name", "faults");
        figure.put("messages", senders.count());
        figure.put("taskRuns", done.taskRuns(""));
        figure.put("tasksPerSecondBeforeTheFirstFault", (seconds.get(first) - seconds.get(1)) / (first - 1.0));
        figure.put("tasksPerSecondInAll", (double) senders.count() * ReportedGroup.TASKS / took);
        figure.put("allDoneSeconds", took);
        figure.put("messagesSentAgain", senders.again);
        figure.put("callbacksWithoutAnswer", downstream.unanswered());
        figure.put("callbacksToldToComeBack", downstream.busy());
        figure.put("callbacksThatWereKnown", downstream.repeated());
        figure.put("callsMadeAgain", done.callsMadeAgain());
        figure.put("outcomesRefusedByTheFence", done.outcomesRefused());
        figure.put("p50Ms", Spread.millis(nanos, 0.5));
        figure.put("p95Ms", Spread.millis(nanos, 0.95));
        figure.put("p99Ms", Spread.millis(nanos, 0.99));
        figure.put("maxMs", Spread.millis(nanos, 1));
        return figure;
    }

    private List<Map<String, Object>> goals(Senders senders, Done done) {
        var downstream = group.downstream();
        long runs = done.runs();
        return List.of(
                Goal.none("messages that were sent and never acknowledged", senders.count() - senders.taken()),
                Goal.none("acknowledged messages without a run that completed", senders.taken() - done.completed()),
                Goal.none("runs beyond one for each message", runs - senders.count()),
                Goal.none("messages answered but 200, 202, 429 or 503", senders.strange),
                Goal.none(
                        "task runs that are not completed, or too many",
                        Math.abs(ReportedGroup.TASKS * runs - done.taskRuns(" and state = 'COMPLETED'"))
                                + Math.abs(ReportedGroup.TASKS * runs - done.taskRuns(""))),
                Goal.none("task runs with an attempt that nobody asked for", done.taskRuns(" and attempt <> 1")),
                Goal.none("reports that were applied after one that was", downstream.appliedTwice()),
                Goal.none("task runs with more reports applied than one, by the database", done.reportedTwice()),
                Goal.none("reports refused", downstream.refused()),
                Goal.none(
                        "task runs that the journal completes more than once, or leaves after that",
                        done.notCompletedOnceByTheJournal()),
                Goal.none("claims with more outcomes applied than one", done.claimsAppliedTwice()),
                Goal.atLeast("faults while messages were sent", faults().size(), struck),
                Goal.atLeast("messages sent again, that there were faults", 1, senders.again),
                Goal.atLeast("calls made again, that there were faults", 1, done.callsMadeAgain()));
    }

    /** What the database says in the end of the messages that were measured. */
    private final class Done {

        private final String runs =
                " from run where group_key = '" + group.key() + "' and business_key like 'key-" + MEASURED + "-%'";
        private final String taskRuns = " from task_run where run_id in (select run_id" + runs + ")";
        private final DatabaseWork work;

        Done(DatabaseWork work) {
            this.work = work;
        }

        long runs() {
            return work.number("select count(*)" + runs);
        }

        /** Messages with a run that completed. */
        long completed() {
            return work.number("select count(distinct business_key)" + runs + " and state = 'COMPLETED'");
        }

        /** @param which empty, or what has to hold of them as well, beginning with " and" */
        long taskRuns(String which) {
            return work.number("select count(*)" + taskRuns + which);
        }

        long callsMadeAgain() {
            return work.number("select coalesce(sum(round - 1), 0)" + taskRuns);
        }

        long outcomesRefused() {
            return work.number("select count(*) from call where kind = 'SYNC' and applied = 0");
        }

        long reportedTwice() {
            return work.number("select count(*) from (select task_run_id from callback where applied = 1"
                    + " group by task_run_id having count(*) > 1) twice");
        }

        long notCompletedOnceByTheJournal() {
            return work.number("select count(*) from (select task_run_id from journal where task_run_id is not null"
                    + " group by task_run_id having sum(case when to_state = 'COMPLETED' then 1 else 0 end) <> 1"
                    + " or sum(case when from_state = 'COMPLETED' then 1 else 0 end) > 0) wrong");
        }

        long claimsAppliedTwice() {
            return work.number("select count(*) from (select task_run_id, fence from call where kind = 'SYNC'"
                    + " and applied = 1 group by task_run_id, fence having count(*) > 1) twice");
        }
    }

    /** An open loop to each node; who is not told that a message was taken sends it again a little later, to the other node. */
    private final class Senders implements AutoCloseable {

        private static final long AGAIN_MILLIS = 500;

        private final List<OpenLoop> loops = nodes.stream().map(group::loop).toList();
        private final ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        private final ScheduledExecutorService repeaters = Executors.newScheduledThreadPool(8);
        private final List<PlatformApi> apis;
        private final String name;
        private final int perSecond;
        private final Duration span;
        private final long[] due;
        private final boolean[] taken;
        private long again;
        private long strange;
        private int left;

        Senders(String name, int perSecond, Duration span) {
            this.apis = nodes.stream().map(platform::api).toList();
            this.apis.forEach(PlatformApi::token);
            this.name = name;
            this.perSecond = perSecond / nodes.size();
            this.span = span;
            this.due = new long[loops.get(0).requests(this.perSecond, span) * nodes.size()];
            this.taken = new boolean[due.length];
            this.left = due.length;
        }

        int count() {
            return due.length;
        }

        synchronized long taken() {
            return IntStream.range(0, taken.length).filter(n -> taken[n]).count();
        }

        /** Returns when each message was acknowledged, or when it has been waited for long enough. */
        void send() {
            var both = IntStream.range(0, nodes.size())
                    .mapToObj(node -> CompletableFuture.runAsync(() -> send(node), threads))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(both).join();
            long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
            while (left() > 0 && System.nanoTime() < end) {
                Pauses.millis(50);
            }
        }

        private synchronized int left() {
            return left;
        }

        private void send(int node) {
            loops.get(node)
                    .post(
                            "/api/v1/triggers",
                            perSecond,
                            span,
                            n -> MeasuredPlatform.message(group.key(), id(number(n, node))),
                            (n, dueNanos, status) -> {
                                due[number(n, node)] = dueNanos;
                                answered(number(n, node), node, status);
                            });
        }

        private int number(int n, int node) {
            return n * nodes.size() + node;
        }

        private String id(int number) {
            return name + "-" + number;
        }

        private synchronized void answered(int number, int node, int status) {
            if (status == 202 || status == 200) {
                taken[number] = true;
                left--;
                return;
            }
            if (status != 0 && status != 429 && status != 503) {
                strange++;
            }
            again++;
            int other = (node + 1) % nodes.size();
            repeaters.schedule(() -> repeat(number, other), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void repeat(int number, int node) {
            int status;
            try {
                status = apis.get(node)
                        .trigger(MeasuredPlatform.event(group.key(), id(number)))
                        .status();
            } catch (RuntimeException unanswered) {
                status = 0;
            }
            answered(number, node, status);
        }

        @Override
        public void close() {
            threads.shutdownNow();
            repeaters.shutdownNow();
        }
    }
}
