package io.syncline.scheduler.testing;

import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.Mapping;
import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.catalog.ReconciliationRule;
import io.syncline.scheduler.catalog.RetryPolicy;
import io.syncline.scheduler.catalog.TaskDefinition;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One task of a group, with plain settings unless said otherwise. */
public final class TaskFixture {

    /** The system of every task that names none. */
    public static final String DOWNSTREAM = "downstream";

    private final String key;
    private final Mode mode;
    private String system = DOWNSTREAM;
    private @Nullable String cancelPath;
    private Map<String, Object> parameters = Map.of();
    private Duration interval = Duration.ofSeconds(30);
    private Duration callTimeout = Duration.ofSeconds(10);
    private Duration overdueAfter = Duration.ofHours(2);
    private Duration answerWithin = Duration.ofMinutes(5);
    private Duration silentAfter = Duration.ofMinutes(30);
    private Duration timeout = Duration.ofHours(6);
    private RetryPolicy retry = new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofMinutes(5));
    private ReconciliationRule reconciliation = new ReconciliationRule(false, 0);

    private @Nullable Mapping request;
    private @Nullable Mapping reply;

    private TaskFixture(String key, Mode mode) {
        this.key = key;
        this.mode = mode;
    }

    public static TaskFixture aSyncTask(String key) {
        return new TaskFixture(key, Mode.SYNC);
    }

    public static TaskFixture anAsyncTask(String key) {
        return new TaskFixture(key, Mode.ASYNC);
    }

    public TaskFixture on(String systemKey) {
        system = systemKey;
        return this;
    }

    public TaskFixture cancelledAt(String path) {
        cancelPath = path;
        return this;
    }

    public TaskFixture with(Map<String, Object> values) {
        parameters = values;
        return this;
    }

    public TaskFixture every(Duration time) {
        interval = time;
        return this;
    }

    public TaskFixture callTimeout(Duration time) {
        callTimeout = time;
        return this;
    }

    public TaskFixture overdueAfter(Duration time) {
        overdueAfter = time;
        return this;
    }

    public TaskFixture answerWithin(Duration time) {
        answerWithin = time;
        return this;
    }

    public TaskFixture silentAfter(Duration time) {
        silentAfter = time;
        return this;
    }

    public TaskFixture timeout(Duration time) {
        timeout = time;
        return this;
    }

    public TaskFixture retry(int maxAttempts, Duration backoff, Duration maxBackoff) {
        retry = new RetryPolicy(maxAttempts, backoff, maxBackoff);
        return this;
    }

    public TaskFixture needsReconciliation() {
        reconciliation = new ReconciliationRule(true, reconciliation.toleranceRows());
        return this;
    }

    public TaskFixture tolerating(long rows) {
        reconciliation = new ReconciliationRule(reconciliation.required(), rows);
        return this;
    }

    public TaskFixture requesting(String expression) {
        request = new Mapping(expression);
        return this;
    }

    public TaskFixture replying(String expression) {
        reply = new Mapping(expression);
        return this;
    }

    public TaskDefinition build() {
        return new TaskDefinition(
                key,
                mode,
                system,
                "/sync/" + key,
                cancelPath,
                parameters,
                Auth.NONE,
                interval,
                callTimeout,
                answerWithin,
                silentAfter,
                overdueAfter,
                timeout,
                retry,
                reconciliation,
                request,
                reply);
    }
}
