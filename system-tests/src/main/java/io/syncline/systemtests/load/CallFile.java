package io.syncline.systemtests.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Calls between subscribers with generated numbers, as dirty as real ones are: of each hundred lines, one was stamped by a
 * clock that was not set, one is no call at all, and one goes to a number that is nobody's. The same at every start.
 */
public final class CallFile {

    public static final int HUNDRED = 100;
    public static final int CLOCK_NOT_SET = 0;
    public static final int NO_CALL = 1;
    public static final int TO_NOBODY = 2;

    private CallFile() {}

    /** Writes {@code lines} calls between the first {@code subscribers} subscribers, gzipped and without a header. */
    public static Path write(Path file, int lines, int subscribers) throws IOException {
        try (var out = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8),
                64 * 1024)) {
            for (int i = 0; i < lines; i++) {
                out.write(line(i, subscribers));
                out.write('\n');
            }
        }
        return file;
    }

    private static String line(int number, int subscribers) {
        int kind = number % HUNDRED;
        if (kind == NO_CALL) {
            return "-- page " + number + " --";
        }
        return Subscribers.number(number % subscribers)
                + ','
                + (kind == TO_NOBODY ? "157" : Subscribers.number(subscribers - 1 - number % subscribers))
                + ",Outgoing,"
                + seconds(number)
                + (kind == CLOCK_NOT_SET ? ",Mon Feb 11 07:18:23 +0000 1980" : ",Wed Sep 15 19:17:44 +0100 2010");
    }

    /** How long the call of a line lasts. */
    public static int seconds(int number) {
        return number % 601;
    }
}
