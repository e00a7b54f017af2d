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
 * @param place of the record that it came in, as topic, partition and offset; null: it came otherwise
 * @param copies how many more times the very same message came
 * @param lastCopyAt when it last did
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
        @Nullable String resubmitOf,
        @Nullable String place,
        @Nullable String traceId,
        int copies,
        @Nullable Instant lastCopyAt) {}
