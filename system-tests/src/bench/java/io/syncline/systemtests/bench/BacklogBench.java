package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.DatabaseWork;
import io.syncline.systemtests.load.Drain;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The drain on an empty platform and on one where a million task runs wait: half of them due later at the very system that is
 * drained, half behind a paused group. Also how long claims take there, and lists for operators while the drain goes on.
 */
final class BacklogBench {

    private static final int WAITING = Bench.setting("SYNCLINE_BENCH_ROWS", 1_000_000);
    private static final int RUNS = Bench.setting("SYNCLINE_BENCH_RUNS", 20_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 5);
    private static final int WARM_UP = Math.min(20_000, RUNS);
    private static final int CONCURRENCY = 128;
    private static final String P95 = "p95Ms";
    private static final List<String> JVM = List.of("-Xmx512m", "-Xms512m");
    private static final List<String> LISTS = List.of(
            "/api/v1/overview",
            "/api/v1/runs",
            "/api/v1/runs?state=QUEUED",
            "/api/v1/runs?state=RUNNING&group=later",
            "/api/v1/runs?group=held",
            "/api/v1/runs?businessKey=key-7",
            "/api/v1/triggers",
            "/api/v1/groups",
            "/api/v1/cluster");

    private BacklogBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var figures = new ArrayList<Map<String, Object>>();
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var empty = new MeasuredPlatform(
                        postgres.database("without"), Files.createTempDirectory("syncline-bench"));
                var full = new MeasuredPlatform(
                        postgres.database("behind"), Files.createTempDirectory("syncline-bench"))) {
            empty.start(JVM, Map.of());
            full.start(Bench.recorded(JVM, "backlog"), Map.of());
            var alone = new Drain(empty, sink, CONCURRENCY);
            var behind = new Drain(full, sink, CONCURRENCY);
            for (int i = 0; i < 2; i++) {
                alone.run(WARM_UP);
                behind.run(WARM_UP);
            }
            fill(full);
            full.work().forgetStatements();
            System.out.printf("%-8s %12s %14s %8s%n", "round", "without/s", "1 M behind/s", "ratio");
            var ratios = new ArrayList<Double>();
            for (int round = 1; round <= ROUNDS; round++) {
                double without = alone.run(RUNS).rate();
                double with = behind.run(RUNS).rate();
                ratios.add(with / without);
                System.out.printf(Locale.ROOT, "%-8d %12.0f %14.0f %8.2f%n", round, without, with, with / without);
                figures.add(Map.of("name", "round " + round, "without", without, "behind", with));
            }
            double ratio = Spread.of(ratios).median();
            figures.add(Map.of("name", "ratio", "ratios", ratios, "medianRatio", ratio));
            System.out.printf(Locale.ROOT, "ratio, median: %.2f%n", ratio);
            var claims = Claims.of(full.work());
            claims.print();
            figures.add(claims.row());
            var lists = lists(full.api(), behind);
            figures.addAll(lists);
            figures.add(Goal.atLeast("of the drain with nothing behind", 0.8, ratio));
            figures.add(Goal.atMost("claim, p95 is at most, ms", 20, claims.mostP95()));
            figures.add(Goal.atMost(
                    "slowest list's p95, ms",
                    300,
                    lists.stream()
                            .mapToDouble(row -> row.get(P95) instanceof Double p95 ? p95 : Double.NaN)
                            .max()
                            .orElse(Double.NaN)));
        }
        return figures;
    }

    /** Copies one run of each kind, as the platform itself has stored it, under other ids and keys. */
    private static void fill(MeasuredPlatform platform) {
        platform.group("later", List.of(task()));
        platform.group("held", List.of(task()));
        var reason = Map.of("reason", "a backlog is made");
        for (String group : List.of("later", "held")) {
            platform.api().post("/api/v1/groups/" + group + "/pause", reason).expect(200, 204);
            platform.sendBatches(group, "first", 1);
        }
        copy(platform, "held", "");
        platform.work()
                .execute("update run set state = 'RUNNING', queue_place = null, held_since = null, started_at = now()"
                        + " where group_key = 'later'");
        platform.work()
                .execute("update task_run set state = 'DUE', due_at = now() + interval '1 day', first_due_at = now()"
                        + " where group_key = 'later'");
        copy(platform, "later", "due_at = due_at + random() * interval '1 day'");
        platform.work().execute("vacuum analyze");
        long waiting = platform.work().number("select count(*) from task_run where state in ('DUE', 'WAITING')");
        System.out.println(waiting + " task runs wait");
    }

    private static void copy(MeasuredPlatform platform, String group, String change) {
        int half = WAITING / 2;
        for (String table : List.of("trigger_message", "run", "task_run")) {
            var columns = platform.work()
                    .text(
                            "select string_agg(column_name, ',' order by ordinal_position) from information_schema.columns"
                                    + " where table_name = '" + table + "' and table_schema = current_schema()")
                    .split(",");
            var selected = new ArrayList<String>();
            for (String column : columns) {
                selected.add(
                        switch (column) {
                            case "trigger_id", "run_id", "task_run_id" ->
                                "substr(" + column + ", 1, 24) || lpad(to_hex(n), 12, '0')";
                            case "message_id", "business_key", "ordering_key", "subject" -> column + " || '-' || n";
                            case "dedup_key" -> "md5(dedup_key || n) || md5(n || dedup_key)";
                            case "due_at" -> change.isEmpty() ? column : change.substring("due_at = ".length());
                            default -> column;
                        });
            }
            var where = table.equals("trigger_message") ? "source = '/" + group + "'" : "group_key = '" + group + "'";
            platform.work()
                    .execute("insert into " + table + " (" + String.join(",", columns) + ") select "
                            + String.join(",", selected) + " from (select * from " + table + " where " + where
                            + " limit 1) one, generate_series(1, " + half + ") n");
        }
    }

    private static Map<String, Object> task() {
        return Map.of("key", "post", "mode", "ASYNC", "system", "sink", "path", "/sync");
    }

    /**
     * The claiming statement over all rounds, by the database's own statistics, in milliseconds. These keep no percentile.
     * Cantelli's inequality, P(X - mean >= k sd) <= 1 / (1 + k^2), bounds it for any distribution: at k = sqrt(19) = 4.36
     * at most one in twenty takes as long.
     */
    private record Claims(long calls, double mean, double deviation, double longest) {

        private static final double SHARE = 0.05;

        /** Taken together where the statistics have it more than once. */
        private static final String STATISTICS = """
                with claim as (
                  select s.* from pg_stat_statements s join pg_database d on d.oid = s.dbid
                   where d.datname = current_database()
                     and s.query like '%skip locked%' and s.query like '%started_at%coalesce%'),
                both_moments as (
                  select sum(calls) calls, sum(calls * mean_exec_time) / sum(calls) mean,
                         sum(calls * (stddev_exec_time ^ 2 + mean_exec_time ^ 2)) / sum(calls) square,
                         max(max_exec_time) longest
                    from claim)
                select concat_ws(' ', calls, mean, sqrt(greatest(0, square - mean ^ 2)), longest) from both_moments""";

        static Claims of(DatabaseWork work) {
            var told = work.text(STATISTICS).split(" ");
            if (told.length < 4) {
                throw new IllegalStateException("the statistics know no claim");
            }
            return new Claims(
                    Long.parseLong(told[0]),
                    Double.parseDouble(told[1]),
                    Double.parseDouble(told[2]),
                    Double.parseDouble(told[3]));
        }

        double mostP95() {
            return mean + Math.sqrt(1 / SHARE - 1) * deviation;
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%d claims, ms: mean %.2f, standard deviation %.2f, so p95 at most %.2f; longest %.1f%n",
                    calls,
                    mean,
                    deviation,
                    mostP95(),
                    longest);
        }

        Map<String, Object> row() {
            return Map.of(
                    "name", "claim",
                    "calls", calls,
                    "meanMs", mean,
                    "standardDeviationMs", deviation,
                    "mostP95Ms", mostP95(),
                    "longestMs", longest);
        }
    }

    private static List<Map<String, Object>> lists(PlatformApi api, Drain drain) {
        var rows = new ArrayList<Map<String, Object>>();
        System.out.printf("%-44s %9s %9s %9s%n", "lists, ms", "p50", "p95", "max");
        for (String list : LISTS) {
            IntStream.range(0, 20).forEach(i -> api.get(list).expect(200));
        }
        var draining = CompletableFuture.runAsync(() -> IntStream.range(0, 3).forEach(i -> drain.run(RUNS)));
        var nanos = new LinkedHashMap<String, List<Long>>();
        while (!draining.isDone()) {
            for (String list : LISTS) {
                long began = System.nanoTime();
                api.get(list).expect(200);
                nanos.computeIfAbsent(list, key -> new ArrayList<>()).add(System.nanoTime() - began);
            }
        }
        draining.join();
        nanos.forEach((list, all) -> {
            var times = all.stream().mapToLong(Long::longValue).toArray();
            rows.add(Map.of(
                    "name",
                    list,
                    "count",
                    times.length,
                    "p50Ms",
                    Spread.millis(times, 0.5),
                    P95,
                    Spread.millis(times, 0.95),
                    "maxMs",
                    Spread.millis(times, 1)));
            System.out.printf(
                    Locale.ROOT,
                    "%-44s %9.1f %9.1f %9.1f%n",
                    list,
                    Spread.millis(times, 0.5),
                    Spread.millis(times, 0.95),
                    Spread.millis(times, 1));
        });
        return rows;
    }
}
