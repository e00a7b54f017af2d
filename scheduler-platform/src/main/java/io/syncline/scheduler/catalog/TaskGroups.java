package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The task groups as the rest of the platform reads them. Every method joins the caller's transaction. */
public interface TaskGroups {

    /** The newest version of a group that has not been deleted. */
    Optional<TaskGroup> current(String key);

    /**
     * One version, of a deleted group as well. It never changes, so it is read from the database once.
     *
     * @throws IllegalStateException when there is no such version; runs only ever pin stored ones
     */
    TaskGroup version(String key, int version);

    /** The current groups with a rule for this source and type, by key; a change of another node is seen at once. */
    List<TaskGroup> matching(String source, String type);

    /** The current groups, by key. */
    List<TaskGroup> all();

    /** Those of the keys whose group, a deleted one as well, is within reach. */
    Set<String> withinReach(Labels labels, Collection<String> keys);

    /** Since when the group is paused; a plain read. */
    Optional<Instant> pausedSince(String key);

    /**
     * The same, but keeps a pause from being lifted until the caller's transaction ends, so that a run which is stored as
     * held is seen by the resume that would release it. To be called before any slot or run is locked.
     */
    Optional<Instant> pausedSinceAndHold(String key);
}
