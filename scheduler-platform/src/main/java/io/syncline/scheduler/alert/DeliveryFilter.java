package io.syncline.scheduler.alert;

import io.syncline.scheduler.security.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages a list shows.
 *
 * @param state null: those that are not delivered, whether they wait or were given up
 * @param lastCause exactly this one; empty: those without one
 * @param messageIds these alone; empty: any
 */
public record DeliveryFilter(
        @Nullable String state,
        @Nullable String channel,
        @Nullable String lastCause,
        List<String> messageIds) {

    static final String PENDING = "PENDING";
    static final String SENT = "SENT";
    static final String DEAD = "DEAD";

    /** As many as one order names. */
    public static final int MOST_MESSAGES = 200;

    private static final List<String> STATES = List.of(DEAD, PENDING, SENT);

    /** @throws ProblemException 400 naming every parameter that is wrong */
    public static DeliveryFilter of(
            @Nullable String state,
            @Nullable String channel,
            @Nullable String lastCause,
            @Nullable List<String> messageIds) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameters that the errors name.");
        if (state != null && !STATES.contains(state)) {
            problem.parameterError("state", "is one of " + STATES, "invalid-value");
        }
        var ids = messageIds == null ? List.<String>of() : List.copyOf(messageIds);
        if (ids.size() > MOST_MESSAGES) {
            problem.parameterError(
                    "messageId", "may stand here " + MOST_MESSAGES + " times at most", "too-many-values");
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        return new DeliveryFilter(state, channel, lastCause, ids);
    }

    static DeliveryFilter in(String state) {
        return new DeliveryFilter(state, null, null, List.of());
    }
}
