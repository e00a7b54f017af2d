package io.syncline.scheduler.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which worlds are simulated, and how a broken one is told. */
final class Seeds {

    /** Steps of each world before it settles. */
    static final int STEPS = Integer.getInteger("syncline.simulation.steps", 300);

    private static final String SEED = "syncline.simulation.seed";
    private static final int LINES_SHOWN = 80;

    private Seeds() {}

    /** How many; one alone when a seed is named. */
    static int count(int usual) {
        return Integer.getInteger("syncline.simulation.seeds", System.getProperty(SEED) == null ? usual : 1);
    }

    static long first() {
        return Long.getLong(SEED, 1);
    }

    static Simulation run(long seed, @Nullable Plant plant) {
        return run(seed, plant, false);
    }

    static Simulation run(long seed, @Nullable Plant plant, boolean told) {
        var world = new Simulation(seed, plant, told);
        QuietLog.heardBy(error -> world.checker.fail(Invariant.UNEXPECTED, error, null));
        return world.run(STEPS);
    }

    /** Lives through a broken world once more and tells its story. */
    static String story(long seed) {
        var repeat = "\nRepeat it:\n  ./mvnw -pl scheduler-platform -am test -Dtest=SimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D" + SEED + "=" + seed;
        Simulation told;
        try {
            told = run(seed, null, true);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("Seed " + seed + " breaks the simulation itself." + repeat, e);
        }
        var lines = told.history.lines();
        var broken = told.checker.broken();
        return "Seed " + seed + " breaks "
                + (broken == null ? "nothing when it is repeated" : broken + " (" + broken.says + ")") + ": "
                + told.checker.how() + repeat
                + "\nIts history is in " + written(seed, lines) + "; the end of it:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    private static Path written(long seed, List<String> lines) {
        try {
            var file = Path.of("target", "simulation-" + seed + ".txt");
            Files.createDirectories(file.getParent());
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
