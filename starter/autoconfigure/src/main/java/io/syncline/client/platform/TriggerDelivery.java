package io.syncline.client.platform;

import io.syncline.client.TokenClient;
import io.syncline.client.TokenUnavailableException;
import io.syncline.outbox.Delivery;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.OutboxEntry;
import io.syncline.tracing.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Brings trigger messages to the platform. The platform knows a repeated one by its source and id. */
final class TriggerDelivery implements Delivery {

    static final String KIND = "syncline.trigger";

    private static final String SCOPE = "triggers:write";
    private static final MediaType CLOUD_EVENT = MediaType.parseMediaType("application/cloudevents+json");

    private final TracedPosts posts;
    private final ObjectProvider<TokenClient> tokens;
    private final String url;
    private final Clock clock;

    /** The token client is asked for at the first delivery, because a service that sends nothing needs no client. */
    TriggerDelivery(TracedPosts posts, ObjectProvider<TokenClient> tokens, String platformUrl, Clock clock) {
        this.posts = posts;
        this.tokens = tokens;
        this.url = platformUrl + "/api/v1/triggers";
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public DeliveryResult deliver(OutboxEntry entry) {
        var body = entry.message().payload().getBytes(StandardCharsets.UTF_8);
        var client = tokens.getObject();
        String token;
        try {
            token = client.accessToken(SCOPE);
        } catch (TokenUnavailableException e) {
            return DeliveryResult.retry(e.getMessage() == null ? "no token" : e.getMessage());
        }
        var answer = posts.post(
                "send trigger",
                TraceContext.of(entry.message().headers()).orElse(null),
                url,
                CLOUD_EVENT,
                Map.of(HttpHeaders.AUTHORIZATION, "Bearer " + token),
                body);
        var said = "the platform answered " + answer.status() + ": "
                + new String(answer.body(), StandardCharsets.UTF_8).strip();
        return switch (answer.status()) {
            case 200, 202 -> DeliveryResult.delivered();
            case 400, 403, 413, 415, 422 -> DeliveryResult.dead(said);
            case 401 -> {
                client.refused(token);
                yield DeliveryResult.retry(said);
            }
            default -> DeliveryResult.retry(answer.wait(clock.instant()), said);
        };
    }
}
