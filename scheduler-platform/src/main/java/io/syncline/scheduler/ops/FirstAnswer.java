package io.syncline.scheduler.ops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call made under a key, and its answer once there is one.
 *
 * @param fingerprint of query and body
 * @param status null while the call is being answered
 * @param contentType of the answer; null when it has no body
 * @param location of the answer, when it names one
 */
record FirstAnswer(
        String callHash,
        String fingerprint,
        Instant begunAt,
        @Nullable Integer status,
        @Nullable String contentType,
        @Nullable String location,
        @Nullable String body) {}
