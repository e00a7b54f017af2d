package io.syncline.scheduler.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that people may have to know.
 *
 * @param subject what it is about, as {@code kind:id}; a condition of a subject stands at most once
 * @param group whose rules and labels say who is told; null: the platform's own rules
 * @param cause the same for all signals with one root, such as {@code REFUSED 403 at data-consumer}; they become one incident
 * @param detail one sentence for people
 * @param since when the condition began, in database time
 */
public record AlertSignal(
        AlertCondition condition,
        String subject,
        @Nullable String group,
        @Nullable String system,
        @Nullable String runId,
        @Nullable String taskRunId,
        String cause,
        String detail,
        Instant since) {

    public static String taskRun(String taskRunId) {
        return "task-run:" + taskRunId;
    }

    public static String run(String runId) {
        return "run:" + runId;
    }

    public static String group(String key) {
        return "group:" + key;
    }

    public static String trigger(String triggerId) {
        return "trigger:" + triggerId;
    }

    public static String system(String key) {
        return "system:" + key;
    }

    public static String node(String nodeId) {
        return "node:" + nodeId;
    }
}
