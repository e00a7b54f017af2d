package io.syncline.systemtests.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Where this JVM ends: a file names the place, such as {@code before work-claimed}, and is renamed when the place is come to.
 * Called by what the agent weaves in, in the JVM of the service.
 */
public final class Crash {

    private static final String DONE = ".done";
    private static final String SEEN = ".seen";
    private static final int EXIT = 137;
    /** Between two looks at the file. */
    public static final long LOOK_MILLIS = 50;

    private static volatile @Nullable Place armed;

    private record Place(String when, String name, Path order) {}

    private Crash() {}

    static void watch(Path order) {
        var thread = new Thread(() -> look(order), "crash");
        thread.setDaemon(true);
        thread.start();
    }

    private static void look(Path order) {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                armed = Files.exists(order) ? read(order) : null;
                if (armed != null && !isSeen(order)) {
                    Files.writeString(seen(order), "");
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Place read(Path order) throws IOException {
        try {
            var words = Files.readString(order).split(" ");
            return new Place(words[0], words[1], order);
        } catch (NoSuchFileException takenBack) {
            return null;
        }
    }

    /** Orders a crash of the JVM that watches the file. */
    public static void order(Path order, String when, String name) throws IOException {
        Files.deleteIfExists(done(order));
        Files.deleteIfExists(seen(order));
        var unfinished = order.resolveSibling(order.getFileName() + ".tmp");
        Files.writeString(unfinished, when + " " + name);
        Files.move(unfinished, order, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether the JVM has seen the order: from then on it ends where that says. */
    public static boolean isSeen(Path order) {
        return Files.exists(seen(order));
    }

    /** Whether the place was come to. */
    public static boolean isDone(Path order) {
        return Files.exists(done(order));
    }

    /** Takes an order back; the JVM may still come to its place within {@link #LOOK_MILLIS}. */
    public static void forget(Path order) throws IOException {
        Files.deleteIfExists(order);
    }

    private static Path seen(Path order) {
        return order.resolveSibling(order.getFileName() + SEEN);
    }

    private static Path done(Path order) {
        return order.resolveSibling(order.getFileName() + DONE);
    }

    /** Costs two comparisons where no crash is ordered here. */
    public static void at(String when, String name) {
        var place = armed;
        if (place != null && place.name().equals(name) && place.when().equals(when)) {
            try {
                Files.move(place.order(), done(place.order()), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException alreadyUnderWay) {
                // another thread of this JVM was here first
            }
            Runtime.getRuntime().halt(EXIT);
        }
    }
}
