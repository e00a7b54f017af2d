package io.syncline.scheduler.live;

import io.syncline.scheduler.security.Admission;
import io.syncline.scheduler.security.Labels;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A listener over HTTP. No thread waits for it: it writes when the connection takes something, and holds {@value #MOST_WAITING}
 * pieces at most for one that does not.
 */
final class EventStream implements Listener, WriteListener, AsyncListener {

    static final int MOST_WAITING = 64;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Admission admission;
    private final Consumer<Listener> left;
    private final LinkedBlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean completed = new AtomicBoolean();
    private boolean unflushed;
    private volatile boolean open;
    private volatile boolean ending;

    /** @param left is told when this one listens no more */
    EventStream(AsyncContext context, ServletOutputStream out, Admission admission, Consumer<Listener> left) {
        this.context = context;
        this.out = out;
        this.admission = admission;
        this.left = left;
    }

    void begin() {
        context.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public Labels labels() {
        return admission.caller().labels();
    }

    @Override
    public boolean stands() {
        return admission.stands();
    }

    @Override
    public void tell(byte[] frames) {
        if (!ending && !waiting.offer(frames)) {
            end();
        }
        write();
    }

    @Override
    public void end() {
        ending = true;
        left.accept(this);
        write();
    }

    @Override
    public void onWritePossible() {
        open = true;
        write();
    }

    /** Whoever comes while another thread writes leaves it the work: locks of the container are never waited for here. */
    private void write() {
        if (!open || asked.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                writeWhatIsTaken();
            } catch (IOException | IllegalStateException gone) {
                over();
            }
            seen = asked.addAndGet(-seen);
        } while (seen != 0);
    }

    private void writeWhatIsTaken() throws IOException {
        while (!completed.get()) {
            if (ending) {
                complete();
                return;
            }
            if (!out.isReady()) {
                return;
            }
            var next = waiting.poll();
            if (next != null) {
                out.write(next);
                unflushed = true;
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                return;
            }
        }
    }

    private void over() {
        ending = true;
        left.accept(this);
        complete();
    }

    private void complete() {
        if (completed.compareAndSet(false, true)) {
            try {
                context.complete();
            } catch (IllegalStateException already) {
                // The container has ended it.
            }
        }
    }

    @Override
    public void onError(Throwable gone) {
        over();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        completed.set(true);
        ending = true;
        left.accept(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        over();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
