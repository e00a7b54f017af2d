package io.syncline.scheduler.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpHost;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is kept of each call: request and answer, without their secrets. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TranscriptMicro {

    private static final String BODY = """
            {"runId":"01a2012e-9f5f-7000-96cf-fc3c436a0016","taskRunId":"01a2012e-9f5f-7001-96cf-fc3c436a0016","attempt":1,
            "round":1,"group":"subscriber-daily","task":"plans","businessKey":"2026-11-20","parameters":{"dataset":"plans"},
            "trigger":{"source":"/billing","id":"4711","type":"com.example.billing.extract.ready","time":"2026-11-20T02:30:00Z",
            "data":{"rows":100000}},"callback":{"url":"https://sync.example.com/api/v1/task-runs/01a2012e-9f5f-7001-96cf-fc3c436a0016/callbacks",
            "token":"cb1.MSAwMWEyMDEyZS05ZjVmLTcwMDEtOTZjZi1mYzNjNDM2YTAwMTYgMSAxNzYzNjg.c2lnbmF0dXJlLW9mLTMyLWJ5dGVz",
            "expiresAt":"2026-11-21T06:00:00Z"},"deadline":"2026-11-20T06:00:00Z"}""";

    private static final byte[] ANSWER =
            "{\"status\":\"COMPLETED\",\"reconciliation\":{\"expectedRows\":1000,\"actualRows\":1000}}"
                    .getBytes(StandardCharsets.UTF_8);

    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());
    private final Sent sent;

    public TranscriptMicro() {
        var proof = Proof.ofHeader("Authorization", "Bearer eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", http);
        var headers = new java.util.LinkedHashMap<String, String>();
        headers.put("Idempotency-Key", "\"01a2012e-9f5f-7001-96cf-fc3c436a0016.1\"");
        headers.put("Accept", "application/json, application/problem+json");
        headers.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        headers.putAll(proof.headers());
        sent = new Sent(
                new HttpExchange.Request(
                        "POST",
                        loopback(),
                        "/sync/plans",
                        headers,
                        HttpExchange.JSON,
                        BODY.getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(10),
                        1 << 20),
                proof);
    }

    private static HttpHost loopback() {
        try {
            return new HttpHost(
                    "http", InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}), "127.0.0.1", 8082);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Benchmark
    public String transcript() {
        return sent.transcript(Map.of("content-type", "application/json"), ANSWER);
    }
}
