package io.syncline.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.security.Admission;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class EventStreamTest {

    private final Connection connection = new Connection();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final EventStream stream = new EventStream(
            new MockAsyncContext(new MockHttpServletRequest(), new MockHttpServletResponse()) {
                @Override
                public void complete() {
                    completed.incrementAndGet();
                }
            },
            connection,
            new Admission(Caller.machine("root", null, Set.of(Scope.RUNS_READ)), () -> true),
            listener -> left.incrementAndGet());

    @Test
    void whatWasToldBeforeTheConnectionIsReadyIsWrittenThen() throws IOException {
        stream.tell(bytes("one "));
        stream.tell(bytes("two "));
        assertThat(connection.written()).isEmpty();

        stream.onWritePossible();
        stream.tell(bytes("three"));

        assertThat(connection.written()).isEqualTo("one two three");
        assertThat(connection.flushes).isEqualTo(2);
    }

    @Test
    void aSlowListenerIsCutAndNothingElseWaitsForIt() throws IOException {
        connection.ready = false;
        stream.onWritePossible();

        for (int i = 0; i < EventStream.MOST_WAITING; i++) {
            stream.tell(bytes("event"));
        }
        assertThat(completed).hasValue(0);
        stream.tell(bytes("one too many"));

        assertThat(completed).hasValue(1);
        assertThat(left.get()).isPositive();
        assertThat(connection.written()).isEmpty();
    }

    @Test
    void aListenerThatHasGoneLeaves() throws IOException {
        stream.onWritePossible();
        connection.broken = true;

        stream.tell(bytes("event"));

        assertThat(completed).hasValue(1);
        assertThat(left.get()).isPositive();
    }

    @Test
    void anEndedStreamIsCompletedOnce() throws IOException {
        stream.onWritePossible();

        stream.end();
        stream.end();
        stream.tell(bytes("after the end"));

        assertThat(completed).hasValue(1);
        assertThat(connection.written()).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Connection extends ServletOutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean ready = true;
        private boolean broken;
        private int flushes;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int one) throws IOException {
            if (broken) {
                throw new IOException("gone");
            }
            taken.write(one);
        }

        @Override
        public void flush() {
            flushes++;
        }

        String written() {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }
}
