package io.syncline.scheduler.quartz;

/**
 * A trigger in a state that nobody will end.
 *
 * @param nextFireMillis as stored; a trigger that fired in between has another one
 */
record StuckTrigger(String name, String group, String state, long nextFireMillis) {

    /** The state in which the clock takes it up again. */
    String freeState() {
        return state.equals("PAUSED_BLOCKED") ? "PAUSED" : "WAITING";
    }
}
