package io.syncline.systemtests.load;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Synchronous request and reply through a node, and the same call made at the downstream itself. */
public final class Waits {

    private static final String GROUP = "wait";
    private static final String SOURCE = "/wait";
    private static final String TYPE = "io.syncline.wait.asked";
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final PlatformApi api;
    private final Http downstream;

    /** @param sink a system that the node knows by this key */
    public Waits(PlatformApi api, String sink, String origin) {
        this.api = api;
        this.downstream = new Http(origin);
        api.put(
                "/api/v1/groups/" + GROUP,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        GROUP,
                        "triggers",
                        List.of(Map.of("source", SOURCE, "type", TYPE)),
                        "tasks",
                        List.of(Map.of("key", "post", "mode", "SYNC", "system", sink, "path", "/sync"))));
    }

    /** Nanoseconds from the message sent to the answer with the ended run. */
    public long throughThePlatform() {
        var id = UUID.randomUUID().toString();
        var body = Http.JSON.writeValueAsBytes(
                Map.of("specversion", "1.0", "source", SOURCE, "id", id, "type", TYPE, "subject", id));
        long began = System.nanoTime();
        var answer = api.send(
                "POST",
                "/api/v1/triggers",
                Map.of("Content-Type", "application/cloudevents+json", "Prefer", "wait=10"),
                body);
        long took = System.nanoTime() - began;
        if (!answer.expect(200).json().at("/runs/0/state").asString("").equals("COMPLETED")) {
            throw new IllegalStateException("the run did not complete: " + answer.text());
        }
        return took;
    }

    /** Nanoseconds of one POST at the downstream, with a body of about the size of a sync call. */
    public long direct() {
        var body =
                "{\"filler\": \"%s\"}".formatted("x".repeat(900)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long began = System.nanoTime();
        downstream
                .send("POST", "/sync", Map.of("Content-Type", "application/json"), body, LONGEST)
                .expect(200);
        return System.nanoTime() - began;
    }
}
