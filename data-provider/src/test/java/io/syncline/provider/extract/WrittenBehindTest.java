package io.syncline.provider.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WrittenBehindTest {

    @Test
    void allBytesArriveInTheirOrderBeforeCloseReturns() throws IOException {
        var bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        var arrived = new ByteArrayOutputStream();

        try (var out = new WrittenBehind(arrived)) {
            out.write(bytes[0]);
            for (int from = 1; from < bytes.length; from += 100_000) {
                out.write(bytes, from, Math.min(100_000, bytes.length - from));
            }
        }

        assertThat(arrived.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void nothingWrittenIsNothing() throws IOException {
        var arrived = new ByteArrayOutputStream();

        new WrittenBehind(arrived).close();

        assertThat(arrived.size()).isZero();
    }

    @Test
    void whatGoesWrongBehindIsThrownToTheWriter() {
        var full = new IOException("No space left on device");
        var disk = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw full;
            }
        };

        assertThatThrownBy(() -> {
                    try (var out = new WrittenBehind(disk)) {
                        for (int i = 0; i < 1_000; i++) {
                            out.write(new byte[64 * 1024]);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device")
                .hasCause(full);
        assertThatThrownBy(() -> {
                    try (var out = new WrittenBehind(disk)) {
                        out.write(1);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device")
                .hasCause(full);
    }

    @Test
    void aWriterThatIsInterruptedDoesNotWaitForADiskThatStands() throws InterruptedException {
        var stands = new CountDownLatch(1);
        var disk = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                try {
                    stands.await();
                } catch (InterruptedException stopped) {
                    throw new InterruptedIOException();
                }
            }
        };
        var seen = new Throwable[1];
        var writer = new Thread(() -> {
            try (var out = new WrittenBehind(disk)) {
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (IOException given) {
                seen[0] = given;
            }
        });
        writer.start();

        writer.interrupt();
        writer.join();

        assertThat(seen[0]).isInstanceOf(InterruptedIOException.class);
    }
}
