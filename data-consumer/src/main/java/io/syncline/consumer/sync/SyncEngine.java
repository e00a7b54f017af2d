package io.syncline.consumer.sync;

import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.Ids;
import io.syncline.consumer.store.Transactions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DuplicateKeyException;

/**
 * The workers of this instance: they look for files and jobs that are due, whichever instance accepted the call, and do
 * one step after the other. What a dead or frozen instance held falls to the others when its lease has run out.
 */
public class SyncEngine implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SyncEngine.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Object wakeUp = new Object();
    private final List<Thread> threads = new ArrayList<>();
    private final Transactions transactions;
    private final JdbcSyncJobs jobs;
    private final JdbcDatasetStates states;
    private final JdbcLeases leases;
    private final JobSteps jobSteps;
    private final FileSteps fileSteps;
    private final Spool spool;
    private final ConsumerProperties properties;
    private volatile boolean running;
    private @Nullable ScheduledExecutorService heartbeat;

    SyncEngine(
            Transactions transactions,
            JdbcSyncJobs jobs,
            JdbcDatasetStates states,
            JdbcLeases leases,
            JobSteps jobSteps,
            FileSteps fileSteps,
            Spool spool,
            ConsumerProperties properties) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.states = states;
        this.leases = leases;
        this.jobSteps = jobSteps;
        this.fileSteps = fileSteps;
        this.spool = spool;
        this.properties = properties;
    }

    /** Makes sure that the key has its job; called again for the same key it changes nothing. */
    public void accept(String idempotencyKey, String dataset) {
        introduce(dataset);
        try {
            transactions.run(now -> {
                if (jobs.findByKey(idempotencyKey).isEmpty()) {
                    jobs.insert(Ids.next(), idempotencyKey, dataset, now);
                }
            });
        } catch (DuplicateKeyException e) {
            LOG.debug("the job of key {} was created a moment ago", idempotencyKey);
        }
        wake();
    }

    private void introduce(String dataset) {
        try {
            transactions.run(now -> states.introduce(dataset, now));
        } catch (DuplicateKeyException e) {
            LOG.debug("dataset {} was introduced a moment ago", dataset);
        }
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        leases.renew();
        var beat = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "sync-heartbeat"));
        long every = properties.renewEvery().toMillis();
        var unusedBeat = beat.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
        var unusedSweep = beat.scheduleWithFixedDelay(this::sweepSpool, 0, 1, TimeUnit.HOURS);
        heartbeat = beat;
        for (int i = 1; i <= properties.workers(); i++) {
            startWorker("sync-file-" + i, this::workOnAFile);
            startWorker("sync-job-" + i, this::workOnAJob);
        }
    }

    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        wake();
        var until = System.nanoTime() + STOP_WITHIN.toNanos();
        for (var thread : threads) {
            join(thread, until);
        }
        threads.clear();
        if (heartbeat != null) {
            heartbeat.shutdownNow();
        }
        try {
            leases.signOff();
        } catch (RuntimeException e) {
            LOG.info("could not sign off; the others notice when the lease has run out", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Looks for a due file and does its step; false when there is none. */
    boolean workOnAFile() {
        var claimed = fileSteps.claim();
        claimed.ifPresent(fileSteps::work);
        claimed.ifPresent(file -> wake());
        return claimed.isPresent();
    }

    /** Looks for a due job and does its step; false when there is none. */
    boolean workOnAJob() {
        var claimed = jobSteps.claim();
        claimed.ifPresent(jobSteps::work);
        claimed.ifPresent(job -> wake());
        return claimed.isPresent();
    }

    JobSteps jobSteps() {
        return jobSteps;
    }

    FileSteps fileSteps() {
        return fileSteps;
    }

    Optional<SyncJob> find(String idempotencyKey) {
        return transactions.call(now -> jobs.findByKey(idempotencyKey));
    }

    private void startWorker(String name, BooleanSupplier step) {
        var thread = daemon(() -> loop(step), name);
        threads.add(thread);
        thread.start();
    }

    private void loop(BooleanSupplier step) {
        int failures = 0;
        while (running) {
            boolean worked = false;
            try {
                worked = step.getAsBoolean();
                if (failures > 0) {
                    LOG.info("the worker looks for work again, after {} times in a row when it could not", failures);
                    failures = 0;
                }
            } catch (RuntimeException e) {
                if (++failures == 1) {
                    LOG.warn("the worker could not look for work; it goes on looking, and tells when it can", e);
                }
            }
            if (!worked) {
                pause();
            }
        }
    }

    private void pause() {
        synchronized (wakeUp) {
            try {
                if (running) {
                    wakeUp.wait(properties.poll().toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            }
        }
    }

    private void wake() {
        synchronized (wakeUp) {
            wakeUp.notifyAll();
        }
    }

    private void renew() {
        try {
            leases.renew();
        } catch (RuntimeException e) {
            LOG.warn("leases were not renewed; the next beat tries again", e);
        }
    }

    private void sweepSpool() {
        try {
            // Age of files is counted by the machine's clock, like their time stamps.
            spool.dropOlderThan(properties.spoolKeep(), Instant.ofEpochMilli(System.currentTimeMillis()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("the spool was not swept", e);
        }
    }

    private static void join(Thread thread, long until) {
        try {
            thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
