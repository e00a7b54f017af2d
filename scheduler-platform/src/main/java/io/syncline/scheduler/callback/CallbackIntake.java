package io.syncline.scheduler.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.GroupCommit;
import io.syncline.tracing.TraceContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Takes callbacks and has them written by one thread, many to a commit when there are many. */
@Component
class CallbackIntake implements SmartLifecycle {

    private static final int BEFORE_WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final CallbackWriter writer;
    private final GroupCommit<ReceivedCallback> callbacks;

    CallbackIntake(
            Runs runs,
            Callbacks callbacks,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            CallbackProperties properties,
            MeterRegistry meters) {
        this.writer = new CallbackWriter(runs, callbacks, clock, transactions, meters);
        this.callbacks = new GroupCommit<>(
                "callbacks",
                new GroupCommit.Bounds(1, properties.batch(), properties.linger(), properties.waiting()),
                this::write);
    }

    /** The reply comes after the commit; null when too many are waiting. */
    @Nullable
    CompletableFuture<CallbackReply> accept(
            String taskRunId, Caller caller, ReportReader.Reading reading, String body) {
        var received = new ReceivedCallback(
                taskRunId, caller, reading, body, TraceContext.current().orElse(null), new CompletableFuture<>());
        return callbacks.offer(received) ? received.reply() : null;
    }

    private void write(List<ReceivedCallback> batch) {
        try {
            ConnectionPool.DISPATCH.run(() -> writer.write(batch));
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.reply().completeExceptionally(e));
            throw e;
        }
    }

    @Override
    public void start() {
        callbacks.start();
    }

    @Override
    public void stop() {
        callbacks.stop();
    }

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return BEFORE_WEB_SERVER;
    }

    @Override
    public boolean isRunning() {
        return callbacks.isRunning();
    }
}
