package io.syncline.provider.change;

import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives numbers to committed changes. Every instance has one; whichever holds a dataset's feed gives its numbers, one
 * batch a transaction, so an instance that dies in the middle leaves no number behind. Writers neither wait for it nor
 * for each other.
 *
 * <p>Numbers are given after the commit because the identity of a row is not: it is drawn before, and a reader that goes
 * by the highest one seen would pass over what is committed late.
 */
@Component
class Sequencer implements LoopLifecycle {

    /** Another instance is at it and will be done in a moment. */
    private static final Duration BUSY = Duration.ofMillis(20);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private enum Turn {
        NOTHING_LEFT,
        BUSY,
        MORE
    }

    private final JdbcWaitingChanges waiting;
    private final JdbcChangeFeeds feeds;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final ChangeProperties properties;
    private final ChangeMeters meters;
    private final ObjectProvider<LogListener> listeners;
    private final PollLoop loop = new PollLoop(
            "change-sequencer",
            this::look,
            new FailureEpisode(LoggerFactory.getLogger(Sequencer.class), "Changes could not be numbered"),
            AFTER_FAILURE,
            STOP_WITHIN);

    Sequencer(
            JdbcWaitingChanges waiting,
            JdbcChangeFeeds feeds,
            DatabaseClock clock,
            TransactionTemplate transaction,
            ChangeProperties properties,
            ChangeMeters meters,
            ObjectProvider<LogListener> listeners) {
        this.waiting = waiting;
        this.feeds = feeds;
        this.clock = clock;
        this.transaction = transaction;
        this.properties = properties;
        this.meters = meters;
        this.listeners = listeners;
    }

    /** Looks at once instead of at the next poll. */
    void wake() {
        loop.wake();
    }

    @Override
    public PollLoop loop() {
        return loop;
    }

    Duration look() {
        return switch (turn()) {
            case MORE -> Duration.ZERO;
            case BUSY -> BUSY;
            case NOTHING_LEFT -> properties.poll();
        };
    }

    /** A batch of each dataset, so that a large import of one does not hold up the others. */
    private Turn turn() {
        var result = Turn.NOTHING_LEFT;
        for (var dataset : waiting.datasets()) {
            int numbered = number(dataset);
            if (numbered < 0) {
                result = result == Turn.MORE ? Turn.MORE : Turn.BUSY;
            } else if (numbered > 0) {
                meters.numbered(dataset, numbered);
                listeners.forEach(listener -> listener.grown(dataset));
                result = Turn.MORE;
            }
        }
        return result;
    }

    /** @return how many; -1 when another instance is at it */
    int number(String dataset) {
        Integer numbered = transaction.execute(status -> {
            var last = feeds.take(dataset, properties.hold());
            if (last.isEmpty()) {
                return -1;
            }
            int count = waiting.number(dataset, last.getAsLong(), properties.batch(), clock.moment());
            if (count > 0) {
                feeds.advance(dataset, last.getAsLong() + count);
            }
            return count;
        });
        return numbered == null ? 0 : numbered;
    }
}
