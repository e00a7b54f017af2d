package io.syncline.provider.event;

import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.Ids;
import io.syncline.provider.store.JdbcTimes;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Stores the event and puts its trigger message into the outbox, in one transaction. */
@Service
class BusinessEvents {

    private static final String INSERT = """
            insert into business_event (event_id, event_type, subject, event_data, created_at, created_by)
            values (:id, :type, :subject, :data, :now, :by)
            """;

    private final JdbcClient jdbc;
    private final RequestKeys keys;
    private final TriggerSender triggers;
    private final ProviderProperties properties;
    private final JsonMapper json;

    BusinessEvents(
            JdbcClient jdbc, RequestKeys keys, TriggerSender triggers, ProviderProperties properties, JsonMapper json) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.triggers = triggers;
        this.properties = properties;
        this.json = json;
    }

    /** @param messageId id of the trigger message; its source is this service's */
    record Announced(String eventId, String source, String messageId, Instant createdAt) {}

    /** @param request the body in one form, to tell a repeated request from another one */
    RequestKeys.Outcome<Announced> announce(
            String type,
            @Nullable String subject,
            Map<String, @Nullable Object> data,
            String request,
            Caller caller,
            @Nullable String key) {
        return keys.once(caller, "/events", key, request, Announced.class, now -> {
            var id = Ids.next();
            jdbc.sql(INSERT)
                    .param("id", id)
                    .param("type", type)
                    .param("subject", subject)
                    .param("data", data.isEmpty() ? null : json.writeValueAsString(data))
                    .param("now", JdbcTimes.toJdbc(now))
                    .param("by", caller.subject())
                    .update();
            triggers.send(new TriggerEvent(properties.source(), id, type, subject, now, null, data));
            return new Announced(id, properties.source(), id, now);
        });
    }
}
