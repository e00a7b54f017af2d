package io.syncline.scheduler.outbound;

import java.util.Map;

/** What this node has seen of the instances of systems; each node judges for itself. */
public interface InstanceStates {

    /** How an instance stands. */
    enum State {
        /** Calls go to it. */
        CLOSED,
        /** It could not be reached, and is left out for a while, as long as another lives. */
        LEFT_OUT,
        /** Its breaker is open: trial calls alone go to it. */
        OPEN
    }

    /** By the base address; without those that this node has not called since it started. */
    Map<String, State> of(String system);
}
