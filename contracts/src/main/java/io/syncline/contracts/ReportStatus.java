package io.syncline.contracts;

/** What a downstream says of its work. Any other word in a report makes the report unreadable, never a success. */
public enum ReportStatus {
    RUNNING,
    COMPLETED,
    FAILED;

    public boolean isTerminal() {
        return this != RUNNING;
    }
}
