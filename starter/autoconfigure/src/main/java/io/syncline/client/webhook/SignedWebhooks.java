package io.syncline.client.webhook;

import io.syncline.client.MissingPropertyException;
import io.syncline.outbox.WebhookSigner;
import java.time.Clock;
import org.springframework.http.HttpHeaders;

/** By the configured secrets. */
final class SignedWebhooks implements WebhookVerifier {

    private static final int LONGEST_ID = 255;

    private final WebhookSigner signer;
    private final WebhookProperties properties;
    private final SeenWebhooks seen;
    private final Clock clock;

    /** @throws MissingPropertyException without a secret */
    SignedWebhooks(WebhookProperties properties, SeenWebhooks seen, Clock clock) {
        if (properties.secrets().isEmpty()) {
            throw new MissingPropertyException("syncline.client.webhook.secrets");
        }
        this.signer = new WebhookSigner(properties.secrets());
        this.properties = properties;
        this.seen = seen;
        this.clock = clock;
    }

    @Override
    public boolean once(HttpHeaders headers, byte[] body, Runnable work) {
        return seen.once(verify(headers, body), clock.instant(), work);
    }

    @Override
    public String verify(HttpHeaders headers, byte[] body) {
        var id = header(headers, WebhookSigner.ID);
        var timestamp = header(headers, WebhookSigner.TIMESTAMP);
        var signature = header(headers, WebhookSigner.SIGNATURE);
        if (id.length() > LONGEST_ID) {
            throw new BadWebhookException("The header " + WebhookSigner.ID + " is too long.");
        }
        var verdict = signer.verify(id, timestamp, signature, body, clock.instant(), properties.tolerance());
        switch (verdict) {
            case GENUINE -> {}
            case UNREADABLE_TIMESTAMP ->
                throw new BadWebhookException(
                        "The header " + WebhookSigner.TIMESTAMP + " is no number of seconds since 1970.");
            case TIMESTAMP_OUT_OF_TOLERANCE ->
                throw new BadWebhookException(
                        "The webhook was signed too long ago or in the future; compare the clocks.");
            case NO_MATCHING_SIGNATURE ->
                throw new BadWebhookException(
                        "No signature matches; sign the exact bytes of the body with the secret of this receiver.");
        }
        return id;
    }

    private static String header(HttpHeaders headers, String name) {
        var value = headers.getFirst(name);
        if (value == null || value.isBlank()) {
            throw new BadWebhookException("The header " + name + " is missing.");
        }
        return value;
    }
}
