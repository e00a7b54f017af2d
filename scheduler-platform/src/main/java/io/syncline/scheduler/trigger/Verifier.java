package io.syncline.scheduler.trigger;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.ConnectionPool;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.scheduler.trigger.JdbcVerifications.Waiting;
import io.syncline.tracing.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at the sources of messages that wait for it. One thread claims due looks, sends them and writes what they found; a
 * claim that nobody answers for is due again when its lease ends, on whichever node.
 */
@Component
class Verifier implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    static final int MOST_UNDER_WAY = 16;
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration NOT_MADE_PAUSE = Duration.ofSeconds(5);
    private static final Duration FULL_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A look and what came of it; null: it was not made, as no slot was free or the database was away. */
    private record Outcome(
            Waiting claim,
            VerificationPlan.Look look,
            @Nullable Reply reply) {}

    private final JdbcVerifications verifications;
    private final JdbcTriggerMessages messages;
    private final TaskGroups groups;
    private final Systems systems;
    private final Runs runs;
    private final Downstreams downstreams;
    private final AlertSignals alerts;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final boolean enabled;
    private int underWay;
    private volatile boolean running;
    private @Nullable Thread thread;

    Verifier(
            JdbcVerifications verifications,
            JdbcTriggerMessages messages,
            TaskGroups groups,
            Systems systems,
            Runs runs,
            Downstreams downstreams,
            AlertSignals alerts,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            @Value("${syncline.dispatch.enabled:true}") boolean enabled) {
        this.enabled = enabled;
        this.verifications = verifications;
        this.messages = messages;
        this.groups = groups;
        this.systems = systems;
        this.runs = runs;
        this.downstreams = downstreams;
        this.alerts = alerts;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void start() {
        running = true;
        if (!enabled) {
            return;
        }
        var looking = new Thread(() -> ConnectionPool.DISPATCH.run(this::lookUntilStopped), "trigger-verifications");
        looking.setDaemon(true);
        thread = looking;
        looking.start();
    }

    private void lookUntilStopped() {
        while (running) {
            try {
                round(POLL);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // Errors too: without this thread messages would wait for another node.
                LOG.warn("looks at the sources of messages failed, tried again", e);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what is due and writes what came back; waits that long for an answer when there is nothing else to do. */
    void round(Duration patience) throws InterruptedException {
        int sent = underWay < MOST_UNDER_WAY ? claimAndSend() : 0;
        var outcome = sent > 0 ? outcomes.poll() : outcomes.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        for (; outcome != null; outcome = outcomes.poll()) {
            underWay--;
            writeAlone(outcome);
        }
    }

    private int claimAndSend() {
        var claims = transaction.execute(status -> {
            var now = clock.now();
            return verifications.claim(MOST_UNDER_WAY - underWay, now, now.plus(LEASE));
        });
        if (claims == null) {
            return 0;
        }
        for (var claim : claims) {
            var look = claim.plan().next().orElseThrow();
            underWay++;
            try {
                send(claim, look);
            } catch (RuntimeException e) {
                LOG.warn("the look for trigger {} could not be sent, tried again", claim.triggerId(), e);
                outcomes.add(new Outcome(claim, look, null));
            }
        }
        return claims.size();
    }

    private void send(Waiting claim, VerificationPlan.Look look) {
        if (downstreams.reserve(look.system(), 1) == 0) {
            boolean isKnown = systems.find(look.system()).isPresent();
            outcomes.add(new Outcome(
                    claim,
                    look,
                    isKnown
                            ? null
                            : new Reply.NoAnswer("there is no system '" + look.system() + "'", null, Duration.ZERO)));
            return;
        }
        var headers = TraceContext.headers(claim.traceparent());
        downstreams
                .call(OutboundCall.get(look.system(), look.path(), Auth.OF_SYSTEM, headers, LOOK_TIMEOUT))
                .whenComplete((reply, failure) -> outcomes.add(new Outcome(
                        claim,
                        look,
                        reply == null
                                ? new Reply.NoAnswer("the look could not be made", null, Duration.ZERO)
                                : reply)));
    }

    /** One outcome that cannot be written does not hold up the others: its lease ends, and the look is repeated. */
    private void writeAlone(Outcome outcome) {
        try {
            write(outcome);
        } catch (QueueFullException e) {
            LOG.warn("trigger {} waits: {}", outcome.claim().triggerId(), e.getMessage());
            postpone(outcome, FULL_PAUSE);
        } catch (RuntimeException e) {
            if (PassingFailure.is(e)) {
                LOG.warn("the look for trigger {} is repeated", outcome.claim().triggerId(), e);
            } else {
                LOG.error(
                        "the look for trigger {} could not be judged",
                        outcome.claim().triggerId(),
                        e);
                countAlone(outcome);
            }
        }
    }

    /** What fails for a lasting reason is a failed look: people hear of it, and it is not repeated all the time. */
    private void countAlone(Outcome outcome) {
        var claim = outcome.claim();
        try {
            transaction.executeWithoutResult(status -> {
                if (verifications.lock(claim)) {
                    var again = claim.plan().unjudged(outcome.look(), claim.failures(), clock.now(), random);
                    lookAgain(claim, again, outcome.look().system());
                }
            });
        } catch (RuntimeException e) {
            LOG.error("the failed look for trigger {} could not be counted", claim.triggerId(), e);
        }
    }

    private void write(Outcome outcome) {
        var claim = outcome.claim();
        if (outcome.reply() == null) {
            postpone(outcome, Duration.ofMillis((long) (NOT_MADE_PAUSE.toMillis() * random.nextDouble(0.8, 1.2))));
            return;
        }
        var status = outcome.reply() instanceof Reply.Answer answer ? (Integer) answer.status() : null;
        var trouble = outcome.reply() instanceof Reply.NoAnswer none ? none.cause() : null;
        transaction.executeWithoutResult(transactionStatus -> {
            if (!verifications.lock(claim)) {
                return;
            }
            var now = clock.now();
            var next = claim.plan().answered(outcome.look(), status, trouble, claim.failures(), now, random);
            LOG.info("trigger {}: {}", claim.triggerId(), next.sentence());
            if (next instanceof VerificationPlan.Start) {
                startRuns(claim);
            } else if (next instanceof VerificationPlan.Discard) {
                discard(claim.triggerId(), next.sentence());
            } else if (next instanceof VerificationPlan.LookAgain again) {
                lookAgain(claim, again, outcome.look().system());
            }
        });
    }

    private void postpone(Outcome outcome, Duration pause) {
        transaction.executeWithoutResult(status -> {
            var claim = outcome.claim();
            if (verifications.lock(claim)) {
                var until = clock.now().plus(pause);
                verifications.again(
                        claim,
                        claim.plan().postponed(outcome.look(), until),
                        until,
                        claim.failures(),
                        claim.lastOutcome());
            }
        });
    }

    private void startRuns(Waiting claim) {
        var triggerId = claim.triggerId();
        var message = messages.lock(triggerId).orElseThrow();
        var event = CloudEventReader.event(JSON.readTree(message.eventBody()));
        var newRuns = new ArrayList<NewRun>();
        for (var planned : claim.plan().runs()) {
            groups.current(planned.group())
                    .ifPresent(group -> newRuns.add(
                            TriggerJudge.newRun(group, planned.businessKey(), event, triggerId, claim.traceparent())));
        }
        if (newRuns.isEmpty()) {
            discard(triggerId, "Every group that took the message was deleted while it waited for its source.");
            return;
        }
        messages.end(triggerId, TriggerStatus.ACCEPTED, message.dedupKey(), null);
        verifications.delete(triggerId);
        alerts.cure(AlertCondition.REJECTED_TRIGGER, List.of(AlertSignal.trigger(triggerId)));
        runs.start(newRuns);
    }

    private void discard(String triggerId, String sentence) {
        var problem = ProblemException.of(422, "trigger-not-confirmed", "The source did not confirm the message")
                .detail(sentence + " Nothing was started; the message can be sent again.");
        messages.end(triggerId, TriggerStatus.DISCARDED, null, JSON.writeValueAsString(problem.body()));
        verifications.delete(triggerId);
        alerts.cure(AlertCondition.REJECTED_TRIGGER, List.of(AlertSignal.trigger(triggerId)));
    }

    private void lookAgain(Waiting claim, VerificationPlan.LookAgain again, String system) {
        verifications.again(
                claim, again.plan(), JdbcVerifications.dueAt(again.plan()), again.failures(), again.sentence());
        var subject = AlertSignal.trigger(claim.triggerId());
        if (again.alert()) {
            var groupsWaiting = claim.plan().runs();
            alerts.raise(List.of(new AlertSignal(
                    AlertCondition.REJECTED_TRIGGER,
                    subject,
                    groupsWaiting.get(0).group(),
                    system,
                    null,
                    null,
                    "verification at " + system,
                    again.sentence(),
                    clock.now())));
        } else if (again.failures() == 0 && claim.failures() >= VerificationPlan.FAILURES_TO_ALERT) {
            alerts.cure(AlertCondition.REJECTED_TRIGGER, List.of(subject));
        }
    }

    @Override
    public void stop() {
        running = false;
        var looking = thread;
        thread = null;
        if (looking != null) {
            try {
                // Never by interrupt: H2 closes its file when one hits it while it reads.
                looking.join(STOP_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
