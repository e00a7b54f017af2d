package io.syncline.client.webhook;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Webhooks that this service takes.
 *
 * @param secrets with which they are signed, whsec_ and base64; during a rotation both
 * @param paths route patterns that take webhooks, such as /hooks/**; they need no token, the signature is their proof
 * @param tolerance how far the sender's clock may be from this service's
 * @param remember how long the id of a webhook is known; at least the tolerance
 */
@ConfigurationProperties("syncline.client.webhook")
public record WebhookProperties(
        @DefaultValue List<String> secrets,
        @DefaultValue List<String> paths,
        @DefaultValue("5m") Duration tolerance,
        @DefaultValue("7d") Duration remember) {

    public WebhookProperties {
        if (tolerance.isNegative() || tolerance.isZero()) {
            throw new IllegalArgumentException("syncline.client.webhook.tolerance is above zero");
        }
        if (remember.compareTo(tolerance) < 0) {
            throw new IllegalArgumentException("syncline.client.webhook.remember is at least the tolerance");
        }
    }

    @Override
    public String toString() {
        return "WebhookProperties[" + secrets.size() + " secrets, paths=" + paths + "]";
    }
}
