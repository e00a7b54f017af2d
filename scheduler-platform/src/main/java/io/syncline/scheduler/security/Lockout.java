package io.syncline.scheduler.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down whoever guesses secrets: after five wrong ones for one name from one address, the next may come after a second,
 * and after twice the time with each further one, up to 15 min. The right holder at another address notices nothing.
 *
 * <p>Each node counts for itself and forgets at its restart: guesses spread over n nodes come n times as often, which the
 * doubling makes up for.
 */
final class Lockout {

    private static final int FREE_FAILURES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int LONGEST_SHIFT = 10;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int IPV6_BYTES = 16;

    private final LongSupplier nanos;
    private final Map<String, Failures> failures;

    private record Failures(int count, long lastNanos, long openNanos) {}

    /** @param mostRemembered names with addresses; the one that failed longest ago is forgotten first */
    Lockout(LongSupplier nanos, int mostRemembered) {
        this.nanos = nanos;
        this.failures = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                return size() > mostRemembered;
            }
        };
    }

    /** How long to wait before the next try; zero: it may be made. */
    synchronized Duration remaining(String name, String address) {
        var known = failures.get(key(name, address));
        if (known == null) {
            return Duration.ZERO;
        }
        var left = known.openNanos() - nanos.getAsLong();
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    synchronized void failed(String name, String address) {
        var now = nanos.getAsLong();
        failures.merge(key(name, address), new Failures(1, now, now), (known, first) -> {
            if (now - known.lastNanos() > FORGOTTEN_AFTER.toNanos()) {
                return first;
            }
            var count = Math.min(known.count() + 1, FREE_FAILURES + LONGEST_SHIFT);
            return new Failures(count, now, now + delay(count).toNanos());
        });
    }

    synchronized void succeeded(String name, String address) {
        failures.remove(key(name, address));
    }

    private static Duration delay(int count) {
        if (count < FREE_FAILURES) {
            return Duration.ZERO;
        }
        var delay = Duration.ofSeconds(1L << (count - FREE_FAILURES));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    /** Names are the caller's and may be long. */
    private static String key(String name, String address) {
        return SecretHashes.sha256(name) + " " + network(address);
    }

    /** One IPv6 caller has a whole /64 of addresses. The text is an address, so nothing is looked up. */
    private static String network(String address) {
        if (address.indexOf(':') >= 0) {
            try {
                var bytes = InetAddress.getByName(address).getAddress();
                if (bytes.length == IPV6_BYTES) {
                    return HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES));
                }
            } catch (UnknownHostException e) {
                // falls through: as it is
            }
        }
        return address;
    }
}
