package io.syncline.portal.audit;

import io.syncline.portal.page.Numbers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the platform found when it went through the chain of audit entries. */
record ChainVerdict(
        boolean verified,
        long from,
        long to,
        boolean complete,
        Head head,
        @Nullable Broken broken) {

    record Head(long place, String hash, Instant sealedAt) {}

    record Broken(@Nullable Long place, @Nullable String auditId, String fault) {}

    /** In a sentence. */
    String words() {
        if (broken != null) {
            return broken(broken);
        }
        return complete
                ? "All %s are as they were sealed: nothing was changed, removed or inserted."
                        .formatted(Numbers.counted(head.place(), "entry", "entries"))
                : "Places %s to %s are as they were sealed. The chain goes on to %s."
                        .formatted(Numbers.grouped(from), Numbers.grouped(to), Numbers.grouped(head.place()));
    }

    private static String broken(Broken broken) {
        var where = broken.place() == null ? "An entry" : "The entry at place " + Numbers.grouped(broken.place());
        return switch (broken.fault()) {
            case "CHANGED" -> where + " is not as it was sealed: somebody has changed it, or its place.";
            case "MISSING" -> where + " is not there any more.";
            case "INSERTED" -> where + " was not written by the platform.";
            case "REPLACED" -> where + " belongs to another chain than the one whose head was given.";
            default -> where + ": " + broken.fault();
        };
    }
}
