package io.syncline.provider.dataset;

import org.jspecify.annotations.Nullable;

/** Conditional requests (RFC 9110). */
public final class ETags {

    private ETags() {}

    public static String strong(String opaque) {
        return '"' + opaque + '"';
    }

    /** {@code If-None-Match}: weak comparison. */
    public static boolean noneMatchFails(@Nullable String header, String etag) {
        return header != null && lists(header, etag, true);
    }

    /** {@code If-Match}: strong comparison. */
    public static boolean matchFails(@Nullable String header, String etag) {
        return header != null && !lists(header, etag, false);
    }

    private static boolean lists(String header, String etag, boolean weak) {
        if (header.strip().equals("*")) {
            return true;
        }
        for (var one : header.split(",")) {
            var candidate = one.strip();
            if (weak && candidate.startsWith("W/")) {
                candidate = candidate.substring(2);
            }
            if (candidate.equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
