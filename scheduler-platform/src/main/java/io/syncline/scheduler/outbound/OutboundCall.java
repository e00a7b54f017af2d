package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Auth;
import java.time.Duration;
import java.util.Map;

/**
 * One POST of a JSON body to one instance of a system.
 *
 * @param headers sent as they are, {@code traceparent} and {@code Idempotency-Key} among them; the authorization is added
 * @param callTimeout from the first byte sent to the end of the answer
 */
public record OutboundCall(
        String system, String path, Auth auth, Map<String, String> headers, byte[] body, Duration callTimeout) {}
