package io.syncline.scheduler.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trigger message as the inbox keeps it.
 *
 * @param dedupKey of the copy that was taken alone; null otherwise
 * @param eventBody the event as structured CloudEvent JSON
 * @param problem why it was refused, as problem JSON
 * @param resubmitOf the rejected message of which this is the corrected copy
 */
record StoredMessage(
        String triggerId,
        String source,
        String messageId,
        String eventType,
        @Nullable String subject,
        @Nullable String partitionKey,
        @Nullable String eventTime,
        TriggerStatus status,
        @Nullable String dedupKey,
        String contentHash,
        String eventBody,
        @Nullable String problem,
        String clientId,
        @Nullable String systemKey,
        String transport,
        Instant receivedAt,
        @Nullable String resubmitOf) {}
