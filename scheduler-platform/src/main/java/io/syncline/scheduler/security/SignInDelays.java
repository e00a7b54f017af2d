package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes those wait who fail to sign in again and again: by account and address, and more patiently by address alone. Nobody
 * is locked out for good, and nobody at another address is. A try counts as failed from its begin until it is known to be
 * good, so many at once gain nothing. Kept in the database, so a restart or another node forgives nothing.
 */
@Component
final class SignInDelays implements Expiring {

    private static final int FREE_OF_ACCOUNT = 4;
    private static final int FREE_OF_ADDRESS = 49;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);
    private static final int MOST_DOUBLINGS = 10;
    private static final int NETWORK_BYTES = 8;

    private static final String INSERT = """
            insert into sign_in_delay (delay_key, failures, last_at, wait_until) values (:key, 0, :now, :now)
            """;

    private static final String FIND = """
            select failures, last_at, wait_until from sign_in_delay where delay_key = :key
            """;

    private static final String LOCK = FIND + " for update";

    private static final String CHANGE = """
            update sign_in_delay set failures = :failures, last_at = :now, wait_until = :until where delay_key = :key
            """;

    private static final String FORGIVE_ONE = """
            update sign_in_delay set failures = failures - 1, wait_until = last_at where delay_key = :key and failures > 0
            """;

    private static final String FORGIVE = "delete from sign_in_delay where delay_key = :key";

    private static final String FORGET = "delete from sign_in_delay where last_at < :before";

    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    SignInDelays(JdbcClient jdbc, DatabaseClock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * A try that may be made.
     *
     * @param addressKey null where the address is not known
     * @param delay how long the next one must wait if this one fails
     */
    record Try(String accountKey, @Nullable String addressKey, Duration delay) {}

    private record Row(int failures, Instant lastAt, Instant waitUntil) {}

    /** Begins a try to get into the account from the address, or refuses it (429). */
    Try begin(String account, @Nullable String address) {
        var network = network(address);
        var accountKey = SecretHashes.sha256("account\n" + account + "\n" + network);
        var addressKey = network == null ? null : SecretHashes.sha256("address\n" + network);
        if (addressKey != null) {
            count(addressKey, FREE_OF_ADDRESS);
        }
        return new Try(accountKey, addressKey, count(accountKey, FREE_OF_ACCOUNT));
    }

    /** The try was good: the account's failures from this address are forgiven, and the address is where it was. */
    void succeeded(Try good) {
        jdbc.sql(FORGIVE).param("key", good.accountKey()).update();
        if (good.addressKey() != null) {
            jdbc.sql(FORGIVE_ONE).param("key", good.addressKey()).update();
        }
    }

    @Override
    public void purge() {
        forgetOld(clock.now());
    }

    void forgetOld(Instant now) {
        jdbc.sql(FORGET)
                .param("before", JdbcTimes.toJdbc(now.minus(FORGOTTEN_AFTER)))
                .update();
    }

    private Duration count(String key, int free) {
        makeRow(key);
        // The refusal is thrown after the commit.
        var wait = Objects.requireNonNull(transaction.execute(status -> counted(key, free)));
        if (wait.refused()) {
            var seconds = Math.max(1, wait.delay().plusMillis(999).toSeconds());
            throw ProblemException.of(429, "too-many-attempts", "Too many attempts")
                    .detail("Too many tries failed; wait before the next one.")
                    .header("Retry-After", Long.toString(seconds));
        }
        return wait.delay();
    }

    private record Wait(boolean refused, Duration delay) {}

    private Wait counted(String key, int free) {
        var now = clock.now();
        var row = jdbc.sql(LOCK)
                .param("key", key)
                .query((found, number) -> new Row(
                        found.getInt("failures"),
                        JdbcTimes.instant(found, "last_at"),
                        JdbcTimes.instant(found, "wait_until")))
                .optional();
        if (row.isEmpty()) {
            // Forgiven in this very moment.
            return new Wait(false, Duration.ZERO);
        }
        if (now.isBefore(row.get().waitUntil())) {
            return new Wait(true, Duration.between(now, row.get().waitUntil()));
        }
        var old = row.get().lastAt().plus(FORGOTTEN_AFTER).isBefore(now);
        var failures = old ? 1 : row.get().failures() + 1;
        var delay = delayAfter(failures, free);
        jdbc.sql(CHANGE)
                .param("key", key)
                .param("failures", failures)
                .param("now", JdbcTimes.toJdbc(now))
                .param("until", JdbcTimes.toJdbc(now.plus(delay)))
                .update();
        return new Wait(false, delay);
    }

    private void makeRow(String key) {
        if (jdbc.sql(FIND)
                .param("key", key)
                .query((row, number) -> row.getInt("failures"))
                .optional()
                .isPresent()) {
            return;
        }
        try {
            jdbc.sql(INSERT)
                    .param("key", key)
                    .param("now", JdbcTimes.toJdbc(clock.now()))
                    .update();
        } catch (DuplicateKeyException e) {
            // another try was first
        }
    }

    static Duration delayAfter(int failures, int free) {
        if (failures <= free) {
            return Duration.ZERO;
        }
        var delay = FIRST.multipliedBy(1L << Math.min(failures - free - 1, MOST_DOUBLINGS));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    /** The address; of IPv6 the first half, since everybody has the second half to choose from. */
    private static @Nullable String network(@Nullable String address) {
        if (address == null || address.indexOf(':') < 0) {
            return address;
        }
        try {
            var bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(bytes.length > NETWORK_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
