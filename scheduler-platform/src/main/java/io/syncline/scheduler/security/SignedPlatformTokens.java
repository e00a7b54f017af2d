package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

@Component
final class SignedPlatformTokens implements PlatformTokens {

    private static final String SUBJECT = "syncline";
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final long REUSED_NANOS = Duration.ofMinutes(1).toNanos();

    private final TokenSigner signer;
    private final PlatformProperties platform;
    private final ConcurrentMap<String, Signed> tokens = new ConcurrentHashMap<>();

    private final ConcurrentMap<Variant, Signed> variants = new ConcurrentHashMap<>();

    private record Signed(String token, String kid, long atNanos) {}

    private record Variant(String systemKey, TokenShape shape) {}

    SignedPlatformTokens(TokenSigner signer, PlatformProperties platform) {
        this.signer = signer;
        this.platform = platform;
    }

    @Override
    public String forSystem(String systemKey) {
        refuseOurOwn(systemKey);
        var now = System.nanoTime();
        var known = tokens.get(systemKey);
        var kid = signer.kid();
        // No token of a key that was revoked a moment ago goes out.
        if (known != null && now - known.atNanos() < REUSED_NANOS && known.kid().equals(kid)) {
            return known.token();
        }
        var token = signer.sign(SUBJECT, systemKey, null, null, LIFE);
        tokens.put(systemKey, new Signed(token, kid, now));
        return token;
    }

    @Override
    public String forSystem(String systemKey, TokenShape shape) {
        refuseOurOwn(systemKey);
        var variant = new Variant(systemKey, shape);
        var now = System.nanoTime();
        var known = variants.get(variant);
        var kid = signer.kid();
        if (known != null
                && now - known.atNanos() < reusedNanos(shape)
                && known.kid().equals(kid)) {
            return known.token();
        }
        var audience = shape.audience() == null ? systemKey : shape.audience();
        var token = signer.sign(SUBJECT, audience, null, null, shape.lifetime(), shape.claims());
        variants.entrySet()
                .removeIf(entry -> now - entry.getValue().atNanos()
                        > reusedNanos(entry.getKey().shape()));
        variants.put(variant, new Signed(token, kid, now));
        return token;
    }

    @Override
    public void forget(String systemKey) {
        tokens.remove(systemKey);
        variants.keySet().removeIf(variant -> variant.systemKey().equals(systemKey));
        // The call is repeated once: its token must not be of a key that the system knows to be revoked.
        signer.readKeysAgain();
    }

    private static long reusedNanos(TokenShape shape) {
        return shape.lifetime().dividedBy(5).toNanos();
    }

    private static void refuseOurOwn(String systemKey) {
        if (systemKey.equals(StrictJwtDecoder.PLATFORM_AUDIENCE)) {
            throw new IllegalArgumentException("the system key " + systemKey + " is the platform's own audience");
        }
    }

    @Override
    public String publicUrl() {
        return platform.publicUrl();
    }
}
