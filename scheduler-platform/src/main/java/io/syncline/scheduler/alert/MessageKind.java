package io.syncline.scheduler.alert;

/** Why a message is sent. */
enum MessageKind {
    /** The first of an incident. */
    TRIGGER,
    /** More has joined the incident. */
    UPDATE,
    /** Nobody has taken it up in time. */
    ESCALATE,
    /** Somebody has; told to those channels alone that keep an incident of their own. */
    ACKNOWLEDGE,
    /** All of it has passed. */
    RESOLVE,
    /** Somebody tries the channel. */
    TEST
}
