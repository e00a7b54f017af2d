package io.syncline.portal.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One browser's stream: takes the next piece from the platform when the browser has taken the one before, so nothing piles up
 * here. It ends with either side; no thread waits for it.
 */
final class LiveStream implements Flow.Subscriber<List<ByteBuffer>>, WriteListener, AsyncListener {

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Consumer<LiveStream> left;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean completed = new AtomicBoolean();
    private volatile Flow.@Nullable Subscription upstream;
    private volatile byte @Nullable [] piece;
    private volatile boolean open;
    private volatile boolean ending;
    private boolean unflushed;

    /** @param left is told once it has ended */
    LiveStream(AsyncContext context, ServletOutputStream out, Consumer<LiveStream> left) {
        this.context = context;
        this.out = out;
        this.left = left;
    }

    void begin(Flow.Publisher<List<ByteBuffer>> events) {
        context.addListener(this);
        out.setWriteListener(this);
        events.subscribe(this);
    }

    void end() {
        ending = true;
        var subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
        left.accept(this);
        write();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        if (ending) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        var length = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        var bytes = ByteBuffer.allocate(length);
        buffers.forEach(bytes::put);
        piece = bytes.array();
        write();
    }

    @Override
    public void onError(Throwable cut) {
        end();
    }

    @Override
    public void onComplete() {
        end();
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
            var next = piece;
            if (next != null) {
                piece = null;
                out.write(next);
                unflushed = true;
            } else if (unflushed) {
                unflushed = false;
                out.flush();
                var subscription = upstream;
                if (subscription != null) {
                    subscription.request(1);
                }
            } else {
                return;
            }
        }
    }

    private void over() {
        ending = true;
        var subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
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
    public void onComplete(AsyncEvent event) {
        completed.set(true);
        over();
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
