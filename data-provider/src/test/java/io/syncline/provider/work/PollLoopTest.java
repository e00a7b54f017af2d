package io.syncline.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(20)
class PollLoopTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Logger log = (Logger) LoggerFactory.getLogger("poll-loop-test");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    /** A permit for each turn that was begun. */
    private final Semaphore begun = new Semaphore(0);

    private PollLoop loop = loop(() -> LONG, SHORT, LONG);

    @BeforeEach
    void listen() {
        said.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(said);
    }

    @AfterEach
    void stop() {
        loop.stop();
        log.detachAppender(said);
    }

    private PollLoop loop(PollLoop.Turn turn, Duration afterFailure, Duration stopWithin) {
        return new PollLoop(
                "a-loop",
                new PollLoop.Turn() {
                    @Override
                    public Duration take() {
                        begun.release();
                        return turn.take();
                    }

                    @Override
                    public void end() {
                        turn.end();
                    }
                },
                new FailureEpisode(log, "The work could not be done"),
                afterFailure,
                stopWithin);
    }

    @Test
    void takesTheNextTurnAtOnceWhileThereIsMore() throws InterruptedException {
        var left = new AtomicInteger(100);
        loop = loop(() -> left.decrementAndGet() > 0 ? Duration.ZERO : LONG, SHORT, LONG);

        loop.start();

        begun.acquire(100);
        assertThat(left).hasValue(0);
        assertThat(begun.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void looksAgainAfterTheRest() throws InterruptedException {
        loop = loop(() -> SHORT, LONG, LONG);

        loop.start();

        begun.acquire(5);
    }

    @Test
    void isWokenFromItsRest() throws InterruptedException {
        loop.start();
        begun.acquire();

        loop.wake();

        begun.acquire();
    }

    @Test
    void takesOneMoreTurnAfterManyWakesInTheMiddleOfOne() throws InterruptedException {
        var inTheMiddle = new CountDownLatch(1);
        var turns = new AtomicInteger();
        loop = loop(
                () -> {
                    if (turns.incrementAndGet() == 1) {
                        awaitQuietly(inTheMiddle);
                    }
                    return LONG;
                },
                SHORT,
                LONG);
        loop.start();
        begun.acquire();

        loop.wake();
        loop.wake();
        loop.wake();
        inTheMiddle.countDown();

        begun.acquire();
        assertThat(begun.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void noWakeShortensThePauseAfterAFailure() throws InterruptedException {
        loop = loop(
                () -> {
                    throw new IllegalStateException("the database is away");
                },
                LONG,
                LONG);
        loop.start();
        begun.acquire();

        loop.wake();

        assertThat(begun.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    void goesOnAfterFailuresAndErrorsAndSaysSoOnceAnEpisode() throws InterruptedException {
        var turns = new AtomicInteger();
        loop = loop(
                () -> {
                    int turn = turns.incrementAndGet();
                    if (turn <= 3) {
                        throw new IllegalStateException("the database is away");
                    }
                    if (turn == 5) {
                        throw new NoClassDefFoundError("a class");
                    }
                    return turn < 6 ? SHORT : LONG;
                },
                SHORT,
                LONG);

        loop.start();

        begun.acquire(6);
        await().untilAsserted(() -> assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "The work could not be done; it is tried again, and told when it went well",
                        "The work could not be done 3 times in a row: now it went well",
                        "The work could not be done; it is tried again, and told when it went well",
                        "The work could not be done once: now it went well"));
        assertThat(said.list.get(0).getThrowableProxy().getMessage()).isEqualTo("the database is away");
        assertThat(loop.isRunning()).isTrue();
    }

    @Test
    void stopLetsTheTurnEndAndInterruptsNothing() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        var interrupted = new AtomicReference<Boolean>();
        loop = loop(
                () -> {
                    awaitQuietly(goOn);
                    interrupted.set(Thread.currentThread().isInterrupted());
                    return LONG;
                },
                SHORT,
                LONG);
        loop.start();
        begun.acquire();
        var stopping = new Thread(() -> loop.stop());

        stopping.start();
        await().until(() -> !loop.isRunning());
        assertThat(interrupted).hasValue(null);
        goOn.countDown();
        stopping.join();

        assertThat(interrupted).hasValue(false);
    }

    @Test
    void tidiesUpOnItsOwnThreadOnceAfterTheLastTurn() throws InterruptedException {
        var ends = new ConcurrentLinkedQueue<String>();
        loop = loop(
                new PollLoop.Turn() {
                    @Override
                    public Duration take() {
                        return LONG;
                    }

                    @Override
                    public void end() {
                        ends.add(Thread.currentThread().getName());
                    }
                },
                SHORT,
                LONG);
        loop.start();
        begun.acquire();
        assertThat(ends).isEmpty();

        loop.stop();

        assertThat(ends).containsExactly("a-loop");
    }

    @Test
    void aTurnThatOutlivesItsStopDoesNotOverlapThoseOfTheNextStart() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        loop = loop(
                () -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    awaitQuietly(goOn);
                    atOnce.decrementAndGet();
                    return LONG;
                },
                SHORT,
                SHORT);
        loop.start();
        begun.acquire();
        loop.stop();

        loop.start();
        assertThat(begun.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
        goOn.countDown();

        begun.acquire();
        await().until(() -> atOnce.get() == 0);
        assertThat(most).hasValue(1);
        assertThat(loop.isRunning()).isTrue();
    }

    @Test
    void startsAndStopsAsOftenAsOneLikes() throws InterruptedException {
        for (int time = 0; time < 50; time++) {
            loop.start();
            loop.start();
            begun.acquire();
            loop.stop();
            loop.stop();
            assertThat(loop.isRunning()).isFalse();
            assertThat(begun.drainPermits()).isZero();
        }
    }

    @Test
    void anInterruptEndsIt() throws InterruptedException {
        var thread = new AtomicReference<Thread>();
        loop = loop(
                () -> {
                    thread.set(Thread.currentThread());
                    return LONG;
                },
                SHORT,
                LONG);
        loop.start();
        await().until(() -> thread.get() != null);

        thread.get().interrupt();

        await().until(() -> !loop.isRunning());
        loop.start();
        begun.acquire(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
