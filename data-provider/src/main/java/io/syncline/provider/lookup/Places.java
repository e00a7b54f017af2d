package io.syncline.provider.lookup;

import io.syncline.provider.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many look-ups are here, and how many of them read from the database; each wait ends within a bound. */
final class Places {

    private final Semaphore places;
    private final Semaphore turns;
    private final Duration maxWait;

    Places(int atOnce, int waiting, Duration maxWait) {
        this.places = new Semaphore(atOnce + waiting);
        this.turns = new Semaphore(atOnce, true);
        this.maxWait = maxWait;
    }

    /** @throws ProblemException 503 at once when all places are taken */
    void enter() {
        if (!places.tryAcquire()) {
            throw tooMany();
        }
    }

    void leave() {
        places.release();
    }

    /** @throws ProblemException 503 when it has waited as long as allowed */
    void takeTurn() {
        try {
            if (!turns.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw tooMany();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw tooMany();
        }
    }

    void endTurn() {
        turns.release();
    }

    private static ProblemException tooMany() {
        return ProblemException.of(503, "too-many-lookups", "As many look-ups as allowed are being answered")
                .detail("Try again after the time in Retry-After")
                .header("Retry-After", "1");
    }
}
