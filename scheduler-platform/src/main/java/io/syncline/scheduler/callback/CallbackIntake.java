package io.syncline.scheduler.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.tracing.TraceContext;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Takes callbacks and has them written by one thread, many to a commit when there are many. */
@Component
class CallbackIntake implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackIntake.class);
    private static final int BUSY = 4;
    private static final int BEFORE_WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final CallbackWriter callbacks;
    private final CallbackProperties properties;
    private final BlockingQueue<ReceivedCallback> queue;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean running;
    private @Nullable Thread writer;

    CallbackIntake(
            Runs runs,
            Callbacks callbacks,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            CallbackProperties properties,
            MeterRegistry meters) {
        this.callbacks = new CallbackWriter(runs, callbacks, clock, transactions, meters);
        this.properties = properties;
        this.queue = new ArrayBlockingQueue<>(properties.waiting());
    }

    /** The reply comes after the commit; null when too many are waiting. */
    @Nullable
    CompletableFuture<CallbackReply> accept(
            String taskRunId, Caller caller, ReportReader.Reading reading, String body) {
        var received = new ReceivedCallback(
                taskRunId, caller, reading, body, TraceContext.current().orElse(null), new CompletableFuture<>());
        if (!running || !queue.offer(received)) {
            return null;
        }
        waiting.incrementAndGet();
        return received.reply();
    }

    @Override
    public void start() {
        running = true;
        var thread = new Thread(this::writeAll, "callbacks");
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    private void writeAll() {
        while (running || !queue.isEmpty()) {
            try {
                writeNext();
            } catch (InterruptedException e) {
                LOG.debug("interrupted, {} callbacks left", queue.size());
            } catch (RuntimeException | Error e) {
                // Errors too: without this thread no callback would ever be stored.
                LOG.error("callbacks were not stored; their senders are told to come back", e);
            }
        }
    }

    private void writeNext() throws InterruptedException {
        var first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        if (waiting.get() > BUSY) {
            LockSupport.parkNanos(properties.linger().toNanos());
        }
        var batch = new ArrayList<ReceivedCallback>();
        batch.add(first);
        queue.drainTo(batch, properties.batch() - 1);
        try {
            ConnectionPool.DISPATCH.run(() -> callbacks.write(batch));
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.reply().completeExceptionally(e));
            throw e;
        } finally {
            waiting.addAndGet(-batch.size());
        }
    }

    @Override
    public void stop() {
        running = false;
        var thread = writer;
        if (thread != null) {
            try {
                thread.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return BEFORE_WEB_SERVER;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
