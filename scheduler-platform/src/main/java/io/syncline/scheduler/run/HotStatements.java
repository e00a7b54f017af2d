package io.syncline.scheduler.run;

import io.syncline.scheduler.run.RunStore.Claim;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The statements that decide the speed, in the words of one database family; all pass the same contract tests. */
interface HotStatements {

    /** Locks those of the slots that are there, in one order. */
    List<Slot> lockSlots(Collection<SlotKey> keys);

    /** Locks those of the slots that are there and that nobody else holds; waits for nobody. */
    Set<SlotKey> tryLockSlots(Collection<SlotKey> keys);

    Map<SlotKey, String> nextQueued(Collection<SlotKey> keys);

    List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now);

    int renewLeases(Map<String, Long> fences, Instant leaseUntil);

    Set<String> dueSystems(Collection<String> systems, Instant now);
}
