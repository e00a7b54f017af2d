package io.syncline.portal.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

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
        /** What was to be done or stored is not valid; {@link #problem()} names each fault. */
        REFUSED_FORM,
        /** It was valid, but things stand otherwise by now: another state, another version. */
        CONFLICT,
        /** There is no such thing, or none within reach. */
        UNKNOWN,
        /** An answer that the portal does not understand. */
        UNREADABLE
    }

    private final Kind kind;
    private final transient Problem problem;

    PlatformException(Kind kind, String message, Problem problem, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.problem = problem;
    }

    static PlatformException of(Kind kind, String message) {
        return new PlatformException(kind, message, Problem.NONE, null);
    }

    public Kind kind() {
        return kind;
    }

    /** What the platform said, empty when it said nothing. */
    public Problem problem() {
        return problem;
    }

    /** The platform's own trace id of the refusal, when it gave one. */
    public @Nullable String traceId() {
        return problem.traceId();
    }

    /** Whether the person can mend it in the form that was sent. */
    public boolean isAboutForm() {
        return kind == Kind.REFUSED_FORM || kind == Kind.CONFLICT;
    }

    /** Of the page on which the form comes back: 409 where things stand otherwise by now, else 422. */
    public HttpStatus formStatus() {
        return kind == Kind.CONFLICT ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
    }

    /** As {@link #getMessage()}, never null. */
    public String words() {
        var message = getMessage();
        return message == null ? kind.name() : message;
    }
}
