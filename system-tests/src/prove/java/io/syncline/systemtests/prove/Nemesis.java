package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.History;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Injects faults drawn from a seed, a fifth of the time two at once, until its time is over. */
final class Nemesis {

    private static final int TOGETHER_IN_HUNDRED = 20;
    private static final double MEAN_PAUSE_MILLIS = 1000;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    private final History history;
    private final List<Fault> faults;
    private final Random random;
    private final PrintStream screen;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger numbers = new AtomicInteger();
    private final Deque<Fault> deck = new ArrayDeque<>();

    Nemesis(History history, List<Fault> faults, long seed, PrintStream screen) {
        this.history = history;
        this.faults = List.copyOf(faults);
        this.random = new Random(seed * 31 + 7);
        this.screen = screen;
    }

    void run(long millis) {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end && stopped.getCount() > 0) {
            var first = inject(draw());
            if (random.nextInt(100) < TOGETHER_IN_HUNDRED) {
                inject(draw()).join();
            }
            first.join();
            pause(end);
        }
    }

    /** Injects each once, one after the other. */
    void each() {
        for (Fault fault : faults) {
            if (stopped.getCount() > 0) {
                inject(fault).join();
            }
        }
    }

    /** Every kind comes once before any comes again. */
    private Fault draw() {
        if (deck.isEmpty()) {
            var shuffled = new ArrayList<>(faults);
            Collections.shuffle(shuffled, random);
            deck.addAll(shuffled);
        }
        return deck.remove();
    }

    private CompletableFuture<Void> inject(Fault fault) {
        var strike = new Strike(random.nextLong(), stopped);
        var number = Integer.toString(numbers.incrementAndGet());
        strike.onBegin(() -> {
            history.add(
                    "nemesis",
                    "fault",
                    "phase",
                    "begin",
                    "number",
                    number,
                    "fault",
                    fault.name(),
                    "target",
                    strike.target(),
                    "stops",
                    fault.stops());
            screen.printf("  fault %s: %s on %s%n", number, fault.name(), strike.target());
        });
        strike.onLoss(node -> history.add("nemesis", "loss", "fault", fault.name(), "target", node));
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        fault.action().run(strike);
                    } catch (Exception e) {
                        strike.hit(false, "broke: " + e);
                    }
                    history.add(
                            "nemesis",
                            "fault",
                            "phase",
                            "end",
                            "number",
                            number,
                            "fault",
                            fault.name(),
                            "target",
                            strike.target(),
                            "hit",
                            strike.hasHit(),
                            "evidence",
                            strike.evidence());
                    if (!strike.hasHit()) {
                        screen.printf("  fault %s: %s did not hit: %s%n", number, fault.name(), strike.evidence());
                    }
                },
                work -> {
                    var thread = new Thread(work, "fault " + fault.name());
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    private void pause(long end) {
        var drawn = (long) Math.min(LONGEST_PAUSE_MILLIS, -MEAN_PAUSE_MILLIS * Math.log(1 - random.nextDouble()));
        var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        try {
            stopped.await(Math.max(0, Math.min(drawn, left)), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes back what is under way as soon as it can. */
    void stop() {
        stopped.countDown();
    }
}
