package io.syncline.outbox;

import java.util.List;
import java.util.Optional;

/** Where messages wait for their delivery. */
public interface Outbox {

    /**
     * Stores the message in the caller's transaction; it is delivered after the commit, or never if that rolls back.
     *
     * @return the message's id, the same over all its deliveries
     * @throws IllegalStateException without a transaction
     */
    String append(OutboxMessage message);

    Optional<OutboxEntry> find(String id);

    /** The dead letters, newest first. */
    List<OutboxEntry> deadLetters(int limit);

    /**
     * Delivers a dead or delivered message once more, behind what waits under its key now.
     *
     * @return false when there is none with this id that has ended
     */
    boolean replay(String id);

    /**
     * Forgets a dead letter in the caller's transaction, or in one of its own.
     *
     * @return false when there is none with this id
     */
    boolean discard(String id);

    /** What waits, for meters. */
    Backlog backlog();
}
