package io.syncline.portal.signin;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The administrator's password: the configured one, checked, or a generated one. */
record AdministratorPassword(String text, boolean generated) {

    static final int MIN_LENGTH = 12;
    private static final int MIN_DIFFERENT = 5;
    private static final int GENERATED_LENGTH = 20;
    // Without the letters and digits that look alike in a log.
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    static AdministratorPassword from(@Nullable String configured) {
        return configured == null || configured.isEmpty()
                ? new AdministratorPassword(generate(new SecureRandom()), true)
                : new AdministratorPassword(checked(configured), false);
    }

    private static String checked(String configured) {
        if (configured.length() < MIN_LENGTH || configured.chars().distinct().count() < MIN_DIFFERENT) {
            throw new IllegalStateException(
                    "SYNCLINE_PORTAL_ADMIN_PASSWORD is too weak: it needs %d characters or more, %d of them different."
                            .formatted(MIN_LENGTH, MIN_DIFFERENT));
        }
        return configured;
    }

    private static String generate(RandomGenerator random) {
        var text = new StringBuilder(GENERATED_LENGTH);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "AdministratorPassword[hidden]";
    }
}
