package io.syncline.scheduler.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message says; each kind of channel puts it in its own form.
 *
 * @param incidentId the same for all messages of one incident
 * @param title one line
 * @param at when it was decided to tell it
 * @param items the oldest of what stands, a few
 * @param more how many more there are
 * @param by who acknowledged it
 * @param link the incident itself
 */
record Notice(
        String messageId,
        MessageKind kind,
        String incidentId,
        String condition,
        String severity,
        String title,
        @Nullable String system,
        String cause,
        List<String> groups,
        List<String> labels,
        int count,
        Instant openedAt,
        Instant at,
        List<Item> items,
        int more,
        @Nullable String by,
        @Nullable String reason,
        String link) {

    record Item(
            @Nullable String group,
            String detail,
            Instant since,
            @Nullable String link) {}

    boolean isResolved() {
        return kind == MessageKind.RESOLVE;
    }

    /** The title with what kind of message it is. */
    String headline() {
        return switch (kind) {
            case TRIGGER, UPDATE -> title;
            case ESCALATE -> "Not acknowledged: " + title;
            case ACKNOWLEDGE -> "Acknowledged: " + title;
            case RESOLVE -> "Recovered: " + title;
            case TEST -> title;
        };
    }

    /** The whole message as plain text. */
    String text() {
        var text = new StringBuilder(headline()).append("\n\n");
        text.append("Condition: ").append(condition).append('\n');
        if (system != null) {
            text.append("System: ").append(system).append('\n');
        }
        if (!groups.isEmpty()) {
            text.append("Groups: ").append(String.join(", ", groups)).append('\n');
        }
        text.append("Since: ").append(openedAt).append('\n');
        if (by != null) {
            text.append("By: ")
                    .append(by)
                    .append(reason == null ? "" : ": " + reason)
                    .append('\n');
        }
        if (!items.isEmpty()) {
            text.append('\n');
            for (var item : items) {
                text.append("- ").append(item.detail());
                if (item.link() != null) {
                    text.append("\n  ").append(item.link());
                }
                text.append('\n');
            }
            if (more > 0) {
                text.append("- and ").append(more).append(" more\n");
            }
        }
        return text.append('\n').append(link).append('\n').toString();
    }
}
