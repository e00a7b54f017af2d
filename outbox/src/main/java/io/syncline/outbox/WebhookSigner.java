package io.syncline.outbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks webhooks by Standard Webhooks, {@code v1} (HMAC-SHA256 over {@code id.timestamp.body}). During a
 * rotation there are several secrets: each signs, and a signature of any is taken.
 */
public final class WebhookSigner {

    public static final String ID = "webhook-id";
    public static final String TIMESTAMP = "webhook-timestamp";
    public static final String SIGNATURE = "webhook-signature";

    /** How far the sender's clock may be from the receiver's. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String SECRET_PREFIX = "whsec_";
    private static final String VERSION_PREFIX = "v1,";
    /** A sender in a rotation lists two; what comes after these is not looked at. */
    private static final int MOST_SIGNATURES = 10;

    private static final int FEWEST_SECRET_BYTES = 24;
    private static final int MOST_SECRET_BYTES = 64;

    private final List<SecretKeySpec> keys;

    /** @param secrets {@code whsec_} and the base64 of 24 to 64 bytes each, the newest first */
    public WebhookSigner(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("a webhook needs a secret");
        }
        this.keys = secrets.stream().map(WebhookSigner::key).toList();
    }

    public static String newSecret() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** The value of the signature header for these very bytes. */
    public String sign(String id, Instant timestamp, byte[] body) {
        var seconds = Long.toString(timestamp.getEpochSecond());
        return keys.stream()
                .map(key -> VERSION_PREFIX + Base64.getEncoder().encodeToString(mac(key, id, seconds, body)))
                .collect(Collectors.joining(" "));
    }

    /** What is wrong with a received webhook, if anything. Check before the body is parsed. */
    public Verdict verify(String id, String timestamp, String signature, byte[] body, Instant now) {
        return verify(id, timestamp, signature, body, now, TOLERANCE);
    }

    /** @param tolerance how far the sender's clock may be from the receiver's */
    public Verdict verify(String id, String timestamp, String signature, byte[] body, Instant now, Duration tolerance) {
        long seconds;
        try {
            seconds = Long.parseLong(timestamp);
        } catch (NumberFormatException e) {
            return Verdict.UNREADABLE_TIMESTAMP;
        }
        // Compared without a difference, which a far-off number would overflow.
        if (seconds < now.minus(tolerance).getEpochSecond()
                || seconds > now.plus(tolerance).getEpochSecond()) {
            return Verdict.TIMESTAMP_OUT_OF_TOLERANCE;
        }
        var expected = keys.stream().map(key -> mac(key, id, timestamp, body)).toList();
        boolean matches = false;
        var listed = signature.split(" ", MOST_SIGNATURES + 1);
        for (var candidate : List.of(listed).subList(0, Math.min(listed.length, MOST_SIGNATURES))) {
            matches |= candidate.startsWith(VERSION_PREFIX)
                    && matchesAny(expected, candidate.substring(VERSION_PREFIX.length()));
        }
        return matches ? Verdict.GENUINE : Verdict.NO_MATCHING_SIGNATURE;
    }

    private static boolean matchesAny(List<byte[]> expected, String encoded) {
        byte[] received;
        try {
            received = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            return false;
        }
        boolean matches = false;
        for (var mac : expected) {
            matches |= MessageDigest.isEqual(mac, received);
        }
        return matches;
    }

    private static SecretKeySpec key(String secret) {
        if (!secret.startsWith(SECRET_PREFIX)) {
            throw new IllegalArgumentException("a webhook secret begins with " + SECRET_PREFIX);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
        } catch (IllegalArgumentException e) {
            // The text is a secret, so it is not shown.
            throw new IllegalArgumentException("a webhook secret is base64 after " + SECRET_PREFIX);
        }
        if (bytes.length < FEWEST_SECRET_BYTES || bytes.length > MOST_SECRET_BYTES) {
            throw new IllegalArgumentException("a webhook secret has 24 to 64 bytes, not " + bytes.length);
        }
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private static byte[] mac(SecretKeySpec key, String id, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    /** GENUINE, or the reason to refuse. */
    public enum Verdict {
        GENUINE,
        UNREADABLE_TIMESTAMP,
        TIMESTAMP_OUT_OF_TOLERANCE,
        NO_MATCHING_SIGNATURE
    }

    @Override
    public String toString() {
        return "WebhookSigner with " + keys.size() + " secrets";
    }
}
