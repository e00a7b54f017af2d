package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.process.Service;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Single users of the consumer's view. Nothing changes the view meanwhile. */
final class UsersBench {

    private static final int ROWS = Bench.setting("SYNCLINE_BENCH_ROWS", 500_000);

    private UsersBench() {}

    static List<Map<String, Object>> run() throws IOException, SQLException {
        try (var platform = new SigningPlatform();
                var sink = new Sink();
                var postgres = new CountingPostgres()) {
            var url = postgres.database("consumer");
            var noFeed = Map.of("syncline.consumer.changes.enabled", "false");
            try (var consumer = MeasuredService.start(Service.CONSUMER, platform, url, noFeed)) {
                consumer.awaitReady(Duration.ofSeconds(120));
                UserTable.fill(MeasuredService.dataSource(url), ROWS);
                return new SteadyReads("user", consumer.url(), sink, platform.token("data:read"), UsersBench::path)
                        .run();
            }
        }
    }

    private static String path(int request) {
        // A prime far from a part of the rows, so that neighbours are not asked for one after the other.
        return "/users/" + request * 15_485_863L % ROWS;
    }
}
