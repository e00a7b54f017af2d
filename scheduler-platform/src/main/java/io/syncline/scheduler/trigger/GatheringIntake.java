package io.syncline.scheduler.trigger;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequestClock;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.GroupCommit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Takes messages of many senders and has them judged together, many to a commit when there are many. */
@Component
class GatheringIntake implements SmartLifecycle {

    private static final int BEFORE_WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 4096;

    /** Equal only to itself. */
    private static final class Waiting {

        private final Arrival arrival;
        private final long sinceNanos = System.nanoTime();
        private final CompletableFuture<Judgement> judgement = new CompletableFuture<>();

        Waiting(Arrival arrival) {
            this.arrival = arrival;
        }
    }

    private final Intake intake;
    private final TriggerProperties properties;
    private final GroupCommit<Waiting> messages;
    private volatile long lastStoredNanos = System.nanoTime();

    GatheringIntake(Intake intake, TriggerProperties properties) {
        this.intake = intake;
        this.properties = properties;
        this.messages = new GroupCommit<>(
                "messages",
                new GroupCommit.Bounds(
                        properties.writers(), properties.batch(), properties.linger(), properties.waiting()),
                this::write);
    }

    /**
     * Returns after the commit.
     *
     * @throws MalformedEventException (422) for content that cannot be compared
     * @throws ProblemException 429 when a group's queue is full, or when others were stored for as long as this one could wait
     *     for its turn, nothing is kept; 503 when this one was not stored in time for any other reason
     */
    Judgement accept(CloudEvent event, Sender sender) {
        var forbidden = intake.forbidden(event, sender);
        if (forbidden.isPresent()) {
            return forbidden.get();
        }
        var waiting = new Waiting(Arrival.of(event, sender));
        if (!messages.offer(waiting)) {
            throw messages.isRunning() ? tooMany() : notStored("The platform is stopping.");
        }
        try {
            return judged(waiting);
        } catch (TimeoutException e) {
            throw notStored("The message was not stored in time.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notStored("The platform is stopping.");
        }
    }

    private Judgement judged(Waiting waiting) throws TimeoutException, ExecutionException, InterruptedException {
        try {
            return waiting.judgement.get(
                    RequestClock.left(properties.patience()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Its sender hears that it has to come again: to store it now would keep those waiting who still listen.
            boolean withdrawn = messages.withdraw(waiting);
            boolean othersWereStored = lastStoredNanos - waiting.sinceNanos > 0;
            if (withdrawn && othersWereStored) {
                throw tooMany();
            }
            if (withdrawn || !othersWereStored) {
                throw e;
            }
            // It is in a transaction, and transactions end: it will be known in a moment.
            return waiting.judgement.get(properties.patience().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static ProblemException tooMany() {
        return ProblemException.overloaded(429)
                .detail("Too many messages are waiting to be stored; this one is not kept. Send it again.")
                .header("Retry-After", "1");
    }

    private static ProblemException notStored(String detail) {
        return ProblemException.of(503, "not-stored", "Not known to be stored")
                .detail(detail + " Send it again with the same source and id; that is safe.")
                .header("Retry-After", "1");
    }

    private void write(List<Waiting> batch) {
        try {
            var judged = ConnectionPool.DISPATCH.call(
                    () -> intake.accept(batch.stream().map(one -> one.arrival).toList()));
            lastStoredNanos = System.nanoTime();
            for (int i = 0; i < batch.size(); i++) {
                var answer = batch.get(i).judgement;
                var one = judged.get(i);
                if (one.failure() != null) {
                    answer.completeExceptionally(one.failure());
                } else {
                    answer.complete(one.get());
                }
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.judgement.completeExceptionally(e));
            throw e;
        }
    }

    /** Messages that no transaction has in hand yet. */
    int waiting() {
        return messages.waiting();
    }

    @Override
    public void start() {
        messages.start();
    }

    @Override
    public void stop() {
        messages.stop();
    }

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return BEFORE_WEB_SERVER;
    }

    @Override
    public boolean isRunning() {
        return messages.isRunning();
    }
}
