package io.syncline.scheduler.dispatch;

import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;

import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.outbound.SameToken;
import io.syncline.scheduler.run.CallResult;
import io.syncline.scheduler.run.ClaimedTask;
import io.syncline.scheduler.security.CallbackTokenProperties;
import io.syncline.scheduler.testing.GroupFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The JSON of a call: its body, and the report in its answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CallMicro {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TASK_RUN = "019aa000-0000-7000-8000-000000000001";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final SyncCall syncCall = new SyncCall(
            (taskRunId, attempt, expiresAt) -> "cb1.token",
            new CallbackTokenProperties(Duration.ofHours(24)),
            new SameToken());

    private final ClaimedTask claim = new ClaimedTask(
            TASK_RUN,
            "019aa000-0000-7000-8000-000000000002",
            "subscriber-daily",
            "2026-11-20",
            "2026-11-20",
            GroupFixture.aGroup("subscriber-daily")
                    .with(anAsyncTask("plans"))
                    .build()
                    .tasks()
                    .get(0),
            1,
            1,
            1,
            NOW.plusSeconds(3600),
            NOW,
            "{\"source\":\"/billing\",\"id\":\"1\",\"data\":{\"n\":1}}",
            TRACE,
            false);

    private final Reply answer = new Reply.Answer(
            200,
            Map.of("content-type", "application/json"),
            ("{\"status\":\"COMPLETED\",\"reconciliation\":{\"expectedRows\":1000,\"actualRows\":1000,\"missing\":0,"
                            + "\"unexpected\":0,\"different\":0}}")
                    .getBytes(StandardCharsets.UTF_8),
            "http://127.0.0.1:8082",
            Duration.ofMillis(5));

    @Benchmark
    public OutboundCall writeCall() {
        return syncCall.of(claim, TRACE);
    }

    @Benchmark
    public CallResult readAnswer() {
        return AnswerReader.read(answer, TASK_RUN, null, NOW);
    }
}
