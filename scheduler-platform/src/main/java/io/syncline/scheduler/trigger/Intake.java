package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.PassingFailure;
import io.syncline.tracing.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges trigger messages. Message, runs and task runs are one transaction, committed before the judgement is returned;
 * two copies that come at the same moment meet at the unique key, and the second is judged again as a copy.
 */
@Service
public class Intake {

    /** Source of messages that an operator sends by hand. */
    public static final String OPERATORS = "/syncline/operators";

    /** Source of messages that time sends; the group's key follows. */
    public static final String SCHEDULES = "/syncline/schedules/";

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration QUEUE_FULL_RETRY = Duration.ofSeconds(10);

    /** Characters of events in one transaction. */
    private static final int MOST_TOGETHER = 4 << 20;

    private final TriggerMessages messages;
    private final TriggerJudge judge;
    private final Systems systems;
    private final DatabaseClock clock;
    private final TransactionTemplate transactions;
    private final MeterRegistry meters;
    private final ApplicationEventPublisher events;
    private final AlertSignals alerts;

    Intake(
            TriggerMessages messages,
            Verifications verifications,
            AlertSignals alerts,
            TaskGroups groups,
            Systems systems,
            Runs runs,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            MeterRegistry meters,
            ApplicationEventPublisher events) {
        this.messages = messages;
        this.judge = new TriggerJudge(messages, verifications, alerts, groups, runs, clock);
        this.alerts = alerts;
        this.systems = systems;
        this.clock = clock;
        this.transactions = new TransactionTemplate(transactions);
        this.meters = meters;
        this.events = events;
    }

    /**
     * @throws MalformedEventException (422) for content that cannot be compared
     * @throws ProblemException (429) when a group's queue is full; nothing is kept
     */
    Judgement accept(CloudEvent event, Sender sender) {
        var forbidden = forbidden(event, sender);
        return forbidden.isPresent() ? forbidden.get() : judged(Arrival.of(event, sender));
    }

    /** What a message of a source that belongs to others is answered; empty for any other. */
    Optional<Judgement> forbidden(CloudEvent event, Sender sender) {
        if (!isForeign(event, sender.system())) {
            return Optional.empty();
        }
        count(event.source(), sender, "forbidden");
        events.publishEvent(new ForeignSource(sender.client(), event.source(), event.id()));
        return Optional.of(foreign());
    }

    /**
     * Judges messages in this order, together as far as they allow it: in one transaction, else one by one. None is
     * {@link #forbidden}.
     *
     * @return of each, in this order: its judgement or why there is none
     */
    List<Judged> accept(List<Arrival> arrivals) {
        var judged = new ArrayList<Judged>();
        while (judged.size() < arrivals.size()) {
            var wave = wave(arrivals.subList(judged.size(), arrivals.size()));
            var some = wave.size() == 1 ? List.of(alone(wave.get(0))) : together(wave);
            judged.addAll(some);
            var away = some.get(some.size() - 1).failure();
            if (away != null && PassingFailure.isAway(away)) {
                // Each would wait for the database again while its sender has gone.
                while (judged.size() < arrivals.size()) {
                    judged.add(new Judged(null, away));
                }
            }
        }
        return judged;
    }

    /** The first of them, as far as none is a copy of another. */
    private static List<Arrival> wave(List<Arrival> arrivals) {
        var keys = new HashSet<String>();
        long characters = 0;
        int size = 0;
        for (Arrival arrival : arrivals) {
            characters += arrival.eventBody().length();
            if (!keys.add(arrival.dedupKey()) || (size > 0 && characters > MOST_TOGETHER)) {
                break;
            }
            size++;
        }
        return arrivals.subList(0, size);
    }

    private List<Judged> together(List<Arrival> wave) {
        List<Judgement> judgements;
        try {
            judgements = Objects.requireNonNull(transactions.execute(status -> judge.judge(wave, false)));
        } catch (RuntimeException | StackOverflowError e) {
            if (PassingFailure.isAway(e)) {
                LOG.warn("{} messages could not be stored: {}", wave.size(), e.getMessage());
                return wave.stream().map(any -> new Judged(null, e)).toList();
            }
            LOG.debug("{} messages are judged one by one", wave.size(), e);
            return wave.stream().map(this::alone).toList();
        }
        var judged = new ArrayList<Judged>();
        for (int i = 0; i < wave.size(); i++) {
            judged.add(new Judged(counted(wave.get(i), judgements.get(i)), null));
        }
        return judged;
    }

    private Judged alone(Arrival arrival) {
        try {
            return new Judged(judged(arrival), null);
        } catch (RuntimeException | StackOverflowError e) {
            return new Judged(null, e);
        }
    }

    /** What became of one message: one of the two is there. */
    record Judged(@Nullable Judgement judgement, @Nullable Throwable failure) {

        /**
         * @throws MalformedEventException (422) for content that cannot be compared
         * @throws ProblemException (429) when a group's queue is full; nothing is kept
         */
        Judgement get() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            return Objects.requireNonNull(judgement);
        }
    }

    /** What would become of the message now: everything is done as always, and then undone. */
    Judgement tryOut(CloudEvent event, Sender sender) {
        if (isForeign(event, sender.system())) {
            return foreign();
        }
        var arrival = Arrival.of(event, sender);
        try {
            return undone(arrival);
        } catch (DuplicateKeyException e) {
            return undone(arrival);
        }
    }

    private Judgement undone(Arrival arrival) {
        return unlessFull(
                arrival,
                () -> Objects.requireNonNull(transactions.execute(status -> {
                    status.setRollbackOnly();
                    return one(arrival, true);
                })));
    }

    private Judgement one(Arrival arrival, boolean dryRun) {
        return judge.judge(List.of(arrival), dryRun).get(0);
    }

    private boolean isForeign(CloudEvent event, @Nullable String system) {
        var owners = systems.ownersOf(event.source());
        return !owners.isEmpty() && (system == null || !owners.contains(system));
    }

    private static Judgement.Forbidden foreign() {
        return new Judgement.Forbidden(ProblemException.of(403, "foreign-source", "The source belongs to others")
                .detail("Only clients of the system that lists this source may send it."));
    }

    /**
     * Keeps a record of which no event could be made as REJECTED, under the name of its topic and its place there; one that
     * is kept already is not kept twice.
     */
    void keepUnreadable(UnreadableRecord unreadable, ProblemException problem, Sender sender) {
        var stored = unreadable.stored();
        var hash = ContentHash.sha256(stored.getBytes(StandardCharsets.UTF_8));
        transactions.executeWithoutResult(status -> {
            if (messages.isKept(unreadable.source(), unreadable.id(), hash)) {
                return;
            }
            var triggerId = Ids.next();
            var now = clock.now();
            messages.insert(List.of(new StoredMessage(
                    triggerId,
                    unreadable.source(),
                    unreadable.id(),
                    UnreadableRecord.TYPE,
                    null,
                    null,
                    null,
                    TriggerStatus.REJECTED,
                    null,
                    hash,
                    stored,
                    JSON.writeValueAsString(problem.body()),
                    sender.client(),
                    sender.system(),
                    sender.transport(),
                    now,
                    null,
                    sender.place(),
                    TraceContext.traceIdOf(sender.traceparent()),
                    0,
                    null)));
            alerts.raise(List.of(TriggerJudge.rejected(
                    triggerId,
                    null,
                    sender.system(),
                    unreadable.source() + " " + UnreadableRecord.TYPE,
                    problem,
                    now)));
            count(unreadable.source(), sender, "rejected");
        });
    }

    /** Whether there is such a message, whatever became of it. */
    public boolean isKept(String triggerId) {
        return messages.find(triggerId, Labels.ALL).isPresent();
    }

    /**
     * Judges a corrected copy of a rejected message, as sent by its system; both know of each other. Joins the caller's
     * transaction, which has to be tried once more when a copy came at the same moment.
     *
     * @return empty when there is no such message
     * @throws DuplicateKeyException when a copy came at the same moment
     * @throws ProblemException 409 when it is not REJECTED, or a corrected copy of it was taken; 422 when the correction
     *     makes no event
     */
    public Optional<Judgement> resubmit(
            Correction correction, String operator, @Nullable String traceparent, boolean dryRun) {
        return Objects.requireNonNull(transactions.execute(status -> messages.lock(correction.triggerId())
                .map(original -> resubmit(original, correction, operator, traceparent, dryRun))));
    }

    private Judgement resubmit(
            StoredMessage original,
            Correction correction,
            String operator,
            @Nullable String traceparent,
            boolean dryRun) {
        if (original.status() != TriggerStatus.REJECTED) {
            throw notResubmittable(
                    original,
                    "The message is " + original.status() + "; only a REJECTED one can be sent"
                            + " again with corrections.");
        }
        messages.copies(List.of(original.triggerId())).stream()
                .filter(copy -> copy.status() == TriggerStatus.ACCEPTED || copy.status() == TriggerStatus.VERIFYING)
                .findFirst()
                .ifPresent(copy -> {
                    throw notResubmittable(
                            original, "Its corrected copy " + copy.triggerId() + " is " + copy.status() + " already.");
                });
        var sender = new Sender(operator, original.systemKey(), "OPERATOR", traceparent);
        Arrival arrival;
        try {
            arrival = Arrival.correcting(original.triggerId(), Corrections.corrected(original, correction), sender);
        } catch (MalformedEventException e) {
            throw Corrections.problem(e);
        }
        if (isForeign(arrival.event(), original.systemKey())) {
            return foreign();
        }
        var judgement = unlessFull(arrival, () -> one(arrival, dryRun));
        return dryRun ? judgement : counted(arrival, judgement);
    }

    private static ProblemException notResubmittable(StoredMessage original, String detail) {
        return ProblemException.of(409, "illegal-action", "The action is not legal now")
                .detail(detail)
                .member("currentState", original.status().name())
                .member("allowedActions", List.of());
    }

    /**
     * A time schedule's message: keyed by group and intended fire time, so that a second fire is a copy. It has no business
     * key, so runs of one schedule never overlap.
     */
    public Judgement fire(String groupKey, Instant fireTime) {
        var data = JSON.createObjectNode().put("scheduledFor", fireTime.toString());
        var attributes = new TreeMap<>(Map.of(
                "specversion",
                "1.0",
                "source",
                SCHEDULES + groupKey,
                "id",
                fireTime.toString(),
                "type",
                "io.syncline.schedule.fired",
                "time",
                fireTime.toString()));
        var sender =
                new Sender("syncline", null, "SCHEDULE", TraceContext.current().orElse(null));
        return judged(Arrival.forGroup(groupKey, new CloudEvent(attributes, data, null), sender));
    }

    /**
     * An operator's start of one group.
     *
     * @param messageId the same for every repetition of one call; null: a new one
     */
    public Judgement start(
            String groupKey,
            @Nullable String messageId,
            String operator,
            @Nullable String businessKey,
            @Nullable JsonNode data,
            @Nullable String partitionKey,
            @Nullable String traceparent) {
        var attributes = new TreeMap<>(Map.of(
                "specversion",
                "1.0",
                "source",
                OPERATORS,
                "id",
                messageId == null ? Ids.next() : messageId,
                "type",
                "io.syncline.group.started"));
        if (businessKey != null) {
            attributes.put("subject", businessKey);
        }
        if (partitionKey != null) {
            attributes.put("partitionkey", partitionKey);
        }
        return judged(Arrival.forGroup(
                groupKey, new CloudEvent(attributes, data, null), new Sender(operator, null, "OPERATOR", traceparent)));
    }

    private Judgement counted(Arrival arrival, Judgement judgement) {
        var outcome = judgement instanceof Judgement.Refused refused
                ? refused.status().name()
                : judgement.getClass().getSimpleName();
        count(arrival.event().source(), arrival.sender(), outcome.toLowerCase(Locale.ROOT));
        return judgement;
    }

    /** Sources that nobody takes are the senders' own words and stay out of the meters. */
    private void count(String from, Sender sender, String outcome) {
        var source = from.startsWith(SCHEDULES) ? "/syncline/schedules" : from;
        Counter.builder("syncline.triggers.received")
                .description("Trigger messages that were judged")
                .tag("source", outcome.equals("rejected") ? "unknown" : source)
                .tag("transport", sender.transport())
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    private Judgement judged(Arrival arrival) {
        try {
            return counted(arrival, once(arrival));
        } catch (DuplicateKeyException e) {
            return counted(arrival, once(arrival));
        }
    }

    private Judgement once(Arrival arrival) {
        return unlessFull(arrival, () -> Objects.requireNonNull(transactions.execute(status -> one(arrival, false))));
    }

    private Judgement unlessFull(Arrival arrival, Supplier<Judgement> judging) {
        try {
            return judging.get();
        } catch (QueueFullException e) {
            count(arrival.event().source(), arrival.sender(), "queue-full");
            throw queueFull(e);
        }
    }

    private static ProblemException queueFull(QueueFullException full) {
        return ProblemException.of(429, "queue-full", "The queue of a task group is full")
                .detail(
                        "Group '" + full.group() + "' has " + full.maxQueued()
                                + " queued runs, as many as its maxQueued allows. Nothing of the message was kept; send it again.")
                .header("Retry-After", Long.toString(QUEUE_FULL_RETRY.toSeconds()));
    }
}
