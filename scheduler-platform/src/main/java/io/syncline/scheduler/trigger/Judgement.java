package io.syncline.scheduler.trigger;

import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the inbox made of a message; committed when it is returned. */
public sealed interface Judgement {

    record Accepted(String triggerId, List<StartedRun> runs) implements Judgement {}

    /**
     * Taken; its runs start once its source has confirmed it.
     *
     * @param runs that would start, in a trial alone
     */
    record Verifying(String triggerId, List<StartedRun> runs) implements Judgement {}

    /**
     * A copy of a message that was taken; its runs as they stand now.
     *
     * @param status of the first
     */
    record Duplicate(String triggerId, TriggerStatus status, List<StartedRun> runs) implements Judgement {}

    /** Kept under its own id, but it starts nothing. */
    record Refused(TriggerStatus status, String triggerId, ProblemException problem) implements Judgement {}

    /** Its source belongs to other systems; not kept. */
    record Forbidden(ProblemException problem) implements Judgement {}

    default @Nullable String id() {
        if (this instanceof Accepted accepted) {
            return accepted.triggerId();
        }
        if (this instanceof Verifying verifying) {
            return verifying.triggerId();
        }
        if (this instanceof Duplicate duplicate) {
            return duplicate.triggerId();
        }
        return this instanceof Refused refused ? refused.triggerId() : null;
    }
}
