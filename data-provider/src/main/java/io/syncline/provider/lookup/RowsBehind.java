package io.syncline.provider.lookup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of an answer on a thread of its own, so that the next ones are read meanwhile; never more than a few lots
 * behind. A look-up that finds no more than one lot has no such thread. What goes wrong there is thrown by a later row, or
 * by {@link #end} at the latest.
 */
final class RowsBehind implements AutoCloseable {

    /** Rows that are handed over at once; as many lots as {@link #LOTS} and two more may be in memory. */
    static final int LOT = 250;

    private static final int LOTS = 2;
    private static final long LOOK_MILLIS = 100;
    private static final List<@Nullable String[]> END = List.of();

    private final Answer answer;
    private final long deadline;
    private final BlockingQueue<List<@Nullable String[]>> waiting = new ArrayBlockingQueue<>(LOTS);
    private List<@Nullable String[]> lot = new ArrayList<>(LOT);
    private @Nullable Thread writer;
    private volatile boolean givenUp;
    private volatile @Nullable Throwable failure;

    /** @param deadline of the whole answer, by {@link System#nanoTime} */
    RowsBehind(Answer answer, long deadline) {
        this.answer = answer;
        this.deadline = deadline;
    }

    /** @throws SlowCallerException when the caller does not take its answer in time */
    void row(@Nullable String[] cells) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new SlowCallerException();
        }
        if (lot.size() == LOT) {
            if (writer == null) {
                writer = new Thread(this::write, "lookup-writer");
                writer.setDaemon(true);
                writer.start();
            }
            pass(lot);
            lot = new ArrayList<>(LOT);
        }
        lot.add(cells);
    }

    /** Returns when all rows are written. */
    void end() throws IOException {
        if (writer == null) {
            writeLot(lot);
            return;
        }
        if (!lot.isEmpty()) {
            pass(lot);
        }
        pass(END);
        join(writer);
        throwFailure();
    }

    /** Whatever was not written is not written any more; the answer is the caller's own again. */
    @Override
    public void close() throws IOException {
        if (writer == null) {
            return;
        }
        givenUp = true;
        waiting.clear();
        // There is room, since nobody else puts anything there.
        waiting.add(END);
        join(writer);
    }

    private void write() {
        try {
            for (var next = waiting.take(); next != END; next = waiting.take()) {
                writeLot(next);
            }
        } catch (InterruptedException | IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void writeLot(List<@Nullable String[]> rows) throws IOException {
        for (var cells : rows) {
            if (givenUp) {
                return;
            }
            answer.row(cells);
        }
    }

    private void pass(List<@Nullable String[]> rows) throws IOException {
        try {
            do {
                throwFailure();
                if (System.nanoTime() - deadline > 0) {
                    throw new SlowCallerException();
                }
            } while (!waiting.offer(rows, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up");
        }
    }

    private void throwFailure() throws IOException {
        var cause = failure;
        if (cause instanceof IOException gone) {
            throw gone;
        }
        if (cause != null) {
            throw new IllegalStateException("A row could not be written", cause);
        }
    }

    /** Does not return before it has ended: the answer belongs to the request, which ends with its thread. */
    private static void join(Thread writer) {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
