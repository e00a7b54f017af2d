package io.syncline.portal.runs;

import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which tasks of a run its timeline shows. */
enum TaskKind {
    ALL("all tasks"),
    FAILED("failed"),
    PENDING("pending");

    private final String label;

    TaskKind(String label) {
        this.label = label;
    }

    /** As in an address; what is none is all of them. */
    static TaskKind of(@Nullable String text) {
        for (var kind : values()) {
            if (kind.wire().equals(text)) {
                return kind;
            }
        }
        return ALL;
    }

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    String label() {
        return label;
    }

    boolean holds(TaskRunView task) {
        return switch (this) {
            case ALL -> true;
            case FAILED -> "FAILED".equals(task.state());
            case PENDING -> task.isOpen();
        };
    }
}
