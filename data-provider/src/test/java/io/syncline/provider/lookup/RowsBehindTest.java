package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowsBehindTest {

    private static final int MANY = 20 * RowsBehind.LOT + 1;

    private final Written written = new Written();

    @Test
    void manyRowsAreWrittenInTheirOrderByAnotherThread() throws IOException {
        try (var behind = new RowsBehind(written, inAMinute())) {
            for (int i = 0; i < MANY; i++) {
                behind.row(row(i));
            }
            behind.end();

            assertThat(written.rows).isEqualTo(numbers(MANY));
        }
        assertThat(written.threads).doesNotContain(Thread.currentThread()).allMatch(thread -> !thread.isAlive());
    }

    @Test
    void aFewAreWrittenByWhoeverReadsThem() throws IOException {
        try (var behind = new RowsBehind(written, inAMinute())) {
            for (int i = 0; i < RowsBehind.LOT; i++) {
                behind.row(row(i));
            }
            behind.end();
        }

        assertThat(written.rows).isEqualTo(numbers(RowsBehind.LOT));
        assertThat(written.threads).containsExactly(Thread.currentThread());
    }

    @Test
    void whoeverReadsHearsThatTheCallerHasGoneAndNoMoreIsWritten() throws IOException {
        written.goneAfter = 2 * RowsBehind.LOT;
        try (var behind = new RowsBehind(written, inAMinute())) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MANY; i++) {
                            behind.row(row(i));
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone");
            assertThatThrownBy(behind::end).isInstanceOf(IOException.class).hasMessage("gone");
        }

        assertThat(written.rows).hasSize(2 * RowsBehind.LOT);
    }

    @Test
    void whoeverReadsHearsAtTheEndOfWhatWentWrongWithTheLastRows() throws IOException {
        written.goneAfter = RowsBehind.LOT;
        try (var behind = new RowsBehind(written, inAMinute())) {
            for (int i = 0; i <= RowsBehind.LOT; i++) {
                behind.row(row(i));
            }

            assertThatThrownBy(behind::end).isInstanceOf(IOException.class).hasMessage("gone");
        }
    }

    @Test
    void nothingIsWrittenOnceItIsGivenUp() throws IOException {
        try (var behind = new RowsBehind(written, inAMinute())) {
            for (int i = 0; i < MANY; i++) {
                behind.row(row(i));
            }
        }
        int then = written.rows.size();

        assertThat(written.threads).allMatch(thread -> !thread.isAlive());
        assertThat(then).isLessThan(MANY);
        assertThat(written.rows).isEqualTo(numbers(then));
    }

    @Test
    void aCallerWhoTakesNothingIsWaitedForUntilTheDeadline() throws IOException {
        var callerReads = new CountDownLatch(1);
        written.before = callerReads;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        try (var behind = new RowsBehind(written, deadline)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MANY; i++) {
                            behind.row(row(i));
                        }
                    })
                    .isInstanceOf(SlowCallerException.class);
            assertThat(System.nanoTime() - deadline).isPositive();
            callerReads.countDown();
        }
    }

    private static long inAMinute() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    private static @Nullable String[] row(int number) {
        return new String[] {String.valueOf(number)};
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    /** Remembers what it is to write, until its caller has gone. */
    private static final class Written implements Answer {

        private final List<String> rows = Collections.synchronizedList(new ArrayList<>());
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private volatile int goneAfter = Integer.MAX_VALUE;
        private volatile @Nullable CountDownLatch before;

        @Override
        public void row(@Nullable String[] cells) throws IOException {
            var gate = before;
            if (gate != null) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (rows.size() == goneAfter) {
                throw new IOException("gone");
            }
            threads.add(Thread.currentThread());
            rows.add(String.valueOf(cells[0]));
        }

        @Override
        public void notFound(String id) {
            throw new IllegalStateException("no row");
        }

        @Override
        public void end(long count, long notFound) {
            throw new IllegalStateException("no row");
        }
    }
}
