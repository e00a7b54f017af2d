package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.run.RunStore.Flagged;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts signals into words. Those with one root get one cause, whatever ids, counts and times their messages name. */
final class Signals {

    private static final Pattern ID =
            Pattern.compile("\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b|\\b[0-9a-f]{16,}\\b");
    // A status says what is wrong, other numbers say how often or where.
    private static final Pattern NUMBER = Pattern.compile("(?<!answered )(?<!\\d)\\d+([.,:]\\d+)*");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int LONGEST_CAUSE = 200;

    private Signals() {}

    static AlertSignal of(
            TaskRun task, AlertCondition condition, @Nullable String message, String detail, Instant since) {
        return new AlertSignal(
                condition,
                AlertSignal.taskRun(task.taskRunId),
                task.group,
                task.task.system(),
                task.runId,
                task.taskRunId,
                cause(condition, task.task.system(), message),
                "Task " + task.task.key() + " of " + task.group + " " + detail,
                since);
    }

    static AlertSignal ofTask(Flagged flagged, AlertCondition condition, String detail) {
        return new AlertSignal(
                condition,
                AlertSignal.taskRun(flagged.id()),
                flagged.group(),
                flagged.system(),
                flagged.runId(),
                flagged.id(),
                cause(condition, flagged.system(), null),
                "Task " + flagged.task() + " of " + flagged.group() + " " + detail,
                flagged.since());
    }

    static AlertSignal startLate(String runId, String group, Instant since) {
        return new AlertSignal(
                AlertCondition.START_LATE,
                AlertSignal.run(runId),
                group,
                null,
                runId,
                null,
                AlertCondition.START_LATE + " in " + group,
                "A run of " + group + " has waited for its start longer than startBy allows",
                since);
    }

    private static String cause(AlertCondition condition, @Nullable String system, @Nullable String message) {
        var cause = condition + " at " + system + (message == null ? "" : ": " + normalised(message));
        return cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE);
    }

    static String normalised(String message) {
        var text = ID.matcher(message.toLowerCase(Locale.ROOT)).replaceAll("#");
        text = NUMBER.matcher(text).replaceAll("#");
        return BLANKS.matcher(text).replaceAll(" ").strip();
    }
}
