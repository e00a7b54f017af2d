package io.syncline.scheduler.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where mappings are evaluated: a slow one takes neither the thread that makes the rounds nor those that read answers. What
 * waits here is bounded by the slots of the systems.
 */
final class MappingThreads {

    private static final int THREADS = 2;

    private final ThreadPoolExecutor threads;

    MappingThreads() {
        threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "mappings");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    <T> CompletableFuture<T> evaluate(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    void execute(Runnable work) {
        threads.execute(work);
    }
}
