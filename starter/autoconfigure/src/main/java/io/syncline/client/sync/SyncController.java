package io.syncline.client.sync;

import io.syncline.client.problem.Problem;
import io.syncline.client.problem.Problem.FieldError;
import io.syncline.client.problem.ProblemException;
import io.syncline.tracing.RequestSpans;
import io.syncline.tracing.TraceContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Answers sync calls. The key alone identifies the work: a repeat gets its current status, whatever round, callback or
 * deadline it names, and only another task, business key, parameters or trigger under it are refused.
 */
class SyncController {

    private static final Logger LOG = LoggerFactory.getLogger(SyncController.class);
    private static final int MOST_BODY_BYTES = 1 << 20;

    private final SyncRequestReader reader;
    private final Works works;
    private final SyncExecutor executor;
    private final SyncTasks tasks;
    private final SyncProperties properties;
    private final WireJson json;

    SyncController(
            SyncRequestReader reader,
            Works works,
            SyncExecutor executor,
            SyncTasks tasks,
            SyncProperties properties,
            WireJson json) {
        this.reader = reader;
        this.works = works;
        this.executor = executor;
        this.tasks = tasks;
        this.properties = properties;
        this.json = json;
    }

    public ResponseEntity<byte[]> call(HttpServletRequest request) throws IOException {
        var body = body(request);
        var key = key(request);
        var read = reader.read(body);
        var repeated = works.repeat(key, read);
        var call = repeated.isPresent() ? repeated.get() : first(key, read, request);
        if (call instanceof Works.Call.First first) {
            executor.begin(first.work());
            return answer(first.work());
        }
        if (call instanceof Works.Call.Repeat repeat) {
            return answer(repeat.work());
        }
        throw new ProblemException(Problem.of(
                422,
                "idempotency-key-reused",
                "The key belongs to other work",
                "Task, business key, parameters or trigger differ from the first call of this Idempotency-Key."));
    }

    public ResponseEntity<byte[]> cancel(HttpServletRequest request) throws Exception {
        body(request);
        var key = key(request);
        var found = works.cancel(key, "cancelled by the platform");
        if (found.isEmpty()) {
            throw new ProblemException(
                    Problem.of(404, "unknown-work", "There is no such work", "No sync call came with this key."));
        }
        executor.stopHandler(key);
        tell(found.get(), path(request));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"cancelled\": true}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void tell(StoredWork work, String path) throws Exception {
        var handler = tasks.findCancel(path);
        if (handler.isPresent()) {
            LOG.info(
                    "Work {} of task {} is cancelled",
                    work.key(),
                    work.request().task());
            var variables = tasks.variables(handler.get(), path);
            handler.get().cancel(new RunningWork(work, variables, works, 0));
        }
    }

    private Works.Call first(String key, SyncRequestReader.Read read, HttpServletRequest request) {
        if (!executor.takeRoom()) {
            throw new ProblemException(Problem.of(
                            503,
                            "too-much-work",
                            "There is no room for more work",
                            "Nothing was stored; send the same call again.")
                    .retryAfter(2));
        }
        boolean begins = false;
        try {
            var call = works.accept(key, read, path(request), trace(request), executor.owner(), properties.lease());
            begins = call instanceof Works.Call.First;
            return call;
        } finally {
            if (!begins) {
                executor.giveUpRoom();
            }
        }
    }

    private ResponseEntity<byte[]> answer(StoredWork work) {
        boolean ended = work.report().status().isTerminal();
        return ResponseEntity.status(ended ? 200 : 202)
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.write(work.report()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        var body = request.getInputStream().readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            throw new ProblemException(
                    Problem.of(413, "body-too-large", "The body is too large", "Send at most 1 MiB."));
        }
        return body;
    }

    private static String key(HttpServletRequest request) {
        return IdempotencyKey.parse(request.getHeader(IdempotencyKey.HEADER))
                .orElseThrow(() -> new ProblemException(Problem.of(
                                400,
                                "idempotency-key-missing",
                                "The Idempotency-Key cannot be read",
                                "Send the header Idempotency-Key with a quoted string of 1 to 200 characters.")
                        .withErrors(List.of(
                                new FieldError(null, IdempotencyKey.HEADER, "must be a quoted string", "required")))));
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static @Nullable String trace(HttpServletRequest request) {
        return TraceContext.current().or(() -> RequestSpans.caller(request)).orElse(null);
    }
}
