package io.syncline.client.webhook;

import org.springframework.http.HttpHeaders;

/**
 * Takes webhooks of Standard Webhooks, {@code v1}. Hand it the body's bytes as they came, before anything is parsed:
 *
 * <pre>{@code
 * @PostMapping("/hooks/changes")
 * void changed(@RequestHeader HttpHeaders headers, @RequestBody byte[] body) {
 *     verifier.once(headers, body, () -> store(body));
 * }
 * }</pre>
 */
public interface WebhookVerifier {

    /**
     * Does the work unless it was done for this webhook's id before. With the starter's tables the work and the memory of
     * its id are one transaction: work that throws is not remembered, and the sender tries again.
     *
     * <p>Keep the work short, such as storing the body; the sender waits for the answer.
     *
     * @return false when it was done before, and nothing was done now
     * @throws BadWebhookException when it is not genuine, or too old; answered with 401
     */
    boolean once(HttpHeaders headers, byte[] body, Runnable work);

    /**
     * Only whether it is genuine; the same one may come again.
     *
     * @return its id
     * @throws BadWebhookException when it is not, or too old; answered with 401
     */
    String verify(HttpHeaders headers, byte[] body);
}
