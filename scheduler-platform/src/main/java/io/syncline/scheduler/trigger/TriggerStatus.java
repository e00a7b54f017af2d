package io.syncline.scheduler.trigger;

/** What became of a trigger message. */
public enum TriggerStatus {
    ACCEPTED,
    /** No rule takes it, or it breaks the rule; kept, and its id is not used up. */
    REJECTED,
    /** Another message with its source and id stands; kept. */
    CONFLICT
}
