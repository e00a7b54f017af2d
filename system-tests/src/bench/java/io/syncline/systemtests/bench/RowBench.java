package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.load.Subscribers;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Single rows of two million at 1,000 requests a second, in turn with the bare sink under the same generator. */
final class RowBench {

    private static final int ROWS = Bench.setting("SYNCLINE_BENCH_ROWS", 2_000_000);
    private static final int PER_SECOND = 1_000;
    private static final int CONNECTIONS = 20;
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration SPAN = Duration.ofSeconds(15);
    private static final List<String> JVM = List.of("-Xms160m", "-Xmx160m", "-XX:MetaspaceSize=128m");

    private RowBench() {}

    static List<Map<String, Object>> run() throws IOException, SQLException {
        var home = Files.createTempDirectory("syncline-row");
        var figures = new ArrayList<Map<String, Object>>();
        try (var platform = new SigningPlatform();
                var sink = new Sink();
                var postgres = new CountingPostgres()) {
            var url = postgres.database("provider");
            try (var provider = start(platform, home, url)) {
                provider.awaitReady(Duration.ofSeconds(120));
                var dataSource = new PGSimpleDataSource();
                dataSource.setUrl(url);
                dataSource.setUser(CountingPostgres.USER);
                dataSource.setPassword(CountingPostgres.PASSWORD);
                SubscriberTable.fill(dataSource, ROWS);
                var bearer = "Authorization: Bearer " + platform.token("data:read") + "\r\n";
                var rows = new OpenLoop(provider.url(), bearer, CONNECTIONS);
                var floor = new OpenLoop(sink.origin(), bearer, CONNECTIONS);
                System.out.printf("%-6s %-10s %8s %8s %8s %8s %8s%n", "round", "ms", "p50", "p95", "p99", "max", "failed");
                var first = rows.run(CONNECTIONS, Duration.ofSeconds(3), RowBench::path);
                System.out.println("refused while it started: " + first.failed());
                rows.run(PER_SECOND, WARM_UP, RowBench::path);
                floor.run(PER_SECOND, Duration.ofSeconds(5), RowBench::path);
                for (int round = 1; round <= ROUNDS; round++) {
                    figures.add(print(round, "floor", floor.run(PER_SECOND, SPAN, RowBench::path)));
                    figures.add(print(round, "row", rows.run(PER_SECOND, SPAN, RowBench::path)));
                }
            }
        }
        return figures;
    }

    private static ServiceProcess start(SigningPlatform platform, java.nio.file.Path home, String url) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", CountingPostgres.USER);
        settings.put("syncline.home", home.toString());
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.client.platform-url", platform.url());
        settings.put("syncline.client.client-id", "bench");
        var secrets = Map.of(
                "SPRING_DATASOURCE_PASSWORD",
                CountingPostgres.PASSWORD,
                "SYNCLINE_CLIENT_CLIENT_SECRET",
                "a-secret-of-the-bench-alone-0123");
        var jvm = new ArrayList<>(JVM);
        if (System.getenv("SYNCLINE_BENCH_RECORD") != null) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + Project.root().resolve("system-tests/target/bench/row.jfr"));
        }
        return ServiceProcess.start(
                "provider", Service.PROVIDER.jar(Project.root()), Ports.anyFree(), jvm, settings, secrets, home);
    }

    private static String path(int request) {
        // A prime far from a part of the rows, so that neighbours are not asked for one after the other.
        return "/datasets/subscribers/rows/" + Subscribers.id((int) (request * 15_485_863L % ROWS));
    }

    private static Map<String, Object> print(int round, String what, OpenLoop.Result result) {
        System.out.printf(
                Locale.ROOT,
                "%-6d %-10s %8.2f %8.2f %8.2f %8.2f %8d%n",
                round,
                what,
                result.millis(0.5),
                result.millis(0.95),
                result.millis(0.99),
                result.worstMillis(),
                result.failed());
        return Map.of(
                "round", round,
                "what", what,
                "p50Ms", result.millis(0.5),
                "p95Ms", result.millis(0.95),
                "p99Ms", result.millis(0.99),
                "maxMs", result.worstMillis(),
                "failed", result.failed());
    }
}
