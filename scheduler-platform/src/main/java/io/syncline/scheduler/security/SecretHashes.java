package io.syncline.scheduler.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Client secrets as they are stored. A secret that we made has 256 random bits: nobody can guess through them, so one SHA-256
 * is enough and a token costs no noticeable time. A secret that a person chose (the bootstrap client's) goes through PBKDF2.
 */
final class SecretHashes {

    private static final int SECRET_BYTES = 32;
    private static final int SALT_BYTES = 16;
    // OWASP's advice of 2023 for PBKDF2 with HMAC-SHA-512.
    private static final int ITERATIONS = 210_000;
    private static final int HASH_BITS = 256;
    private static final String FAST = "sha256";
    private static final String SLOW = "pbkdf2";
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern GENERATED = Pattern.compile("sl_[A-Za-z0-9_-]{43}");
    private static final String NOBODYS = ofGenerated(newSecret());
    private static final String DECOY = slowly(newSecret());

    /** Guessing must not take all processors from the work. */
    private static final Semaphore SLOW_CHECKS = new Semaphore(2);

    private SecretHashes() {}

    static String newSecret() {
        return "sl_" + random();
    }

    static String newRefreshToken() {
        return "slr_" + random();
    }

    private static String random() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String ofGenerated(String secret) {
        return FAST + ":" + sha256(secret);
    }

    /** One that looks like ours is checked like ours. */
    static String ofChosen(String secret) {
        return isGenerated(secret) ? ofGenerated(secret) : slowly(secret);
    }

    private static String slowly(String secret) {
        var salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        var encoder = Base64.getEncoder();
        return SLOW + ":" + ITERATIONS + ":" + encoder.encodeToString(salt) + ":"
                + encoder.encodeToString(pbkdf2(secret, salt, ITERATIONS));
    }

    /**
     * Whether the secret is one of those stored. Takes as long for every client, known or not, whatever and however much is
     * stored of it: only the form of the secret shown decides. One that we cannot have made costs one slow check.
     */
    static boolean matchesOne(String secret, List<String> stored) {
        var fast = ofGenerated(secret);
        var isOne = false;
        // A chosen secret is at most once there: every later one is ours.
        var slow = DECOY;
        for (var one : stored) {
            if (one.startsWith(FAST + ":")) {
                isOne |= same(one, fast);
            } else if (one.startsWith(SLOW + ":")) {
                slow = one;
            } else {
                throw new IllegalStateException("unknown kind of stored secret");
            }
        }
        return isGenerated(secret) ? isOne : slowlyMatches(secret, slow.split(":"));
    }

    /** The same work for a client that there is not. */
    static void matchesNothing(String secret) {
        matchesOne(secret, List.of(NOBODYS));
    }

    private static boolean isGenerated(String secret) {
        return GENERATED.matcher(secret).matches();
    }

    private static boolean slowlyMatches(String secret, String[] parts) {
        try {
            if (!SLOW_CHECKS.tryAcquire(1, TimeUnit.SECONDS)) {
                throw ProblemException.overloaded(503)
                        .detail("Too many secrets are being checked; try again.")
                        .header("Retry-After", "1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        try {
            var decoder = Base64.getDecoder();
            var hash = pbkdf2(secret, decoder.decode(parts[2]), Integer.parseInt(parts[1]));
            return MessageDigest.isEqual(hash, decoder.decode(parts[3]));
        } finally {
            SLOW_CHECKS.release();
        }
    }

    static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] pbkdf2(String secret, byte[] salt, int iterations) {
        try {
            var spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, HASH_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
