package io.syncline.scheduler.security;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/** People's passwords as they are stored: Argon2id (RFC 9106) with 19 MiB, two passes and one lane, OWASP's advice of 2025. */
@Component
final class Passwords {

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;

    /** Guessing must not take all processors and all memory from the work. */
    private static final int AT_ONCE = 2;

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    private final Semaphore free = new Semaphore(AT_ONCE, true);

    /** What a password is compared with where there is none, so that the answer takes as long. */
    private final String nobodys = hash(SecretHashes.newSecret());

    String hash(String password) {
        return bounded(() -> {
            var hash = argon2.encode(password);
            if (hash == null) {
                throw new IllegalStateException("no hash");
            }
            return hash;
        });
    }

    /** Whether this is the password; without a stored one never, after the same time. */
    boolean matches(String password, @Nullable String hash) {
        return bounded(() -> argon2.matches(password, hash == null ? nobodys : hash)) && hash != null;
    }

    private <T> T bounded(Supplier<T> work) {
        try {
            if (!free.tryAcquire(1, TimeUnit.SECONDS)) {
                throw ProblemException.overloaded(503)
                        .detail("Too many secrets are being checked; try again.")
                        .header("Retry-After", "1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }
}
