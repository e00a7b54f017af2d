package io.syncline.systemtests.demo;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.api.UnexpectedAnswerException;
import io.syncline.systemtests.demo.Screen.Bar;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Follows a run to its end, with a bar for each task. */
final class RunWatch {

    private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "CANCELLED", "SKIPPED");
    private static final Duration LOOK_EVERY = Duration.ofMillis(400);

    private final PlatformApi platform;
    private final Screen screen;
    private final Runnable check;

    /** @param check called at each look; throws when going on is pointless, as when a service ended */
    RunWatch(PlatformApi platform, Screen screen, Runnable check) {
        this.platform = platform;
        this.screen = screen;
        this.check = check;
    }

    /** Waits for the run that the trigger message of this day starts. */
    JsonNode awaitStart(String group, String businessKey, Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            check.run();
            var run = platform.newestRun(group, businessKey);
            if (run.isPresent()) {
                return run.get();
            }
            pause();
        }
        throw new IllegalStateException("no run of %s for %s began within %d s: the trigger message did not arrive"
                .formatted(group, businessKey, atMost.toSeconds()));
    }

    /** Follows the run; answers its last view, ended or not when the time is over. */
    JsonNode follow(String runId, Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        JsonNode run = look(runId);
        while (!hasEnded(run) && System.nanoTime() < end) {
            screen.bars(bars(run));
            pause();
            check.run();
            run = look(runId);
        }
        screen.bars(bars(run));
        screen.endBars();
        return run;
    }

    static boolean hasEnded(JsonNode run) {
        return ENDED.contains(run.path("state").asString(""));
    }

    private JsonNode look(String runId) {
        for (int failures = 0; ; failures++) {
            try {
                return platform.run(runId);
            } catch (UncheckedIOException | UnexpectedAnswerException notNow) {
                check.run();
                if (failures >= 10 || isFinal(notNow)) {
                    throw notNow;
                }
                pause();
            }
        }
    }

    private static boolean isFinal(RuntimeException notNow) {
        return notNow instanceof UnexpectedAnswerException unexpected
                && unexpected.answer().status() < 500;
    }

    private static List<Bar> bars(JsonNode run) {
        var bars = new ArrayList<Bar>();
        for (var task : run.path("taskRuns")) {
            var state = task.path("state").asString("?");
            var progress = task.path("progress");
            var total = progress.path("total").asLong(0);
            var done = progress.path("done").asLong(0);
            if (state.equals("COMPLETED") && total == 0) {
                total = 1;
                done = 1;
            }
            bars.add(new Bar(
                    task.path("task").asString("?"),
                    state,
                    done,
                    total,
                    progress.path("unit").asString("")));
        }
        return bars;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }
}
