package io.syncline.systemtests;

import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** Bounded waits for what the platform should come to. */
public final class Waiting {

    private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "CANCELLED", "SKIPPED");

    private Waiting() {}

    public static JsonNode forEnd(PlatformApi platform, String runId, Duration atMost) {
        var last = new AtomicReference<JsonNode>();
        await().atMost(atMost).pollInterval(Duration.ofMillis(100)).until(() -> {
            last.set(platform.run(runId));
            return ENDED.contains(last.get().path("state").asString(""));
        });
        return last.get();
    }
}
