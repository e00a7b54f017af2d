package io.syncline.systemtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run may cost the database, by PostgreSQL's own counters: counts, not times, so no machine is too slow for it. */
class DrainBudgetIT {

    private static final int WARM_UP = 1_000;
    private static final int RUNS = 5_000;

    @Test
    void aDrainedRunCostsAtMostOneStatementAndAFifthOfACommit(@TempDir Path home) {
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var platform = new MeasuredPlatform(postgres.database("budget"), home)) {
            platform.start(List.of("-Xmx384m"), Map.of());
            var drain = new Drain(platform, sink, 128);
            drain.run(WARM_UP);

            var result = drain.run(RUNS);

            assertThat(sink.calls()).as("one call per run").isEqualTo(RUNS);
            assertThat(platform.work().number("select count(*) from call where outcome = 'REPORT'"))
                    .as("every call is stored")
                    .isEqualTo(WARM_UP + RUNS);
            assertThat(result.statementsPerRun()).as("statements per run").isLessThanOrEqualTo(1.0);
            assertThat(result.commitsPerRun()).as("commits per run").isLessThanOrEqualTo(0.2);
        }
    }
}
