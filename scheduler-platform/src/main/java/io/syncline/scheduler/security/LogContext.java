package io.syncline.scheduler.security;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the lines that this thread logs are about: run, task run, task, attempt, group, system, trace. Closed, it leaves the
 * thread as it was found.
 *
 * <pre>{@code
 * LogContext.of().run(runId).task("plans").during(() -> ...);
 * }</pre>
 */
public final class LogContext implements AutoCloseable {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,80}");
    private static final int TRACE_ID_BEGIN = 3;
    private static final int TRACE_ID_END = 35;

    private final Map<String, Optional<String>> before = new HashMap<>();

    private LogContext() {}

    public static LogContext of() {
        return new LogContext();
    }

    public LogContext run(@Nullable String runId) {
        return put("run", runId);
    }

    public LogContext taskRun(@Nullable String taskRunId) {
        return put("taskRun", taskRunId);
    }

    public LogContext task(@Nullable String key) {
        return put("task", key);
    }

    public LogContext attempt(int number) {
        return put("attempt", Integer.toString(number));
    }

    public LogContext group(@Nullable String key) {
        return put("group", key);
    }

    public LogContext system(@Nullable String key) {
        return put("system", key);
    }

    public LogContext trace(@Nullable String traceparent) {
        return put(
                "traceId",
                traceparent == null || traceparent.length() < TRACE_ID_END
                        ? null
                        : traceparent.substring(TRACE_ID_BEGIN, TRACE_ID_END));
    }

    /** What is not known is left as it is; what could be anybody's text is not let into a line. */
    private LogContext put(String key, @Nullable String value) {
        if (value != null) {
            before.putIfAbsent(key, Optional.ofNullable(MDC.get(key)));
            MDC.put(key, PLAIN.matcher(value).matches() ? value : "?");
        }
        return this;
    }

    /** Does the work under this context, on this thread. */
    public void during(Runnable work) {
        try {
            work.run();
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        before.forEach((key, value) -> value.ifPresentOrElse(text -> MDC.put(key, text), () -> MDC.remove(key)));
        before.clear();
    }

    /** An executor whose work is logged under what its giver was about. */
    public static Executor carriedBy(Executor executor) {
        return work -> {
            var about = MDC.getCopyOfContextMap();
            executor.execute(() -> {
                var own = MDC.getCopyOfContextMap();
                set(about);
                try {
                    work.run();
                } finally {
                    set(own);
                }
            });
        };
    }

    private static void set(@Nullable Map<String, String> context) {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }
}
