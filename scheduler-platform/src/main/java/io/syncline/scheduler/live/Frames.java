package io.syncline.scheduler.live;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream's own words (text/event-stream). The id of an event is a position in time: everything that was told up to it had
 * been seen by then. Of several events only the last one bears it, so that who is cut in between gets all of them again.
 */
final class Frames {

    /** How long a browser waits before it connects again. */
    private static final int RETRY_MILLIS = 3000;

    private Frames() {}

    static byte[] opening() {
        return bytes("retry: " + RETRY_MILLIS + "\n\n");
    }

    static byte[] changes(List<Change> changes, Instant position) {
        var text = new StringBuilder();
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            text.append("event: change\n");
            if (i == changes.size() - 1) {
                text.append("id: ").append(id(position)).append('\n');
            }
            text.append("data: {\"kind\":\"")
                    .append(change.kind())
                    .append("\",\"id\":\"")
                    .append(change.id())
                    .append("\",\"version\":")
                    .append(id(change.at()))
                    .append("}\n\n");
        }
        return bytes(text.toString());
    }

    /** What was missed is not known any more: everything is to be fetched. */
    static byte[] reset(Instant position) {
        return bytes("event: reset\nid: " + id(position) + "\ndata: {}\n\n");
    }

    /** Nothing happened, and the line stands. */
    static byte[] beat(Instant position) {
        return bytes(": nothing new\nid: " + id(position) + "\n\n");
    }

    static String id(Instant position) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, position));
    }

    /** Empty for what is no id of ours. */
    static Optional<Instant> position(@Nullable String id) {
        if (id == null || !id.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.EPOCH.plus(Long.parseLong(id), ChronoUnit.MICROS));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
