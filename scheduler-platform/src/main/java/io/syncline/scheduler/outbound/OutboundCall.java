package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Auth;
import java.time.Duration;
import java.util.Map;

/**
 * One request to one instance of a system.
 *
 * @param method POST with a JSON body, or GET without one
 * @param headers sent as they are, {@code traceparent} and {@code Idempotency-Key} among them; the authorization is added
 * @param callTimeout from the first byte sent to the end of the answer
 */
public record OutboundCall(
        String method,
        String system,
        String path,
        Auth auth,
        Map<String, String> headers,
        byte[] body,
        Duration callTimeout) {

    /** A POST. */
    public OutboundCall(
            String system, String path, Auth auth, Map<String, String> headers, byte[] body, Duration callTimeout) {
        this("POST", system, path, auth, headers, body, callTimeout);
    }

    public static OutboundCall get(
            String system, String path, Auth auth, Map<String, String> headers, Duration callTimeout) {
        return new OutboundCall("GET", system, path, auth, headers, new byte[0], callTimeout);
    }
}
