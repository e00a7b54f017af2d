package io.syncline.scheduler.outbound;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test call has found out. It repeats nothing of what the other side has sent.
 *
 * @param status FAILED as soon as one step failed; SKIPPED when there was nothing to test
 */
public record SystemTest(String system, Status status, long durationMs, List<Target> targets) {

    /** How a step, or all of them, ended. */
    public enum Status {
        OK,
        FAILED,
        SKIPPED
    }

    /** One instance, called with one way to authenticate. */
    public record Target(
            String instance, String auth, @Nullable String credential, Status status, List<Step> steps) {

        public Target {
            steps = List.copyOf(steps);
        }
    }

    /**
     * @param step destination, dns, tcp, tls, token, ping or clockSkew
     * @param detail one sentence; of a failed step it says how to correct it
     */
    public record Step(String step, Status status, long durationMs, String detail) {}

    public SystemTest {
        targets = List.copyOf(targets);
    }
}
