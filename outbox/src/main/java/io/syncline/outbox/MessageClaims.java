package io.syncline.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What a relay asks of the place where messages wait: it claims them and says what became of each. */
abstract class MessageClaims {

    /** Runs the listener after each commit that appended something. */
    abstract void onCommit(Runnable listener);

    abstract void forget(Runnable listener);

    /**
     * Leases up to {@code limit} messages of the kinds; each is the first pending one of its key. Gives fewer when other
     * relays hold the rest.
     */
    abstract List<Claim> claim(Collection<String> kinds, int limit, Duration lease);

    /** @return false when the claim's lease had passed to another relay */
    abstract boolean delivered(Claim claim);

    /** @return false when the claim's lease had passed to another relay */
    abstract boolean dead(Claim claim, String cause);

    /** @return false when the claim's lease had passed to another relay */
    abstract boolean retry(Claim claim, Duration delay, String cause);

    /** @return false when the claim's lease had passed to another relay */
    abstract boolean giveBack(Claim claim, Duration until);

    /** Deletes what ended long ago, in small batches, and keys that nothing uses; gives the number of messages. */
    abstract int purge(Duration keepDelivered, Duration keepDead);

    /** Gives back a claim whose delivery was never begun. */
    final void giveBack(Claim claim) {
        giveBack(claim, Duration.ZERO);
    }
}
