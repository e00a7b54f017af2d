package io.syncline.client.sync;

import io.syncline.client.platform.PlatformHttp;
import io.syncline.client.platform.TracedPosts;
import io.syncline.outbox.Delivery;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.OutboxEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;

/** Brings reports to the callback that the latest call of their work named. */
final class CallbackDelivery implements Delivery {

    static final String KIND = "syncline.callback";

    private final JdbcWorks works;
    private final TracedPosts posts;
    private final WireJson json;
    private final int refusals;
    private final Clock clock;

    CallbackDelivery(JdbcWorks works, TracedPosts posts, WireJson json, int refusals, Clock clock) {
        this.works = works;
        this.posts = posts;
        this.json = json;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public DeliveryResult deliver(OutboxEntry entry) {
        var key = entry.message().headers().getOrDefault(IdempotencyKey.HEADER, "");
        var found = works.find(key);
        if (found.isEmpty()) {
            return DeliveryResult.dead("its work " + key + " is no longer stored");
        }
        var work = found.get();
        if (entry.deliveries() > 1 && isSuperseded(entry, work)) {
            return DeliveryResult.delivered();
        }
        return send(entry, work);
    }

    private DeliveryResult send(OutboxEntry entry, StoredWork work) {
        var body = entry.message().payload().getBytes(StandardCharsets.UTF_8);
        PlatformHttp.Answer answer;
        try {
            answer = posts.post(
                    "send callback",
                    work.trace(),
                    work.callbackUrl(),
                    MediaType.APPLICATION_JSON,
                    Map.of(HttpHeaders.AUTHORIZATION, "Bearer " + work.callbackToken()),
                    body);
        } catch (RestClientException e) {
            return DeliveryResult.retry("no answer: " + e.getMessage());
        }
        var said = "the platform answered " + answer.status() + ": "
                + new String(answer.body(), StandardCharsets.UTF_8).strip();
        return switch (answer.status()) {
            case 200 -> isCallbackAnswer(answer.body()) ? DeliveryResult.delivered() : DeliveryResult.retry(said);
            case 401, 403, 404 ->
                // A later call may bring another callback; until then the platform's polling tells it the status.
                entry.deliveries() < refusals ? DeliveryResult.retry(said) : DeliveryResult.dead(said);
            case 400, 409, 410, 413, 415, 422 -> DeliveryResult.dead(said);
            default -> DeliveryResult.retry(answer.wait(clock.instant()), said);
        };
    }

    /** A progress report that could not be delivered is not worth another try once there is a newer one. */
    private boolean isSuperseded(OutboxEntry entry, StoredWork work) {
        var report = json.report(entry.message().payload());
        var sequence = report.sequence();
        return !report.status().isTerminal() && sequence != null && sequence < work.lastSequence();
    }

    private boolean isCallbackAnswer(byte[] body) {
        try {
            return json.tree(body).path("applied").isBoolean();
        } catch (JacksonException e) {
            return false;
        }
    }
}
