package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.List;

/** Which of the platform's own keys are not replaced as they should be. */
public interface KeyExpiries {

    /**
     * Keys that sign although their time is over, or that nothing can replace when it is.
     *
     * @param now in database time
     */
    List<Expiry> notReplaced(Instant now);

    /**
     * @param due when it was to be replaced, or is to be
     * @param hasNext whether there is a next key, known everywhere before it signs
     */
    record Expiry(KeyPurpose purpose, String kid, Instant due, boolean hasNext) {}
}
