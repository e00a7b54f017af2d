package io.syncline.scheduler.run;

import java.util.Locale;

/** What an operator can do to one task run. */
public enum TaskAction {
    CALL_NOW,
    RETRY,
    SKIP,
    MARK_DONE,
    ACCEPT_LATE;

    /** As addresses and answers spell it, such as {@code mark-done}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
