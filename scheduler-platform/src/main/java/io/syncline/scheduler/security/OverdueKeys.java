package io.syncline.scheduler.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.springframework.stereotype.Component;

/** Compares the stored keys with what the rotation promises. */
@Component
final class OverdueKeys implements KeyExpiries {

    /** The rotation looks every minute; a platform that was down for long catches up within the first. */
    private static final Duration GRACE = Duration.ofHours(1);

    private final JdbcKeyRows rows;
    private final KeyProperties properties;

    OverdueKeys(JdbcKeyRows rows, KeyProperties properties) {
        this.rows = rows;
        this.properties = properties;
    }

    @Override
    public List<Expiry> notReplaced(Instant now) {
        var standing = rows.all().stream().filter(KeyStanding::stands).toList();
        return Arrays.stream(KeyPurpose.values())
                .map(purpose -> standing.stream()
                        .filter(key -> key.purpose() == purpose)
                        .toList())
                // Without any key nothing can be signed, and everybody hears of it.
                .filter(keys -> !keys.isEmpty())
                .map(this::expiry)
                .filter(expiry -> !expiry.hasNext() || !expiry.due().plus(GRACE).isAfter(now))
                .toList();
    }

    /** @param standing of one purpose, the newest first */
    private Expiry expiry(List<KeyStanding> standing) {
        var current = standing.get(standing.size() - 1);
        var due = current.signsSince().plus(properties.rotateEvery());
        if (standing.size() == 1) {
            return new Expiry(current.purpose(), current.kid(), due, false);
        }
        var known = standing.get(standing.size() - 2).createdAt().plus(properties.lead());
        return new Expiry(current.purpose(), current.kid(), known.isAfter(due) ? known : due, true);
    }
}
