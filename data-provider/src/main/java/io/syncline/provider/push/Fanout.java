package io.syncline.provider.push;

import io.syncline.outbox.Outbox;
import io.syncline.outbox.OutboxMessage;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.change.ChangesGoneException;
import io.syncline.provider.change.KnownReader;
import io.syncline.provider.change.LogListener;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.store.Sha256;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores a delivery for each change and subscription. A batch and the place behind it are one transaction, in which this
 * instance holds the subscription's cursor: each change is stored once, in the order of the log.
 */
@Component
class Fanout implements LoopLifecycle, LogListener, KnownReader {

    private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);
    private static final long MOST_CHARS = 4_000_000;
    private static final int PURGED_AT_ONCE = 500;
    private static final long PURGE_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final JdbcSubscriptions subscriptions;
    private final JdbcDeliveries deliveries;
    private final ChangeLog log;
    private final Outbox outbox;
    private final CloudEvents events;
    private final TransactionTemplate transaction;
    private final PushMeters meters;
    private final PushProperties properties;
    private final Map<String, FailureEpisode> failing = new HashMap<>();
    private final PollLoop loop;
    private long purgedNanos = System.nanoTime();

    Fanout(
            JdbcSubscriptions subscriptions,
            JdbcDeliveries deliveries,
            ChangeLog log,
            Outbox outbox,
            CloudEvents events,
            TransactionTemplate transaction,
            PushMeters meters,
            PushProperties properties) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.log = log;
        this.outbox = outbox;
        this.events = events;
        this.transaction = transaction;
        this.meters = meters;
        this.properties = properties;
        this.loop = new PollLoop(
                "push-fanout",
                this::look,
                new FailureEpisode(LOG, "Changes could not be stored for their subscriptions"),
                properties.poll(),
                STOP_WITHIN);
    }

    @Override
    public void grown(String dataset) {
        wake();
    }

    void wake() {
        loop.wake();
    }

    @Override
    public String name() {
        return "push";
    }

    /** Those of disabled subscriptions as well: they go on where they ended. */
    @Override
    public Map<String, Long> places() {
        return subscriptions.places();
    }

    @Override
    public void start() {
        if (properties.enabled()) {
            loop.start();
        }
    }

    @Override
    public PollLoop loop() {
        return loop;
    }

    private Duration look() {
        boolean more = round();
        purge();
        return more ? Duration.ZERO : properties.poll();
    }

    /** A batch of each subscription, so that a large import for one does not hold up the others. */
    boolean round() {
        boolean more = false;
        var behind = subscriptions.behind();
        failing.keySet().retainAll(behind);
        for (var id : behind) {
            try {
                var stored = transaction.execute(status -> store(id));
                more |= stored != null && stored > 0;
                var ended = failing.remove(id);
                if (ended != null) {
                    ended.succeeded();
                }
            } catch (RuntimeException failure) {
                failing.computeIfAbsent(id, Fanout::failingOne).failed(failure);
            }
        }
        return more;
    }

    private static FailureEpisode failingOne(String id) {
        return new FailureEpisode(LOG, "Changes could not be stored for the subscription " + id);
    }

    private int store(String id) {
        var stored = subscriptions.take(id);
        var subscription = subscriptions.byId(id);
        if (stored.isEmpty() || subscription.isEmpty()) {
            return 0;
        }
        var changes = read(subscription.get(), stored.getAsLong());
        changes.forEach(change -> append(subscription.get(), change));
        if (!changes.isEmpty()) {
            subscriptions.advance(id, changes.get(changes.size() - 1).seq());
            meters.stored(subscription.get().dataset(), changes.size());
        }
        return changes.size();
    }

    private List<LoggedChange> read(Subscription subscription, long after) {
        try {
            return log.read(subscription.dataset(), after, properties.batch(), MOST_CHARS);
        } catch (ChangesGoneException gone) {
            long first = gone.feed().first();
            LOG.error(
                    "The changes of {} behind {} are not kept any more and are never told to the subscription {}; it goes"
                            + " on with {}. The subscriber needs an extract",
                    subscription.dataset(),
                    after,
                    subscription.key(),
                    first);
            meters.gap(subscription.dataset());
            subscriptions.advance(subscription.id(), first - 1);
            return log.read(subscription.dataset(), first - 1, properties.batch(), MOST_CHARS);
        }
    }

    private void append(Subscription subscription, LoggedChange change) {
        var order = subscription.ordered() ? "push:" + subscription.id() + ":" + Sha256.hex(change.key()) : null;
        var id = outbox.append(new OutboxMessage(
                PushDelivery.KIND,
                order,
                subscription.id(),
                Map.of(PushDelivery.EVENT_ID, change.id()),
                events.write(change)));
        deliveries.insert(id, subscription, change);
    }

    private void purge() {
        if (System.nanoTime() - purgedNanos > PURGE_EVERY_NANOS) {
            purgedNanos = System.nanoTime();
            while (loop.isRunning() && deliveries.purge(PURGED_AT_ONCE) == PURGED_AT_ONCE) {
                // The next ones.
            }
        }
    }
}
