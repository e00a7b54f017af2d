package io.syncline.tracing;

import org.jspecify.annotations.Nullable;

/** Makes the spans of a W3C trace. What one is called on the wire is its {@code traceparent}, exported or not. */
public interface Spans {

    /** Gives every span an id of its own and tells nobody. */
    Spans UNTOLD = (kind, name, parent) ->
            new IdsAlone(parent == null ? TraceContext.newTraceparent() : TraceContext.childOf(parent));

    /** Makes no span of a trace that comes from elsewhere: it is passed on as it came. */
    Spans PASSED_ON = (kind, name, parent) -> new IdsAlone(parent == null ? TraceContext.newTraceparent() : parent);

    enum Kind {
        /** A request that was answered here. */
        SERVER,
        /** A call that was made from here. */
        CLIENT,
        /** Work that began by itself. */
        INTERNAL
    }

    /**
     * Begins a span now.
     *
     * @param parent a valid trace, with its tracestate; null: a trace begins here
     */
    Span begin(Kind kind, String name, @Nullable String parent);

    /** To be ended once, on whatever thread. */
    interface Span {

        /** For the calls that are made within it; the parent's tracestate stays behind it. */
        String traceparent();

        /** Whether anybody will see it; otherwise its attributes need not be worked out. */
        boolean told();

        Span named(String better);

        /** An attribute; null is left out. */
        Span with(String key, @Nullable Object value);

        /** @param failure what went wrong, in few words; null: nothing did */
        void end(@Nullable String failure);
    }
}
