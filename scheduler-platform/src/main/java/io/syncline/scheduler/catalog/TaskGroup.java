package io.syncline.scheduler.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of a task group, defaults merged into its tasks; it never changes once stored.
 *
 * @param tasks in the order of the document, which is the order of the barriers
 * @param startBy from the inbox commit to RUNNING, before an alert; null: no alert
 * @param freshness without a success, before an alert; null: no alert
 * @param maxActive runs at a time under {@link WhenActive#PARALLEL}
 * @param maxQueued runs that may wait; beyond it triggers are refused until some have started
 * @param document as it was put
 */
public record TaskGroup(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<TriggerRule> triggers,
        @Nullable Schedule schedule,
        @Nullable ExpectBy expectBy,
        @Nullable Duration startBy,
        @Nullable Duration freshness,
        WhenActive whenActive,
        int maxActive,
        int maxQueued,
        List<AlertRule> alerts,
        List<TaskDefinition> tasks,
        Map<String, Object> document) {

    public static final int DEFAULT_MAX_ACTIVE = 10;
    public static final int DEFAULT_MAX_QUEUED = 10_000;

    public TaskGroup {
        labels = List.copyOf(labels);
        triggers = List.copyOf(triggers);
        alerts = List.copyOf(alerts);
        tasks = List.copyOf(tasks);
    }

    /** The first rule that takes messages of this source and type, if any does. */
    public Optional<TriggerRule> rule(String source, String type) {
        return triggers.stream()
                .filter(rule -> rule.source().equals(source) && rule.type().equals(type))
                .findFirst();
    }

    public Optional<TaskDefinition> task(String taskKey) {
        return tasks.stream().filter(task -> task.key().equals(taskKey)).findFirst();
    }
}
