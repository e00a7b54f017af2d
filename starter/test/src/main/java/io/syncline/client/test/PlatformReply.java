package io.syncline.client.test;

import java.util.Map;

/**
 * What the fake platform says to a callback or a trigger message.
 *
 * @param status 0: the request is read and the connection closed without an answer
 */
public record PlatformReply(int status, Map<String, String> headers, String body) {

    /** The callback is taken. */
    public static PlatformReply applied() {
        return new PlatformReply(200, Map.of(), "{\"applied\": true, \"state\": \"RUNNING\"}");
    }

    /** The request is read, but no answer comes back. */
    public static PlatformReply lost() {
        return new PlatformReply(0, Map.of(), "");
    }

    public static PlatformReply status(int status) {
        return new PlatformReply(status, Map.of(), "{\"type\": \"about:blank\", \"status\": " + status + "}");
    }

    public static PlatformReply busy(int retryAfterSeconds) {
        return new PlatformReply(503, Map.of("Retry-After", Integer.toString(retryAfterSeconds)), "{}");
    }
}
