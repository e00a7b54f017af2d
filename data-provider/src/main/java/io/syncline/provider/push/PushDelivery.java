package io.syncline.provider.push;

import io.syncline.outbox.Delivery;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.OutboxEntry;
import io.syncline.outbox.RetryRules;
import io.syncline.outbox.WebhookSigner;
import io.syncline.provider.push.JdbcOldSecrets.OldSecret;
import io.syncline.provider.store.DatabaseClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt: signs the stored bytes with the secrets of now, and takes nothing but 2xx for an answer. */
final class PushDelivery implements Delivery {

    static final String KIND = "syncline.push";

    /** Header of the stored message. */
    static final String EVENT_ID = "event-id";

    private static final Logger LOG = LoggerFactory.getLogger(PushDelivery.class);
    private static final Duration UNTOLD_THROTTLE = Duration.ofSeconds(5);
    private static final Duration MOST_THROTTLE = Duration.ofHours(1);

    private final JdbcSubscriptions subscriptions;
    private final JdbcOldSecrets oldSecrets;
    private final SecretSeal seal;
    private final Endpoints endpoints;
    private final DatabaseClock clock;
    private final PushMeters meters;
    private final PushProperties properties;
    private final RetryRules rules;
    private final Map<String, Instant> throttled = new ConcurrentHashMap<>();

    PushDelivery(
            JdbcSubscriptions subscriptions,
            JdbcOldSecrets oldSecrets,
            SecretSeal seal,
            Endpoints endpoints,
            DatabaseClock clock,
            PushMeters meters,
            PushProperties properties) {
        this.subscriptions = subscriptions;
        this.oldSecrets = oldSecrets;
        this.seal = seal;
        this.endpoints = endpoints;
        this.clock = clock;
        this.meters = meters;
        this.properties = properties;
        this.rules = RetryRules.scheduled(properties.schedule());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RetryRules retryRules() {
        return rules;
    }

    @Override
    public DeliveryResult deliver(OutboxEntry entry) {
        var subscription =
                subscriptions.byId(String.valueOf(entry.message().target())).orElse(null);
        if (subscription == null) {
            return DeliveryResult.dead("the subscription is gone");
        }
        if (!subscription.enabled()) {
            return DeliveryResult.dead("the subscription is disabled: " + subscription.disabledBecause());
        }
        var now = clock.moment();
        var until = throttled.get(subscription.id());
        if (until != null && until.isAfter(now)) {
            return DeliveryResult.later(Duration.between(now, until), "the endpoint asked for a pause");
        }
        throttled.remove(subscription.id());
        var began = System.nanoTime();
        var answer = endpoints.post(
                URI.create(subscription.endpoint()),
                headers(subscription, entry, now),
                entry.message().payload().getBytes(StandardCharsets.UTF_8));
        var result = judged(subscription, answer, now);
        meters.attempted(subscription.dataset(), result instanceof DeliveryResult.Delivered, System.nanoTime() - began);
        return result;
    }

    private Map<String, String> headers(Subscription subscription, OutboxEntry entry, Instant now) {
        var id = entry.message().headers().getOrDefault(EVENT_ID, entry.id());
        var secrets = sealedSecrets(subscription, now)
                .map(secret -> seal.open(secret, subscription.id()))
                .toList();
        var body = entry.message().payload().getBytes(StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/cloudevents+json");
        headers.put("User-Agent", "Syncline-Webhook/1");
        headers.put(WebhookSigner.ID, id);
        headers.put(WebhookSigner.TIMESTAMP, Long.toString(now.getEpochSecond()));
        headers.put(WebhookSigner.SIGNATURE, new WebhookSigner(secrets).sign(id, now, body));
        return headers;
    }

    /** All that sign at this time; one that was never rotated has none in the table of old ones. */
    private Stream<String> sealedSecrets(Subscription subscription, Instant now) {
        var newest = subscription.secrets(now).stream();
        return subscription.earlierUntil() == null
                ? newest
                : Stream.concat(
                        newest,
                        oldSecrets.working(subscription.id(), now).stream().map(OldSecret::sealedSecret));
    }

    private DeliveryResult judged(Subscription subscription, Endpoints.Answer answer, Instant now) {
        if (answer.status() / 100 == 2) {
            subscriptions.succeeded(subscription.id());
            return DeliveryResult.delivered();
        }
        if (answer.status() == 410) {
            disable(subscription, "the endpoint answered 410 Gone", now);
            return DeliveryResult.dead("the endpoint answered 410: the subscription is disabled");
        }
        subscriptions.failed(subscription.id(), now);
        var since = subscription.failingSince();
        if (since != null && !since.plus(properties.giveUpAfter()).isAfter(now)) {
            disable(subscription, "no success since " + since + ": " + answer.said(), now);
            return DeliveryResult.dead("no success since " + since + ": the subscription is disabled");
        }
        return DeliveryResult.retry(pause(subscription, answer, now), answer.said());
    }

    /** An overloaded endpoint is left alone by all that is for it. */
    private @Nullable Duration pause(Subscription subscription, Endpoints.Answer answer, Instant now) {
        boolean overloaded = answer.status() == 429 || answer.status() == 502 || answer.status() == 504;
        var asked = answer.wait(now);
        if (overloaded || asked != null) {
            var pause = asked == null ? UNTOLD_THROTTLE : asked;
            throttled.put(subscription.id(), now.plus(pause.compareTo(MOST_THROTTLE) > 0 ? MOST_THROTTLE : pause));
        }
        return asked;
    }

    private void disable(Subscription subscription, String because, Instant now) {
        var shown = because.length() > 900 ? because.substring(0, 900) : because;
        if (subscriptions.disable(subscription.id(), shown, now)) {
            LOG.error("The subscription {} is disabled: {}", subscription.key(), shown);
            meters.disabled(subscription.dataset());
        }
    }
}
