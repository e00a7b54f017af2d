package io.syncline.scheduler.simulation;

import org.jspecify.annotations.Nullable;

/** Which invariant was broken first, and how. */
final class Findings {

    private final Simulation world;
    private @Nullable Invariant broken;
    private String how = "";
    private @Nullable Throwable cause;

    Findings(Simulation world) {
        this.world = world;
    }

    boolean hasFailed() {
        return broken != null;
    }

    @Nullable
    Invariant broken() {
        return broken;
    }

    String how() {
        return how;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    /** The first one counts: what follows may be its consequence. */
    void fail(Invariant invariant, String detail, @Nullable Throwable why) {
        if (broken == null) {
            broken = invariant;
            how = world.history.named(detail);
            cause = why;
            world.history.tell(() -> "  *** " + invariant + ": " + detail);
        }
    }

    void must(boolean holds, Invariant invariant, String detail) {
        if (!holds) {
            fail(invariant, detail, null);
        }
    }
}
