package io.syncline.provider.work;

import org.slf4j.Logger;

/**
 * Failures in a row of one thing that is tried again and again. The first is logged with its cause, the last one's end
 * with how many there were; what is in between only where the log is set to debug. Not for several threads.
 */
public final class FailureEpisode {

    private final Logger log;
    private final String what;
    private int failures;

    /** @param what failed, as the beginning of a sentence */
    public FailureEpisode(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    public void failed(Throwable failure) {
        failures++;
        if (failures == 1) {
            log.warn("{}; it is tried again, and told when it went well", what, failure);
        } else {
            log.debug("{}, failure {} in a row", what, failures, failure);
        }
    }

    public void succeeded() {
        if (failures > 0) {
            log.info("{} {}: now it went well", what, failures == 1 ? "once" : failures + " times in a row");
            failures = 0;
        }
    }

    /** How often in a row it failed up to now. */
    public int failures() {
        return failures;
    }
}
