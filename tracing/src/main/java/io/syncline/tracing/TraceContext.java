package io.syncline.tracing;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace of the request that this thread works for. Inside a service and in its tables a trace is one text: its
 * {@code traceparent}, and behind a blank the {@code tracestate} that came with it, if any.
 */
public final class TraceContext {

    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern TRACESTATE_MEMBER =
            Pattern.compile("([a-z0-9][a-z0-9_*/@-]{0,255})=[\\x20-\\x7e&&[^,=]]{0,255}[\\x21-\\x7e&&[^,=]]");
    private static final int LONGEST_TRACESTATE = 512;
    private static final int MOST_TRACESTATE_MEMBERS = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;
    private static final int SPAN_BEGIN = 36;
    private static final int SPAN_END = 52;
    private static final String STATE_BEHIND = " ";

    private TraceContext() {}

    /** The trace to hand on with calls made for this request. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The trace id within the current traceparent. */
    public static Optional<String> traceId() {
        return current().map(traceparent -> traceparent.substring(3, 35));
    }

    /** The trace id within a valid traceparent; null without one. */
    public static @Nullable String traceIdOf(@Nullable String traceparent) {
        return traceparent == null ? null : traceparent.substring(3, 35);
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

    /**
     * The trace of two headers, if the first is valid; a second that is not valid, or too long, is left out.
     *
     * @param tracestate as often as it was sent
     */
    public static Optional<String> accepted(@Nullable String traceparent, Collection<String> tracestate) {
        return accepted(traceparent)
                .map(parent -> validState(tracestate)
                        .map(state -> parent + STATE_BEHIND + state)
                        .orElse(parent));
    }

    private static Optional<String> validState(Collection<String> headers) {
        var whole = String.join(",", headers).strip();
        if (whole.isEmpty() || whole.length() > LONGEST_TRACESTATE) {
            return Optional.empty();
        }
        var keys = new HashSet<String>();
        for (String member : whole.split(",", -1)) {
            var found = TRACESTATE_MEMBER.matcher(trimmed(member));
            if (!trimmed(member).isEmpty() && !(found.matches() && keys.add(found.group(1)))) {
                return Optional.empty();
            }
        }
        return keys.isEmpty() || keys.size() > MOST_TRACESTATE_MEMBERS ? Optional.empty() : Optional.of(whole);
    }

    /** Blanks and tabs around a member are allowed, and no others. */
    private static String trimmed(String member) {
        return member.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    /** What a call says of its trace; the tracestate is passed on as it came. */
    public static Map<String, String> headers(@Nullable String trace) {
        if (trace == null) {
            return Map.of();
        }
        var state = stateBehind(trace);
        return state.isEmpty()
                ? Map.of("traceparent", trace)
                : Map.of("traceparent", traceparent(trace), "tracestate", state.substring(STATE_BEHIND.length()));
    }

    /** The trace without its tracestate. */
    public static String traceparent(String trace) {
        var end = trace.indexOf(STATE_BEHIND);
        return end < 0 ? trace : trace.substring(0, end);
    }

    /** The rest of the trace, for another traceparent. */
    public static String stateBehind(@Nullable String trace) {
        return trace == null ? "" : trace.substring(traceparent(trace).length());
    }

    /** The members of its tracestate, in their order. */
    static List<Map.Entry<String, String>> members(@Nullable String trace) {
        return Arrays.stream(stateBehind(trace).split(","))
                .map(TraceContext::trimmed)
                .filter(member -> member.indexOf('=') > 0)
                .map(member ->
                        Map.entry(member.substring(0, member.indexOf('=')), member.substring(member.indexOf('=') + 1)))
                .toList();
    }

    /** The headers that a message was kept with, as a trace. */
    public static Optional<String> of(Map<String, String> headers) {
        var state = headers.get("tracestate");
        return accepted(headers.get("traceparent"), state == null ? List.of() : List.of(state));
    }

    /** The one given, or a new trace. */
    public static String orNew(@Nullable String traceparent) {
        return traceparent == null ? newTraceparent() : traceparent;
    }

    public static String newTraceparent() {
        return "00-" + random(TRACE_BYTES) + "-" + random(SPAN_BYTES) + "-01";
    }

    /** The same trace and flags, under a span of its own. */
    static String childOf(String trace) {
        return accepted(traceparent(trace))
                .map(parent -> parent.substring(0, SPAN_BEGIN)
                        + random(SPAN_BYTES)
                        + parent.substring(SPAN_END)
                        + stateBehind(trace))
                .orElseGet(TraceContext::newTraceparent);
    }

    private static String random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        bytes[0] |= 1;
        return HexFormat.of().formatHex(bytes);
    }

    /** For the outermost filter alone, which takes it back in the end: null. */
    public static void set(@Nullable String traceparent) {
        if (traceparent == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(traceparent);
        }
    }
}
