package io.syncline.provider.change;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Readers that wait for the next change. None of them holds a thread or a connection: one thread looks for all of them,
 * at once when this instance gave numbers and every so often for what others did, and only while somebody waits.
 */
@Component
class FeedWaiters implements LoopLifecycle, LogListener {

    /** The container's own limit, for the case that nobody here answers. */
    private static final long BEYOND_MILLIS = 5000;

    /** A waiter without an end: the look of a day is as good as none. */
    private static final Duration NOBODY_WAITS = Duration.ofDays(1);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private final FeedLooks looks;
    private final FeedPages pages;
    private final ChangeProperties properties;
    private final Semaphore places;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final PollLoop loop;

    FeedWaiters(FeedLooks looks, FeedPages pages, ChangeProperties properties) {
        this.looks = looks;
        this.pages = pages;
        this.properties = properties;
        this.places = new Semaphore(properties.maxWaiting());
        this.loop = new PollLoop(
                "change-feeds",
                this::look,
                new FailureEpisode(
                        LoggerFactory.getLogger(FeedWaiters.class),
                        "The feeds could not be looked at for those who wait"),
                properties.waitPoll(),
                STOP_WITHIN);
    }

    /** Equal only to itself. */
    private static final class Waiter {

        private final FeedPlace place;
        private final long endNanos;
        private final DeferredResult<ResponseEntity<byte[]>> result;

        Waiter(FeedPlace place, Duration wait) {
            this.place = place;
            this.endNanos = System.nanoTime() + wait.toNanos();
            this.result = new DeferredResult<>(wait.toMillis() + BEYOND_MILLIS);
        }

        boolean isOver(long nanos) {
            return endNanos - nanos <= 0;
        }
    }

    /** @throws ProblemException 503 when too many wait already */
    DeferredResult<ResponseEntity<byte[]>> await(FeedPlace place, Duration wait) {
        if (!places.tryAcquire()) {
            throw ProblemException.of(503, "too-many-waiting", "Too many requests are waiting")
                    .detail("Ask without wait, or try again after the time in Retry-After")
                    .header("Retry-After", "2");
        }
        var waiter = new Waiter(place, wait);
        waiter.result.onCompletion(() -> leave(waiter));
        waiter.result.onTimeout(() -> waiter.result.setResult(empty(waiter, looks.last())));
        waiters.add(waiter);
        if (!loop.isRunning()) {
            waiter.result.setResult(empty(waiter, looks.last()));
        }
        // A change may have come between the look that found none and this one's place among the waiters.
        loop.wake();
        return waiter.result;
    }

    private void leave(Waiter waiter) {
        if (waiters.remove(waiter)) {
            places.release();
        }
    }

    int waiting() {
        return waiters.size();
    }

    @Override
    public void grown(String dataset) {
        loop.wake();
    }

    /** Answers everybody at once with what there is, which is nothing. */
    @Override
    public void stop() {
        loop.stop();
        List.copyOf(waiters).forEach(waiter -> waiter.result.setResult(empty(waiter, looks.last())));
    }

    @Override
    public PollLoop loop() {
        return loop;
    }

    private Duration look() {
        answer();
        return waiters.isEmpty() ? NOBODY_WAITS : properties.waitPoll();
    }

    private void answer() {
        if (waiters.isEmpty()) {
            return;
        }
        try {
            answer(looks.look());
        } finally {
            // Also while the database is away.
            var look = looks.last();
            var now = System.nanoTime();
            waiters.stream()
                    .filter(waiter -> waiter.isOver(now))
                    .toList()
                    .forEach(waiter -> waiter.result.setResult(empty(waiter, look)));
        }
    }

    private void answer(FeedLook look) {
        // Most readers stand at the same place: its page is read once.
        var read = new HashMap<FeedPlace, Object>();
        waiters.stream()
                .filter(waiter -> !waiter.result.isSetOrExpired())
                .filter(waiter -> look.hasMore(waiter.place))
                .toList()
                .forEach(waiter -> answer(waiter, read));
    }

    private void answer(Waiter waiter, Map<FeedPlace, Object> read) {
        var answer = read.computeIfAbsent(waiter.place, this::page);
        if (answer instanceof FeedPages.Page page) {
            if (!page.isEmpty()) {
                waiter.result.setResult(page.answer());
            }
        } else {
            waiter.result.setErrorResult(answer);
        }
    }

    /** @return the page, or why there is none */
    private Object page(FeedPlace place) {
        try {
            return pages.read(place);
        } catch (RuntimeException refused) {
            return refused;
        }
    }

    private ResponseEntity<byte[]> empty(Waiter waiter, FeedLook look) {
        return pages.empty(waiter.place, look).answer();
    }
}
