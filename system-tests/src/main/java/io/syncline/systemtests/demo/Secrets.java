package io.syncline.systemtests.demo;

import java.security.SecureRandom;
import java.util.Base64;

/** Secrets made for this start; none is built in. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private Secrets() {}

    static String fresh(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** In the form of those that the platform makes: as hard to guess, and checked without the many rounds of a chosen one. */
    static String freshClientSecret() {
        var secret = new byte[32];
        RANDOM.nextBytes(secret);
        return "sl_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** 32 random bytes in base64. */
    static String freshKey() {
        var key = new byte[32];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
