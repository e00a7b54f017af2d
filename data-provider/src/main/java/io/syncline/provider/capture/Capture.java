package io.syncline.provider.capture;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.store.Ids;
import io.syncline.provider.work.FailureEpisode;
import io.syncline.provider.work.LoopLifecycle;
import io.syncline.provider.work.PollLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Follows the database's log on one instance at a time, and takes over when the one before is gone. */
class Capture implements LoopLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Collection<Dataset> datasets;
    private final CaptureProperties properties;
    private final JdbcCaptures captures;
    private final PostgresSlot slot;
    private final @Nullable LogReader reader;
    private final String instance = Ids.next();
    private volatile @Nullable String failure;
    private final FailureEpisode failures = new FailureEpisode(LOG, "The log of the database cannot be followed");
    private final PollLoop loop;

    /** @param reader null when nothing is captured */
    Capture(
            Collection<Dataset> datasets,
            CaptureProperties properties,
            JdbcCaptures captures,
            PostgresSlot slot,
            @Nullable LogReader reader) {
        this.datasets = datasets;
        this.properties = properties;
        this.captures = captures;
        this.slot = slot;
        this.reader = reader;
        this.loop = new PollLoop("change-capture", this::turn, failures, properties.retry(), STOP_WITHIN);
    }

    boolean isOn() {
        return reader != null;
    }

    Optional<PostgresSlot.State> slotState() {
        return isOn() ? slot.state() : Optional.empty();
    }

    /** Why the log is not followed by this instance, though it was its turn. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    long maxLag() {
        return properties.maxLag().toBytes();
    }

    @Override
    public void start() {
        if (reader != null) {
            loop.start();
        }
    }

    @Override
    public PollLoop loop() {
        return loop;
    }

    private Duration turn() {
        try {
            var claim = captures.claim(properties.slot(), instance, properties.lease());
            if (claim.isPresent() && reader != null) {
                follow(reader, claim.get());
            } else {
                failure = null;
            }
        } catch (RuntimeException | LinkageError e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
        return properties.retry();
    }

    private void follow(LogReader followed, JdbcCaptures.Claim claim) {
        try {
            slot.check(datasets);
            var tables = new LinkedHashMap<String, Dataset>();
            datasets.forEach(dataset -> tables.put(slot.qualified(dataset), dataset));
            endReaderWithoutLease();
            LOG.info("Follows the log of the database for {}", tables.keySet());
            followed.follow(claim, tables, new Renewal(claim.fence()));
        } finally {
            captures.release(properties.slot(), claim.fence());
        }
    }

    /** An instance that stands still, or an engine that did not end when its turn did. */
    private void endReaderWithoutLease() {
        try {
            if (slot.endReader()) {
                LOG.warn("Ended the connection of a reader of slot {} that has lost the lease", properties.slot());
            }
        } catch (DataAccessException e) {
            LOG.warn(
                    "Slot {} has a reader that has lost the lease, and its connection cannot be ended; grant"
                            + " pg_signal_backend to the data source's role, or have that reader stopped",
                    properties.slot(),
                    e);
        }
    }

    /** Goes on as long as this instance runs and holds the lease. */
    private final class Renewal implements java.util.function.BooleanSupplier {

        private final long fence;
        private final long begun = System.nanoTime();

        Renewal(long fence) {
            this.fence = fence;
        }

        @Override
        public boolean getAsBoolean() {
            if (!loop.isRunning() || !captures.renew(properties.slot(), fence, properties.lease())) {
                return false;
            }
            // What fails does so soon; until then it is not known whether the reason is gone.
            if (System.nanoTime() - begun > properties.lease().toNanos()) {
                failure = null;
                // Its turn lasts for as long as it follows.
                failures.succeeded();
            }
            return true;
        }
    }
}
