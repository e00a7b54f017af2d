package io.syncline.scheduler.callback;

import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.security.Caller;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A callback waiting for its commit, as it came in; the body is already read, but not yet allowed to matter. */
record ReceivedCallback(
        String taskRunId,
        Caller caller,
        ReportReader.Reading reading,
        String body,
        @Nullable String traceparent,
        CompletableFuture<CallbackReply> reply) {}
