package io.syncline.scheduler.outbound;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came back from a call. */
public sealed interface Reply {

    /** The base URL of the instance that was called; null when the call never got as far as choosing one. */
    @Nullable
    String instance();

    Duration took();

    /** What went out last; null when nothing did. */
    @Nullable
    Sent sent();

    /** What was sent and what came, as JSON without secrets; null when nothing was sent. */
    default @Nullable String transcript() {
        var request = sent();
        if (request == null) {
            return null;
        }
        return this instanceof Answer answer
                ? request.transcript(answer.headers(), answer.body())
                : request.transcript(null, null);
    }

    /**
     * A complete answer, whatever its status.
     *
     * @param headers by lower-case name; a repeated header's values are joined by a comma
     */
    record Answer(
            int status,
            Map<String, String> headers,
            byte[] body,
            String instance,
            Duration took,
            @Nullable Sent sent) implements Reply {

        public Answer(int status, Map<String, String> headers, byte[] body, String instance, Duration took) {
            this(status, headers, body, instance, took, null);
        }
    }

    /**
     * No complete answer: whether the downstream has done the work is unknown.
     *
     * @param cause one line for an operator; never holds any of the answer's content
     */
    record NoAnswer(
            String cause,
            @Nullable String instance,
            Duration took,
            @Nullable Sent sent) implements Reply {

        public NoAnswer(String cause, @Nullable String instance, Duration took) {
            this(cause, instance, took, null);
        }
    }
}
