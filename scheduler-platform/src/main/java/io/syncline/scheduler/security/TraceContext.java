package io.syncline.scheduler.security;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The W3C trace of the request that this thread works for. */
public final class TraceContext {

    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;
    private static final int SPAN_BEGIN = 36;
    private static final int SPAN_END = 52;

    private TraceContext() {}

    /** The traceparent to hand on with calls made for this request. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The trace id within the current traceparent. */
    public static Optional<String> traceId() {
        return current().map(traceparent -> traceparent.substring(3, 35));
    }

    /** Does the work under a trace taken from elsewhere, such as a stored run's. */
    public static <T extends @Nullable Object> T call(@Nullable String traceparent, Supplier<T> work) {
        var before = CURRENT.get();
        set(traceparent);
        try {
            return work.get();
        } finally {
            set(before);
        }
    }

    /** A header's value, if it is valid; anybody's text may come in it. */
    public static Optional<String> accepted(@Nullable String header) {
        return Optional.ofNullable(header)
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> TRACEPARENT.matcher(text).matches());
    }

    /** The one given, or a new trace. */
    public static String orNew(@Nullable String traceparent) {
        return traceparent == null ? newTraceparent() : traceparent;
    }

    static String newTraceparent() {
        return "00-" + random(TRACE_BYTES) + "-" + random(SPAN_BYTES) + "-01";
    }

    /** The same trace and flags, under a span of its own. */
    static String childOf(String traceparent) {
        return accepted(traceparent)
                .map(parent -> parent.substring(0, SPAN_BEGIN) + random(SPAN_BYTES) + parent.substring(SPAN_END))
                .orElseGet(TraceContext::newTraceparent);
    }

    private static String random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        bytes[0] |= 1;
        return HexFormat.of().formatHex(bytes);
    }

    static void set(@Nullable String traceparent) {
        if (traceparent == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(traceparent);
        }
    }
}
