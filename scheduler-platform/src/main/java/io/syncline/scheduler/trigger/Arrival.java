package io.syncline.scheduler.trigger;

import io.syncline.tracing.TraceContext;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message that is to be judged, with all that can be made of it without the database.
 *
 * @param contentHash by which a copy is told from other content
 * @param dedupKey under which one message is taken
 * @param eventBody the event as structured CloudEvent JSON
 * @param groupKey the one group that it starts; null: the rules choose
 * @param resubmitOf the rejected message that it corrects
 */
record Arrival(
        CloudEvent event,
        Sender sender,
        String contentHash,
        String dedupKey,
        String eventBody,
        @Nullable String groupKey,
        @Nullable String resubmitOf) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @throws MalformedEventException (422) for content that cannot be compared */
    static Arrival of(CloudEvent event, Sender sender) {
        return of(event, sender, null, null);
    }

    /** @throws MalformedEventException (422) for content that cannot be compared */
    static Arrival forGroup(String groupKey, CloudEvent event, Sender sender) {
        return of(event, sender, groupKey, null);
    }

    /** @throws MalformedEventException (422) for content that cannot be compared */
    static Arrival correcting(String triggerId, CloudEvent event, Sender sender) {
        return of(event, sender, null, triggerId);
    }

    private static Arrival of(CloudEvent event, Sender sender, @Nullable String groupKey, @Nullable String resubmitOf) {
        return new Arrival(
                event,
                sender,
                ContentHash.of(event),
                ContentHash.dedupKey(event.source(), event.id()),
                JSON.writeValueAsString(structured(event)),
                groupKey,
                resubmitOf);
    }

    /** As the inbox keeps it, under its key only when it is taken. */
    StoredMessage stored(
            String triggerId,
            TriggerStatus status,
            @Nullable String problem,
            @Nullable String traceparent,
            Instant receivedAt) {
        boolean isTaken = status == TriggerStatus.ACCEPTED || status == TriggerStatus.VERIFYING;
        return new StoredMessage(
                triggerId,
                event.source(),
                event.id(),
                event.type(),
                event.subject(),
                event.partitionKey(),
                event.time(),
                status,
                isTaken ? dedupKey : null,
                contentHash,
                eventBody,
                problem,
                sender.client(),
                sender.system(),
                sender.transport(),
                receivedAt,
                resubmitOf,
                sender.place(),
                TraceContext.traceIdOf(traceparent),
                0,
                null);
    }

    private static Map<String, @Nullable Object> structured(CloudEvent event) {
        var body = new LinkedHashMap<String, @Nullable Object>(event.attributes());
        if (event.data() != null) {
            body.put("data", event.data());
        } else if (event.bytes() != null) {
            body.put("data_base64", Base64.getEncoder().encodeToString(event.bytes()));
        }
        return body;
    }
}
