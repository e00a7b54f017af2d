package io.syncline.systemtests.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The configuration documents of the daily airports sync. */
public final class AirportsDaily {

    public static final String GROUP = "airports-daily";
    public static final String SYSTEM = "data-consumer";
    public static final String PUBLISH = "publish";
    public static final String SOURCE = "/provider";
    public static final String TYPE = "io.syncline.demo.airports.ready";

    private AirportsDaily() {}

    /** The downstream system: both consumer instances, few calls at a time. */
    public static Map<String, Object> system(List<String> instances) {
        return Map.of(
                "apiVersion",
                "syncline/v1",
                "kind",
                "System",
                "key",
                SYSTEM,
                "owner",
                "data-platform",
                "instances",
                instances,
                "routing",
                "LEAST_BUSY",
                "auth",
                Map.of("type", "platform-jwt"),
                "limits",
                Map.of("concurrency", 8, "ratePerSecond", 50));
    }

    /** Five file syncs side by side, then the publication of what they brought. */
    public static Map<String, Object> group() {
        var tasks = new ArrayList<Map<String, Object>>();
        for (var dataset : Day.DATASETS) {
            tasks.add(Map.of(
                    "key",
                    dataset,
                    "mode",
                    "ASYNC",
                    "system",
                    SYSTEM,
                    "path",
                    "/sync/" + dataset,
                    "parameters",
                    Map.of("dataset", dataset)));
        }
        tasks.add(Map.of("key", PUBLISH, "mode", "SYNC", "system", SYSTEM, "path", "/sync/" + PUBLISH));
        return Map.of(
                "apiVersion",
                "syncline/v1",
                "kind",
                "TaskGroup",
                "key",
                GROUP,
                "description",
                "Airport data, once the provider says that the day is complete",
                "owner",
                "data-platform",
                "labels",
                List.of("demo"),
                "triggers",
                List.of(Map.of("source", SOURCE, "type", TYPE)),
                "defaults",
                Map.of(
                        "interval", "PT2S",
                        "callTimeout", "PT10S",
                        "answerWithin", "PT1M",
                        "silentAfter", "PT5M",
                        "overdueAfter", "PT10M",
                        "timeout", "PT20M",
                        "retry", Map.of("maxAttempts", 3, "backoff", "PT1S", "maxBackoff", "PT10S"),
                        "reconciliation", Map.of("required", true, "toleranceRows", 0)),
                "tasks",
                tasks);
    }
}
