package io.syncline.scheduler.ops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the audit entries are chained: each place holds the SHA-256 over the hash before it and the content of its entry. */
final class AuditChain {

    /** The hash before the first place. */
    static final String BEGINNING = "0".repeat(64);

    private AuditChain() {}

    /** One place of the chain. */
    record Link(long place, String auditId, String hash) {}

    /** The last place. */
    record Head(long place, String hash, Instant sealedAt) {}

    /** @param entry null: it is not there any more; its place says so for ever */
    static String hash(String before, String auditId, @Nullable AuditEntry entry) {
        var digest = sha256();
        digest.update(before.getBytes(StandardCharsets.US_ASCII));
        add(digest, auditId);
        if (entry != null) {
            for (var member : content(entry)) {
                add(digest, member);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<@Nullable String> content(AuditEntry entry) {
        return Arrays.asList(
                entry.at().truncatedTo(ChronoUnit.MICROS).toString(),
                entry.actor(),
                entry.how(),
                entry.action(),
                entry.objectKind(),
                entry.objectKey(),
                entry.reason(),
                entry.details(),
                entry.traceId());
    }

    /** With its length before it, so that nothing can be moved from one member to the next. */
    private static void add(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            digest.update((byte) '-');
            return;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
