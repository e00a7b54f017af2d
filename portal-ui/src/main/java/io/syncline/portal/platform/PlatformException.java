package io.syncline.portal.platform;

import org.jspecify.annotations.Nullable;

/** The platform gave no usable answer; says which kind of trouble it is and, in words for the operator, what was seen. */
public final class PlatformException extends RuntimeException {

    /** Who can do something about it. */
    public enum Kind {
        /** No answer, or one that asks to come again later. */
        UNAVAILABLE,
        /** The portal's own client is unknown, is not the one that may sign people in, or is not set. */
        NOT_CONNECTED,
        /** The roles of the person do not allow it. */
        FORBIDDEN,
        /** What was asked for is malformed: a filter, a cursor. */
        REFUSED_QUESTION,
        /** No such run. */
        UNKNOWN,
        /** An answer that the portal does not understand. */
        UNREADABLE
    }

    private final Kind kind;
    private final @Nullable String traceId;

    PlatformException(Kind kind, String message, @Nullable String traceId, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.traceId = traceId;
    }

    static PlatformException of(Kind kind, String message) {
        return new PlatformException(kind, message, null, null);
    }

    public Kind kind() {
        return kind;
    }

    /** The platform's own trace id of the refusal, when it gave one. */
    public @Nullable String traceId() {
        return traceId;
    }

    /** As {@link #getMessage()}, never null. */
    public String words() {
        var message = getMessage();
        return message == null ? kind.name() : message;
    }
}
