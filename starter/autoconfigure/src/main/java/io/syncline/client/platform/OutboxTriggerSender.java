package io.syncline.client.platform;

import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import io.syncline.outbox.Outbox;
import io.syncline.outbox.OutboxMessage;
import io.syncline.tracing.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Stores trigger messages as structured CloudEvents. */
final class OutboxTriggerSender implements TriggerSender {

    private final Outbox outbox;
    private final JsonMapper json = new JsonMapper();

    OutboxTriggerSender(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void send(TriggerEvent event) {
        var partitionKey = event.partitionKey();
        var orderingKey = partitionKey == null ? null : "trigger:" + partitionKey;
        outbox.append(new OutboxMessage(
                TriggerDelivery.KIND,
                orderingKey,
                null,
                TraceContext.headers(TraceContext.current().orElse(null)),
                json.writeValueAsString(cloudEvent(event))));
    }

    private static Map<String, @Nullable Object> cloudEvent(TriggerEvent event) {
        var cloudEvent = new LinkedHashMap<String, @Nullable Object>();
        cloudEvent.put("specversion", "1.0");
        cloudEvent.put("source", event.source());
        cloudEvent.put("id", event.id());
        cloudEvent.put("type", event.type());
        if (event.subject() != null) {
            cloudEvent.put("subject", event.subject());
        }
        if (event.time() != null) {
            cloudEvent.put("time", event.time().toString());
        }
        if (event.partitionKey() != null) {
            cloudEvent.put("partitionkey", event.partitionKey());
        }
        cloudEvent.put("datacontenttype", "application/json");
        cloudEvent.put("data", event.data());
        return cloudEvent;
    }
}
