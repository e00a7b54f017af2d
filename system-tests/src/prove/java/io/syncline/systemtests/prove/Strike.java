package io.syncline.systemtests.prove;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One injection of a fault: what it draws from the seed, and what it says of its having hit. */
final class Strike {

    private final Random random;
    private final CountDownLatch stopped;
    private String target = "";
    private String evidence = "";
    private boolean hit;
    private Runnable begun = () -> {};
    private Consumer<String> lost = node -> {};

    Strike(long seed, CountDownLatch stopped) {
        this.random = new Random(seed);
        this.stopped = stopped;
    }

    void onBegin(Runnable tell) {
        begun = tell;
    }

    void onLoss(Consumer<String> tell) {
        lost = tell;
    }

    /** To be called as soon as a node is seen to have ended of itself. */
    void lost(String node) {
        lost.accept(node);
    }

    /** To be called before anything is done. */
    void begin(String target) {
        this.target = target;
        begun.run();
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Lets time pass; less when the run is broken off. */
    void hold(long millis) {
        try {
            stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void hit(boolean hit, String evidence) {
        this.hit = hit;
        this.evidence = evidence;
    }

    boolean hasHit() {
        return hit;
    }

    String target() {
        return target;
    }

    String evidence() {
        return evidence;
    }
}
