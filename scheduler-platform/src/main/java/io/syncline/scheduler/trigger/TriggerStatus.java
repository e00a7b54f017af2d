package io.syncline.scheduler.trigger;

/** What became of a trigger message. */
public enum TriggerStatus {
    ACCEPTED,
    /** Its runs start once its source has confirmed it. */
    VERIFYING,
    /** Its source did not confirm it in time; nothing was started, and its id is not used up. */
    DISCARDED,
    /** No rule takes it, or it breaks the rule; kept, and its id is not used up. */
    REJECTED,
    /** Another message with its source and id stands; kept. */
    CONFLICT
}
