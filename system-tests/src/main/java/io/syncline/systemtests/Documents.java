package io.syncline.systemtests;

import io.syncline.systemtests.api.PlatformApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configuration documents and messages of the tests. */
public final class Documents {

    public static final String SOURCE = "/system-tests";

    private Documents() {}

    public static void putSystem(PlatformApi platform, String key, int concurrency, List<String> instances) {
        platform.put(
                "/api/v1/systems/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "System",
                        "key",
                        key,
                        "instances",
                        instances,
                        "limits",
                        Map.of("concurrency", concurrency, "ratePerSecond", 1000)));
    }

    /** A group of one task at {@code /work}, started by messages of type {@code <key>.ready}. */
    public static void putSingleTaskGroup(
            PlatformApi platform, String key, String system, Map<String, Object> defaults) {
        putGroup(
                platform,
                key,
                defaults,
                List.of(Map.of("key", "work", "mode", "ASYNC", "system", system, "path", "/work")));
    }

    public static void putGroup(
            PlatformApi platform, String key, Map<String, Object> defaults, List<Map<String, Object>> tasks) {
        platform.put(
                "/api/v1/groups/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        key,
                        "triggers",
                        List.of(Map.of("source", SOURCE, "type", key + ".ready")),
                        "defaults",
                        defaults,
                        "tasks",
                        tasks));
    }

    public static Map<String, Object> defaults(String interval) {
        return Map.of(
                "interval",
                interval,
                "callTimeout",
                "PT5S",
                "retry",
                Map.of("maxAttempts", 3, "backoff", "PT0.2S", "maxBackoff", "PT2S"));
    }

    public static Map<String, Object> event(String id, String type, String subject) {
        var event = new LinkedHashMap<String, Object>();
        event.put("specversion", "1.0");
        event.put("source", SOURCE);
        event.put("id", id);
        event.put("type", type);
        event.put("subject", subject);
        event.put("data", Map.of("date", subject, "rows", 3));
        return event;
    }
}
