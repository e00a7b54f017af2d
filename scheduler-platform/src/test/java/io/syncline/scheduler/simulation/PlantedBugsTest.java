package io.syncline.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checker is worth what it finds: each planted mistake is caught by its invariant, and without it the same world is fine. */
class PlantedBugsTest {

    private static final int SEEDS = 40;

    private static QuietLog log;

    @BeforeAll
    static void quiet() {
        log = new QuietLog();
    }

    @AfterAll
    static void loud() {
        log.close();
    }

    @ParameterizedTest
    @EnumSource(Plant.class)
    void itIsCaughtByItsInvariant(Plant plant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var world = Seeds.run(seed, plant);
            if (world.checker.hasFailed()) {
                assertThat(world.checker.broken())
                        .as("seed %d: %s", seed, world.checker.how())
                        .isEqualTo(plant.caughtBy);
                assertThat(Seeds.run(seed, null).checker.broken()).isNull();
                return;
            }
        }
        throw new AssertionError(plant + " was not caught by " + SEEDS + " seeds");
    }
}
