package io.syncline.scheduler.security;

import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** The web server's threads, of which each knows how long the request that it serves has waited for it. */
final class RequestThreads extends ThreadPoolExecutor {

    private static final ThreadLocal<@Nullable Long> WAITED = new ThreadLocal<>();

    private static final long IDLE_SECONDS = 60;

    private RequestThreads(int least, int most, TaskQueue queue, TaskThreadFactory threads) {
        super(least, most, IDLE_SECONDS, TimeUnit.SECONDS, queue, threads);
        queue.setParent(this);
    }

    /**
     * @param least that stay when nothing is to be done
     * @param most that there may be; more requests wait
     */
    static RequestThreads of(int least, int most) {
        return new RequestThreads(
                least, most, new TaskQueue(), new TaskThreadFactory("http-", true, Thread.NORM_PRIORITY));
    }

    @Override
    public void execute(Runnable work) {
        long sinceNanos = System.nanoTime();
        super.execute(() -> {
            WAITED.set(System.nanoTime() - sinceNanos);
            try {
                work.run();
            } finally {
                WAITED.remove();
            }
        });
    }

    /** How long this thread's request has waited, in nanoseconds; 0 once one was served in this go, and on other threads. */
    static long waitedNanos() {
        var waited = WAITED.get();
        return waited == null ? 0 : waited;
    }

    /** What comes behind this request on the same connection has not waited for a thread, as far as anybody knows. */
    static void served() {
        WAITED.remove();
    }
}
