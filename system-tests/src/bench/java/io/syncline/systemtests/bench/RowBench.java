package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.load.Subscribers;
import io.syncline.systemtests.process.Service;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Single rows of the provider's two million subscribers. */
final class RowBench {

    private static final int ROWS = Bench.setting("SYNCLINE_BENCH_ROWS", 2_000_000);

    private RowBench() {}

    static List<Map<String, Object>> run() throws IOException, SQLException {
        try (var platform = new SigningPlatform();
                var sink = new Sink();
                var postgres = new CountingPostgres()) {
            var url = postgres.database("provider");
            try (var provider = MeasuredService.start(Service.PROVIDER, platform, url, Map.of())) {
                provider.awaitReady(Duration.ofSeconds(120));
                SubscriberTable.fill(MeasuredService.dataSource(url), ROWS);
                return new SteadyReads(
                                "row", provider.url(), sink, platform.token("data:read"), RowBench::path, span -> {})
                        .run();
            }
        }
    }

    private static String path(int request) {
        // A prime far from a part of the rows, so that neighbours are not asked for one after the other.
        return "/datasets/subscribers/rows/" + Subscribers.id((int) (request * 15_485_863L % ROWS));
    }
}
