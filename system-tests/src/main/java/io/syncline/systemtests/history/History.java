package io.syncline.systemtests.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes the events of one run in memory and, line by line, in a file. */
public final class History implements AutoCloseable {

    private final long startedNanos = System.nanoTime();
    private final long startedMicros = micros(Instant.now());
    private final List<Event> events = new ArrayList<>();
    private final Writer file;

    public History(Path file) {
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a file that an earlier run has written, in its order; what a run that was ended left half written is an error. */
    public static List<Event> read(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.map(Event::of).toList();
        }
    }

    public static long micros(Instant at) {
        return at.getEpochSecond() * Event.SECOND + at.getNano() / 1000;
    }

    /** Never steps back, whatever becomes of the host's clock. */
    public long now() {
        return startedMicros + (System.nanoTime() - startedNanos) / 1000;
    }

    /** Writes down what happens now. */
    public Event add(String process, String kind, Object... fields) {
        return add(Event.of(process, now(), kind, fields));
    }

    public synchronized Event add(Event event) {
        events.add(event);
        try {
            file.write(event.line());
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return event;
    }

    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
