package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Callback tokens: {@code cb1.<grant>.<MAC of all before>}. Nothing is stored for them, so any node can make and check them;
 * the prefix keeps them apart from access tokens.
 */
@Component
final class MacCallbackTokens implements CallbackTokens {

    static final String PREFIX = "cb1.";
    private static final int PARTS = 3;
    private static final int MAX_LENGTH = 512;
    private static final Pattern GRANT =
            Pattern.compile("([0-9]{1,9}) ([A-Za-z0-9-]{1,64}) ([0-9]{1,9}) ([0-9]{1,12})");

    private final PlatformKeys keys;
    private final SteadyClock clock;

    MacCallbackTokens(PlatformKeys keys, SteadyClock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public String issue(String taskRunId, int attempt, Instant expiresAt) {
        // Up to the full second, so that the token lives at least as long as it was promised.
        var expires = expiresAt.getNano() == 0 ? expiresAt.getEpochSecond() : expiresAt.getEpochSecond() + 1;
        var signer = keys.macSigner(Instant.ofEpochSecond(expires));
        var grant = signer.generation() + " " + taskRunId + " " + attempt + " " + expires;
        if (!GRANT.matcher(grant).matches()) {
            throw new IllegalArgumentException("no callback token can be made for: " + grant);
        }
        var signed = PREFIX + encode(grant.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(mac(signer.key(), signed));
    }

    /** What the token is good for; empty when it is forged, malformed or expired. */
    Optional<CallbackGrant> verify(String token) {
        var parts = token.split("\\.", -1);
        if (token.length() > MAX_LENGTH || parts.length != PARTS || !token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        byte[] grantBytes;
        try {
            grantBytes = Base64.getUrlDecoder().decode(parts[1]);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        var grant = GRANT.matcher(new String(grantBytes, StandardCharsets.US_ASCII));
        if (!grant.matches()) {
            return Optional.empty();
        }
        var key = keys.macKey(Integer.parseInt(grant.group(1)));
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var expected = encode(mac(key.get(), PREFIX + parts[1]));
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), parts[2].getBytes(StandardCharsets.US_ASCII))) {
            return Optional.empty();
        }
        var expiresAt = Instant.ofEpochSecond(Long.parseLong(grant.group(4)));
        if (!clock.now().isBefore(expiresAt)) {
            return Optional.empty();
        }
        return Optional.of(new CallbackGrant(grant.group(2), Integer.parseInt(grant.group(3)), expiresAt));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
