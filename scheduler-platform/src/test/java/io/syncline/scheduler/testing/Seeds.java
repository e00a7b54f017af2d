package io.syncline.scheduler.testing;

import java.util.Random;

/**
 * One property tried on many drawn cases. A case that fails is named by its seed, and {@code -Dsyncline.seed=…} draws it
 * alone; {@code -Dsyncline.seeds=…} says how many times as many are drawn.
 */
public final class Seeds {

    private static final int TIMES = Integer.getInteger("syncline.seeds", 1);

    private Seeds() {}

    /** What must hold of the case that a random source draws. */
    @FunctionalInterface
    public interface Property {
        void check(Random random) throws Exception;
    }

    public static void each(int cases, Property property) {
        var only = Long.getLong("syncline.seed");
        if (only != null) {
            check(only, property);
            return;
        }
        for (long seed = 0; seed < (long) cases * TIMES; seed++) {
            check(seed, property);
        }
    }

    private static void check(long seed, Property property) {
        try {
            property.check(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dsyncline.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
