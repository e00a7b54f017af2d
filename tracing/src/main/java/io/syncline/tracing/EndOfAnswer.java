package io.syncline.tracing;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something once when an answer that another thread gives is complete, whatever way. */
final class EndOfAnswer implements AsyncListener {

    private final AtomicBoolean done = new AtomicBoolean();
    private final Runnable work;

    EndOfAnswer(Runnable work) {
        this.work = work;
    }

    private void once() {
        if (done.compareAndSet(false, true)) {
            work.run();
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        once();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
