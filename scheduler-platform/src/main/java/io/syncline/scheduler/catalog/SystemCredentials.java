package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.SealedCells;
import io.syncline.scheduler.security.SecretBox;
import io.syncline.scheduler.security.UnreadableSecretException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Keeps the secrets of systems: sealed in the database, bound to the origins for which they were sent. */
@Component
class SystemCredentials implements SealedCells {

    static final String CLEARED =
            "its secret was cleared because an origin of the system or of the token URL has changed; send it again";
    private static final String UNREADABLE = "its stored secret cannot be opened; send it again";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FINGERPRINT_BYTES = 3;

    private final JdbcCredentials rows;
    private final SecretBox box;
    private final TransactionOperations transactions;

    SystemCredentials(JdbcCredentials rows, SecretBox box, TransactionOperations transactions) {
        this.rows = rows;
        this.box = box;
        this.transactions = transactions;
    }

    /** The credentials of a system, by name, opened. */
    Map<String, KeptCredential> of(String system) {
        Map<String, KeptCredential> kept = new LinkedHashMap<>();
        for (JdbcCredentials.Row row : rows.of(system)) {
            kept.put(row.name(), open(row));
        }
        return kept;
    }

    /** The rows as they are, secrets unopened. */
    List<JdbcCredentials.Row> rows(String system) {
        return rows.of(system);
    }

    /**
     * Stores what a document says.
     *
     * @param origins of the system's instances
     * @param overlap for how long a secret that is replaced may still be presented
     */
    void store(
            String system,
            Map<String, CredentialReader.Read> credentials,
            Set<String> origins,
            Duration overlap,
            Instant now) {
        Map<String, JdbcCredentials.Row> before = new HashMap<>();
        rows.of(system).forEach(row -> before.put(row.name(), row));
        credentials.forEach((name, read) -> {
            JdbcCredentials.Row row = before.remove(name);
            JdbcCredentials.Row next = read.sent()
                    ? renewed(system, name, row, read, origins, overlap, now)
                    : kept(
                            Objects.requireNonNull(row, () -> "a credential without a secret: " + name),
                            read,
                            origins,
                            now);
            rows.store(next, row == null);
        });
        before.keySet().forEach(name -> rows.delete(system, name));
    }

    /** The secret before the present one is presented no more; false when there is none. */
    boolean retire(String system, String name) {
        return rows.retire(system, name);
    }

    void deleteAll(String system) {
        rows.deleteAll(system);
    }

    private JdbcCredentials.Row renewed(
            String system,
            String name,
            JdbcCredentials.@Nullable Row row,
            CredentialReader.Read read,
            Set<String> origins,
            Duration overlap,
            Instant now) {
        String next = json(read);
        String current = row == null || row.type() != read.type() ? null : opened(row, JdbcCredentials.CURRENT);
        boolean staysWithinBounds = row != null
                && bounds(row).containsAll(origins)
                && Objects.equals(row.tokenOrigin(), read.tokenOrigin());
        String previous = null;
        Instant previousUntil = null;
        boolean sentTwice = current != null && current.equals(next);
        if (row != null && current != null && staysWithinBounds) {
            previous = sentTwice ? opened(row, JdbcCredentials.PREVIOUS) : current;
            previousUntil = sentTwice ? row.previousUntil() : now.plus(overlap);
        }
        if (previous == null || previousUntil == null || !previousUntil.isAfter(now)) {
            previous = null;
            previousUntil = null;
        }
        String old = row == null || previous == null ? null : sentTwice ? row.previousFingerprint() : row.fingerprint();
        Instant oldUsedAt = row == null || previous == null ? null : sentTwice ? row.previousUsedAt() : row.usedAt();
        return new JdbcCredentials.Row(
                system,
                name,
                read.type(),
                row == null ? 1 : row.revision() + 1,
                box.seal(next, cell(system, name, JdbcCredentials.CURRENT)),
                previous == null ? null : box.seal(previous, cell(system, name, JdbcCredentials.PREVIOUS)),
                previousUntil,
                text(origins),
                read.tokenOrigin(),
                now,
                row == null || row.secretSetAt() == null ? null : now,
                null,
                read.expiresAt(),
                row != null && sentTwice && row.fingerprint() != null ? row.fingerprint() : fingerprint(),
                old,
                row != null && sentTwice ? row.usedAt() : null,
                oldUsedAt);
    }

    private JdbcCredentials.Row kept(
            JdbcCredentials.Row row, CredentialReader.Read read, Set<String> origins, Instant now) {
        boolean moved = !bounds(row).containsAll(origins) || !Objects.equals(row.tokenOrigin(), read.tokenOrigin());
        boolean cleared = row.clearedAt() != null || moved;
        String sealed = cleared || read.whole() == null
                ? null
                : box.seal(json(read), cell(row.system(), row.name(), JdbcCredentials.CURRENT));
        boolean previousStands =
                !cleared && row.previousUntil() != null && row.previousUntil().isAfter(now);
        return new JdbcCredentials.Row(
                row.system(),
                row.name(),
                row.type(),
                row.revision() + 1,
                sealed,
                previousStands ? row.sealedPrevious() : null,
                previousStands ? row.previousUntil() : null,
                text(origins),
                read.tokenOrigin(),
                row.secretSetAt(),
                row.rotatedAt(),
                sealed != null ? null : row.clearedAt() != null ? row.clearedAt() : now,
                sealed == null ? null : read.expiresAt(),
                sealed == null ? null : row.fingerprint(),
                previousStands ? row.previousFingerprint() : null,
                sealed == null ? null : row.usedAt(),
                previousStands ? row.previousUsedAt() : null);
    }

    /** By chance and not from the secret: it tells two secrets apart and helps nobody to guess one. */
    private static String fingerprint() {
        byte[] bytes = new byte[FINGERPRINT_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private KeptCredential open(JdbcCredentials.Row row) {
        Credential current = credential(row, JdbcCredentials.CURRENT);
        return new KeptCredential(
                row.name(),
                row.type(),
                row.revision(),
                current,
                current == null ? null : credential(row, JdbcCredentials.PREVIOUS),
                row.previousUntil(),
                bounds(row),
                row.secretSetAt(),
                row.rotatedAt(),
                row.clearedAt(),
                row.expiresAt(),
                current != null ? null : row.clearedAt() != null ? CLEARED : UNREADABLE);
    }

    private @Nullable Credential credential(JdbcCredentials.Row row, String column) {
        String text = opened(row, column);
        return text == null ? null : CredentialReader.stored(row.type(), row.name(), text);
    }

    private @Nullable String opened(JdbcCredentials.Row row, String column) {
        String sealed = column.equals(JdbcCredentials.CURRENT) ? row.sealedCurrent() : row.sealedPrevious();
        if (sealed == null) {
            return null;
        }
        try {
            return box.open(sealed, cell(row.system(), row.name(), column));
        } catch (UnreadableSecretException e) {
            return null;
        }
    }

    private static String json(CredentialReader.Read read) {
        return Documents.toJson(Objects.requireNonNull(read.json(), "a credential without its secret is not stored"));
    }

    private static SecretBox.Cell cell(String system, String name, String column) {
        return new SecretBox.Cell(JdbcCredentials.TABLE, system + "/" + name, column);
    }

    private static Set<String> bounds(JdbcCredentials.Row row) {
        return row.boundOrigins() == null
                ? Set.of()
                : row.boundOrigins().lines().collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable String text(Set<String> origins) {
        return origins.isEmpty() ? null : String.join("\n", new TreeSet<>(origins));
    }

    @Override
    public List<Stored> stored() {
        List<Stored> cells = new ArrayList<>();
        for (JdbcCredentials.Row row : rows.all()) {
            if (row.sealedCurrent() != null) {
                cells.add(new Stored(cell(row.system(), row.name(), JdbcCredentials.CURRENT), row.sealedCurrent()));
            }
            if (row.sealedPrevious() != null) {
                cells.add(new Stored(cell(row.system(), row.name(), JdbcCredentials.PREVIOUS), row.sealedPrevious()));
            }
        }
        return cells;
    }

    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        int slash = cell.row().indexOf('/');
        String system = cell.row().substring(0, slash);
        String name = cell.row().substring(slash + 1);
        return Boolean.TRUE.equals(
                transactions.execute(status -> rows.replace(system, name, cell.column(), before, anew)));
    }
}
