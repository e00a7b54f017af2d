package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The trusted issuers as this node knows them, read again every 20 s: a change counts on all nodes well within 60 s, and no
 * token makes us ask the database.
 */
@Component
final class TrustedIssuers {

    private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int PAGE = 200;

    private final JdbcTrustedIssuers issuers;
    private final LongSupplier nanos;
    private volatile @Nullable Known known;

    private record Known(Map<String, TrustedIssuer> byIssuer, long atNanos) {}

    @Autowired
    TrustedIssuers(JdbcTrustedIssuers issuers) {
        this(issuers, System::nanoTime);
    }

    TrustedIssuers(JdbcTrustedIssuers issuers, LongSupplier nanos) {
        this.issuers = issuers;
        this.nanos = nanos;
    }

    Optional<TrustedIssuer> byIssuer(String issuer) {
        return Optional.ofNullable(current().byIssuer().get(issuer));
    }

    /** This node has changed one itself and need not wait. */
    void forget() {
        known = null;
    }

    private Known current() {
        var now = nanos.getAsLong();
        var last = known;
        if (last == null || now - last.atNanos() >= FRESH_NANOS) {
            last = new Known(all(), now);
            known = last;
        }
        return last;
    }

    private Map<String, TrustedIssuer> all() {
        var all = new ArrayList<TrustedIssuer>();
        List<TrustedIssuer> page = issuers.list(null, PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = page.size() < PAGE
                    ? List.of()
                    : issuers.list(all.get(all.size() - 1).key(), PAGE);
        }
        return all.stream()
                .collect(
                        Collectors.toUnmodifiableMap(issuer -> issuer.settings().issuer(), Function.identity()));
    }
}
