package io.syncline.client.webhook;

import io.syncline.client.StartRefusedException;
import io.syncline.outbox.WebhookSigner;
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
            throw StartRefusedException.property("syncline.client.webhook.tolerance", tolerance, "above zero");
        }
        if (remember.compareTo(tolerance) < 0) {
            throw StartRefusedException.property(
                    "syncline.client.webhook.remember", remember, "at least the tolerance, which is " + tolerance);
        }
        if (secrets.isEmpty() && !paths.isEmpty()) {
            throw new StartRefusedException(
                    "The routes " + paths + " of syncline.client.webhook.paths take webhooks, "
                            + "but there is no secret to check their signatures with.",
                    "Set syncline.client.webhook.secrets, or remove the paths.");
        }
        if (!secrets.isEmpty()) {
            requireUsable(secrets);
        }
    }

    private static void requireUsable(List<String> secrets) {
        try {
            new WebhookSigner(secrets);
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(
                    "A secret of syncline.client.webhook.secrets cannot be used: " + e.getMessage() + ".",
                    "Set the secret as its sender shows it, whsec_ and base64.",
                    e);
        }
    }

    @Override
    public String toString() {
        return "WebhookProperties[" + secrets.size() + " secrets, paths=" + paths + "]";
    }
}
