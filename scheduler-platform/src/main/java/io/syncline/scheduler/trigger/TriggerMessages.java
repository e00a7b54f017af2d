package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The inbox as its judge sees it. Joins the caller's transaction. */
interface TriggerMessages {

    /** @throws org.springframework.dao.DuplicateKeyException when the dedup key of one is taken */
    void insert(Collection<StoredMessage> messages);

    /** Those that were taken under these keys, by the key. */
    Map<String, StoredMessage> accepted(Collection<String> dedupKeys);

    /** The very same message came once more. */
    void cameAgain(String triggerId, Instant now);

    /**
     * The newest messages of these names that were rejected.
     *
     * @param limit of each name
     */
    List<String> rejected(Collection<Name> names, int limit);

    /** By what its sender calls a message. */
    record Name(String source, String messageId) {}

    /** A message is within reach when one of its runs is; one without runs is there for those who reach everything. */
    Optional<StoredMessage> find(String triggerId, Labels labels);

    /** Whether the very same content is there under this source and id. */
    boolean isKept(String source, String messageId, String hash);

    /** The message as it stands, kept from changing until the caller's transaction ends. */
    Optional<StoredMessage> lock(String triggerId);

    /** The corrected copies of these messages, oldest first. */
    List<Copy> copies(Collection<String> triggerIds);

    /** A corrected copy of a rejected message. */
    record Copy(String triggerId, String of, TriggerStatus status) {}
}
