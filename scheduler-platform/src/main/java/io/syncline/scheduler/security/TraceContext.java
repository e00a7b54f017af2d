package io.syncline.scheduler.security;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The W3C trace of the request that this thread works for. */
public final class TraceContext {

    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

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

    static void set(@Nullable String traceparent) {
        if (traceparent == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(traceparent);
        }
    }
}
