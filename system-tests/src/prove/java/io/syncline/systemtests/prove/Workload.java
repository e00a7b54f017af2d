package io.syncline.systemtests.prove;

import io.syncline.systemtests.Documents;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The task groups of a run, and how often each is triggered. */
final class Workload {

    static final String SYSTEM = "downstream";
    static final String CALLED_BACK = "called-back";
    static final String FLAKY = "flaky";
    /** Is polled for a while, and each poll takes its time: what a node that sleeps has in hand is still open when it wakes. */
    static final String SLOW = "slow";
    /** Always fails, and people are told. */
    static final String HOPELESS = "hopeless";
    /** Its queue takes few: most of a flood is told to come again. */
    static final String FLOODED = "flooded";

    /** The content of a day at the provider, brought to a consumer's table file by file. */
    static final String FILES = "files";

    private static final String PROVIDER_SOURCE = "/provider";
    private static final int MOST_TRIES = 20;
    private static final int MOST_QUEUED = 200;
    private static final String ANSWERED = "answered";
    private static final String STEPS = "steps";
    private static final String KEYED = "keyed";
    private static final String CLOCK = "clock";
    private static final int KEYS = 6;
    private static final long INTERVAL_MILLIS = 3000;
    private static final long BACKOFF_MILLIS = 500;
    private static final long MOST_BACKOFF_MILLIS = 3000;

    private static final Map<String, Object> DEFAULTS = Map.of(
            "interval", "PT3S",
            "callTimeout", "PT5S",
            "answerWithin", "PT50M",
            "silentAfter", "PT0S",
            "overdueAfter", "PT30M",
            "timeout", "PT1H",
            "retry", Map.of("maxAttempts", 3, "backoff", "PT0.5S", "maxBackoff", "PT3S"));

    /** @param step of the tasks that start together, from 0 on */
    private record Task(String key, String mode, int step) {}

    private static final Map<String, List<Task>> GROUPS = groups();

    private Workload() {}

    private static Map<String, List<Task>> groups() {
        var groups = new LinkedHashMap<String, List<Task>>();
        groups.put(ANSWERED, List.of(new Task("answered", "ASYNC", 0)));
        groups.put(CALLED_BACK, List.of(new Task("called-back", "ASYNC", 0)));
        groups.put(SLOW, List.of(new Task("slow", "ASYNC", 0)));
        groups.put(FLAKY, List.of(new Task("flaky", "ASYNC", 0)));
        groups.put(FLOODED, List.of(new Task("answered", "ASYNC", 0)));
        groups.put(HOPELESS, List.of(new Task("hopeless", "ASYNC", 0)));
        groups.put(
                STEPS,
                List.of(
                        new Task("answered", "SYNC", 0),
                        new Task("left", "ASYNC", 1),
                        new Task("right", "ASYNC", 1),
                        new Task("last", "SYNC", 2)));
        groups.put(KEYED, List.of(new Task("answered", "ASYNC", 0)));
        groups.put(CLOCK, List.of(new Task("answered", "ASYNC", 0)));
        return groups;
    }

    static void putGroups(PlatformApi api) {
        GROUPS.forEach((key, tasks) -> {
            var wanted = tasks.stream()
                    .map(task -> Map.<String, Object>of(
                            "key", task.key(), "mode", task.mode(), "system", SYSTEM, "path", "/" + task.key()))
                    .toList();
            var document = new LinkedHashMap<String, Object>(Map.of(
                    "apiVersion",
                    "syncline/v1",
                    "kind",
                    "TaskGroup",
                    "key",
                    key,
                    "defaults",
                    DEFAULTS,
                    "tasks",
                    wanted));
            if (key.equals(CLOCK)) {
                document.put("schedule", Map.of("cron", "*/5 * * * * ?", "zone", "UTC", "misfire", "FIRE_ONCE"));
            } else {
                document.put("triggers", List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready")));
            }
            if (key.equals(FLOODED)) {
                document.put("maxQueued", MOST_QUEUED);
            }
            api.put("/api/v1/groups/" + key, document);
        });
    }

    /** The group whose work consumers do. */
    static void putFiles(PlatformApi api) {
        var defaults = new LinkedHashMap<>(DEFAULTS);
        // Faults come faster than a day ends.
        defaults.put("retry", Map.of("maxAttempts", MOST_TRIES, "backoff", "PT0.5S", "maxBackoff", "PT3S"));
        defaults.put("reconciliation", Map.of("required", true));
        api.put(
                "/api/v1/groups/" + FILES,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        FILES,
                        "triggers",
                        List.of(Map.of("source", PROVIDER_SOURCE, "type", Days.ANNOUNCED)),
                        "defaults",
                        defaults,
                        "tasks",
                        List.of(Map.of(
                                "key",
                                FILES,
                                "mode",
                                "ASYNC",
                                "system",
                                DataServices.CONSUMER_SYSTEM,
                                "path",
                                "/sync/" + Days.DATASET))));
    }

    /** What consumers are called with and say, nobody writes down. */
    static void tellFiles(History history) {
        history.add(
                "driver",
                "setting",
                "group",
                FILES,
                "task",
                FILES,
                "step",
                0,
                "unrecorded",
                true,
                "intervalMs",
                INTERVAL_MILLIS,
                "backoffMs",
                BACKOFF_MILLIS,
                "maxBackoffMs",
                MOST_BACKOFF_MILLIS);
    }

    /** Tells the checker what was agreed. */
    static void tell(History history) {
        GROUPS.forEach((group, tasks) -> tasks.forEach(task -> history.add(
                "driver",
                "setting",
                "group",
                group,
                "task",
                task.key(),
                "step",
                task.step(),
                "intervalMs",
                INTERVAL_MILLIS,
                "backoffMs",
                BACKOFF_MILLIS,
                "maxBackoffMs",
                MOST_BACKOFF_MILLIS)));
    }

    /** The next message: its group, and its event without its content. */
    static Map<String, Object> event(int number, Random random) {
        var groups = List.of(ANSWERED, ANSWERED, CALLED_BACK, CALLED_BACK, FLAKY, STEPS, KEYED, SLOW);
        return event(number, groups.get(random.nextInt(groups.size())), random);
    }

    static Map<String, Object> event(int number, String group, Random random) {
        var id = "m-" + number;
        var event = new LinkedHashMap<>(Documents.event(id, group + ".ready", id));
        if (group.equals(KEYED) || group.equals(FLOODED)) {
            event.put("partitionkey", "key-" + random.nextInt(KEYS));
        }
        return event;
    }

    static Map<String, Object> withContent(Map<String, Object> event, String content) {
        var changed = new LinkedHashMap<>(event);
        changed.put("data", Map.of("content", content));
        return changed;
    }

    static List<String> groupKeys() {
        return new ArrayList<>(GROUPS.keySet());
    }
}
