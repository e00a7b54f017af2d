package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.load.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prefer: wait through one node, and the same downstream called directly, in turn, one at a time: what the platform adds to
 * the downstream's own time. SYNCLINE_BENCH_WAITS sets how many.
 */
final class WaitBench {

    private static final int WARM_UP = 300;
    private static final int WAITS = Bench.setting("SYNCLINE_BENCH_WAITS", 3_000);

    private WaitBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var through = new long[WAITS];
        var direct = new long[WAITS];
        var added = new long[WAITS];
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            platform.start(List.of("-Xmx512m", "-Xms512m"), Map.of());
            platform.system("sink", sink.origin(), "none", 128);
            var waits = new Waits(platform.api(), "sink", sink.origin());
            for (int i = 0; i < WARM_UP; i++) {
                waits.throughThePlatform();
                waits.direct();
            }
            for (int i = 0; i < WAITS; i++) {
                through[i] = waits.throughThePlatform();
                direct[i] = waits.direct();
                added[i] = through[i] - direct[i];
            }
        }
        var figures = new ArrayList<Map<String, Object>>();
        System.out.printf("%-22s %10s %10s%n", "ms", "p50", "p99");
        for (var row : List.of(
                Map.entry("through the platform", through), Map.entry("direct", direct), Map.entry("added", added))) {
            double p50 = Spread.millis(row.getValue(), 0.50);
            double p99 = Spread.millis(row.getValue(), 0.99);
            System.out.printf(Locale.ROOT, "%-22s %10.2f %10.2f%n", row.getKey(), p50, p99);
            figures.add(Map.of("name", row.getKey(), "p50Ms", p50, "p99Ms", p99));
        }
        return figures;
    }
}
