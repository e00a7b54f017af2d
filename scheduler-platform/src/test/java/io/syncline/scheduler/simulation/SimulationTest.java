package io.syncline.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs worlds of three nodes under faults, each from one seed. {@code -Dsyncline.simulation.seeds=10000} runs more of them,
 * {@code -Dsyncline.simulation.seed=4711} one alone, or with both so many from there on.
 */
class SimulationTest {

    /** So many happen whatever else happens; fewer may leave a fault or a state change out. */
    private static final int ENOUGH = 200;

    private static final long NONE = Long.MAX_VALUE;

    private static QuietLog log;

    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Map<String, Integer> moves = new TreeMap<>();
    private final AtomicLong next = new AtomicLong(Seeds.first());
    private final AtomicLong broken = new AtomicLong(NONE);

    @BeforeAll
    static void quiet() {
        log = new QuietLog();
    }

    @AfterAll
    static void loud() {
        log.close();
    }

    @Test
    void theInvariantsHoldWhateverHappens() throws InterruptedException {
        int seeds = Seeds.count(ENOUGH);
        long start = System.nanoTime();
        var threads =
                Executors.newFixedThreadPool(Math.min(2, Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < 2; i++) {
            threads.execute(() -> simulate(Seeds.first() + seeds));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(12, TimeUnit.HOURS)).isTrue();

        if (broken.get() != NONE) {
            fail(Seeds.story(broken.get()));
        }
        System.out.printf(
                "%d seeds of %d steps and their settling in %s%n%s%n%s%n",
                seeds, Seeds.STEPS, Duration.ofNanos(System.nanoTime() - start), faults, moves);
        if (seeds >= ENOUGH) {
            assertThat(faults.keySet()).contains(Fault.values());
            assertThat(moves.keySet()).containsAll(MoveRules.everyMove());
        }
    }

    private void simulate(long end) {
        for (long seed = next.getAndIncrement(); seed < end && broken.get() == NONE; seed = next.getAndIncrement()) {
            var world = world(seed);
            if (world == null || world.checker.hasFailed()) {
                broken.accumulateAndGet(seed, Math::min);
            } else {
                count(world);
            }
        }
    }

    /** Null when it broke down itself; the repetition tells how. */
    private static Simulation world(long seed) {
        try {
            return Seeds.run(seed, null);
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    private synchronized void count(Simulation world) {
        world.faults.forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
        world.checker.moves().forEach((move, times) -> moves.merge(move, times, Integer::sum));
    }

    @Test
    void aSeedTellsTheWholeStory() {
        for (long seed = 1; seed <= 5; seed++) {
            var once = Seeds.run(seed, null, true).history.lines();
            var again = Seeds.run(seed, null, true).history.lines();

            assertThat(again).hasSizeGreaterThan(Seeds.STEPS).isEqualTo(once);
        }
    }
}
