package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.History;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The upstream of the files: each few seconds the whole content of a new day is imported, and announced in the same transaction.
 * Every row says of which day it is, and the days do not have equally many.
 */
final class Days {

    static final String DATASET = "countries";
    static final String ANNOUNCED = "io.syncline.dataset.imported";
    static final int ROWS_PER_FILE = 60;
    private static final int MOST_ROWS = 300;
    private static final int FEWER = 7;
    private static final long PAUSE_MILLIS = 4000;
    private static final String HEADER = "id,code,name,continent,wikipedia_link,keywords\n";

    private final History history;
    private final Owner owner;
    private final AtomicInteger day = new AtomicInteger();
    private final Loop loop = new Loop("days", PAUSE_MILLIS, this::next);

    Days(History history, Owner owner) {
        this.history = history;
        this.owner = owner;
    }

    void start() {
        loop.start();
    }

    void stop() {
        loop.stop();
    }

    boolean isQuiet() {
        return loop.hasEnded();
    }

    private static int rows(int day) {
        return MOST_ROWS - day % FEWER;
    }

    private void next() {
        int number = day.incrementAndGet();
        var path = "/datasets/%s/imports?trigger=true&subject=day-%d".formatted(DATASET, number);
        var headers = Map.of("Content-Type", "text/csv; charset=utf-8", "Idempotency-Key", "\"day-" + number + "\"");
        tell(number, "invoke", 0, null);
        var done = owner.untilDone(
                "POST", path, headers, Owner.bytes(content(number)), status -> tell(number, "unknown", status, null));
        if (done != null) {
            tell(number, "ok", done.status(), done.json().path("messageId").asString(""));
        }
    }

    private static String content(int day) {
        var csv = new StringBuilder(HEADER);
        for (int row = 1; row <= rows(day); row++) {
            csv.append("%03d,C%d,\"%d\",EU,,%n".formatted(row, row, day));
        }
        return csv.toString();
    }

    private void tell(int number, String outcome, int status, String message) {
        history.add(
                "driver",
                "import",
                "outcome",
                outcome,
                "status",
                status == 0 ? null : status,
                "day",
                number,
                "rows",
                rows(number),
                "rowsPerFile",
                ROWS_PER_FILE,
                "id",
                message);
    }
}
