package io.syncline.outbox;

import java.time.Instant;

/**
 * A message that this relay may deliver until its lease ends.
 *
 * @param fence refuses the outcome of a relay whose lease has passed to another
 * @param claimedAt in the database's time
 */
record Claim(OutboxEntry entry, long fence, Instant claimedAt) {}
