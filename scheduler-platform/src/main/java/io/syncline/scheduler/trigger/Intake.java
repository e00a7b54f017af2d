package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.DataSchema;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.tracing.TraceContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_KEY = 512;
    private static final int LONGEST_PATH = 2_000;
    private static final Duration QUEUE_FULL_RETRY = Duration.ofSeconds(10);
    private static final int LONGEST_CHAIN = 20;

    private final TriggerMessages messages;
    private final TaskGroups groups;
    private final Systems systems;
    private final Runs runs;
    private final DatabaseClock clock;
    private final TransactionTemplate transactions;
    private final MeterRegistry meters;
    private final ApplicationEventPublisher events;
    private final Verifications verifications;
    private final AlertSignals alerts;
    private final DataSchemas schemas = new DataSchemas();

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
        this.verifications = verifications;
        this.alerts = alerts;
        this.groups = groups;
        this.systems = systems;
        this.runs = runs;
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
        if (isForeign(event, sender.system())) {
            count(event.source(), sender, "forbidden");
            events.publishEvent(new ForeignSource(sender.client(), event.source(), event.id()));
            return foreign();
        }
        return judged(new Arrival(event, sender, null, null));
    }

    /** What would become of the message now: everything is done as always, and then undone. */
    Judgement tryOut(CloudEvent event, Sender sender) {
        if (isForeign(event, sender.system())) {
            return foreign();
        }
        var arrival = new Arrival(event, sender, null, null);
        var hash = ContentHash.of(event);
        try {
            return undone(arrival, hash);
        } catch (DuplicateKeyException e) {
            return undone(arrival, hash);
        }
    }

    private Judgement undone(Arrival arrival, String hash) {
        return unlessFull(
                arrival,
                () -> Objects.requireNonNull(transactions.execute(status -> {
                    status.setRollbackOnly();
                    return inTransaction(arrival, hash, true);
                })));
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
            messages.insert(new StoredMessage(
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
                    clock.now(),
                    null,
                    sender.place(),
                    TraceContext.traceIdOf(sender.traceparent()),
                    0,
                    null));
            tell(triggerId, null, sender.system(), unreadable.source() + " " + UnreadableRecord.TYPE, problem);
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
        CloudEvent event;
        String hash;
        try {
            event = Corrections.corrected(original, correction);
            hash = ContentHash.of(event);
        } catch (MalformedEventException e) {
            throw Corrections.problem(e);
        }
        if (isForeign(event, original.systemKey())) {
            return foreign();
        }
        var sender = new Sender(operator, original.systemKey(), "OPERATOR", traceparent);
        var arrival = new Arrival(event, sender, null, original.triggerId());
        var judgement = unlessFull(arrival, () -> inTransaction(arrival, hash, dryRun));
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
        return judged(new Arrival(new CloudEvent(attributes, data, null), sender, groupKey, null));
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
        return judged(new Arrival(
                new CloudEvent(attributes, data, null),
                new Sender(operator, null, "OPERATOR", traceparent),
                groupKey,
                null));
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

    /**
     * @param groupKey the one group that it starts; null: the rules choose
     * @param resubmitOf the rejected message that it corrects
     */
    private record Arrival(
            CloudEvent event,
            Sender sender,
            @Nullable String groupKey,
            @Nullable String resubmitOf) {}

    private Judgement judged(Arrival arrival) {
        var hash = ContentHash.of(arrival.event());
        try {
            return counted(arrival, once(arrival, hash));
        } catch (DuplicateKeyException e) {
            return counted(arrival, once(arrival, hash));
        }
    }

    private Judgement once(Arrival arrival, String hash) {
        return unlessFull(
                arrival,
                () -> Objects.requireNonNull(transactions.execute(status -> inTransaction(arrival, hash, false))));
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

    private Judgement inTransaction(Arrival arrival, String hash, boolean dryRun) {
        var event = arrival.event();
        var groupKey = arrival.groupKey();
        var dedupKey = ContentHash.dedupKey(event.source(), event.id());
        var first = messages.accepted(dedupKey);
        if (first.isPresent()) {
            var triggerId = first.get().triggerId();
            if (!first.get().contentHash().equals(hash)) {
                return refuse(arrival, hash, TriggerStatus.CONFLICT, reused(first.get()), null, dryRun);
            }
            if (!dryRun) {
                messages.cameAgain(triggerId, clock.now());
            }
            return new Judgement.Duplicate(triggerId, first.get().status(), started(triggerId));
        }
        var matching = groupKey == null ? groups.matching(event.source(), event.type()) : only(groupKey);
        if (matching.isEmpty()) {
            return refuse(arrival, hash, TriggerStatus.REJECTED, noRule(event, groupKey), null, dryRun);
        }
        var triggerId = Ids.next();
        var now = clock.now();
        var traceparent = TraceContext.orNew(arrival.sender().traceparent());
        var newRuns = new ArrayList<NewRun>();
        var planned = new ArrayList<VerificationPlan.PlannedRun>();
        var looks = new LinkedHashSet<VerificationPlan.Look>();
        for (TaskGroup group : matching) {
            // A start by hand or by time is not the rule's message.
            var rule =
                    groupKey == null ? group.rule(event.source(), event.type()).orElse(null) : null;
            var schema = rule == null ? null : rule.dataSchema();
            var violations = schema == null ? List.<DataSchema.Violation>of() : schemas.violations(schema, event);
            if (!violations.isEmpty()) {
                return refuse(
                        arrival, hash, TriggerStatus.REJECTED, invalidData(group, violations), group.key(), dryRun);
            }
            var template = rule == null ? null : rule.businessKey();
            var businessKey = template == null ? event.subject() : shortKey(template, event);
            if (template != null && businessKey == null) {
                return refuse(arrival, hash, TriggerStatus.REJECTED, missing(group, template), group.key(), dryRun);
            }
            var verify = rule == null ? null : rule.verify();
            if (verify != null) {
                var path = Places.filled(verify.path(), event, Intake::percentEncoded);
                if (path == null) {
                    return refuse(
                            arrival, hash, TriggerStatus.REJECTED, missing(group, verify.path()), group.key(), dryRun);
                }
                if (path.length() > LONGEST_PATH || Places.climbs(path)) {
                    return refuse(
                            arrival, hash, TriggerStatus.REJECTED, noPath(group, verify.path()), group.key(), dryRun);
                }
                looks.add(VerificationPlan.look(verify, path, now));
            }
            planned.add(new VerificationPlan.PlannedRun(group.key(), businessKey));
            newRuns.add(newRun(group, businessKey, event, triggerId, traceparent));
        }
        var status = looks.isEmpty() ? TriggerStatus.ACCEPTED : TriggerStatus.VERIFYING;
        messages.insert(stored(triggerId, arrival, hash, status, dedupKey, null, traceparent));
        cure(arrival);
        if (!looks.isEmpty()) {
            if (dryRun) {
                return new Judgement.Verifying(triggerId, runs.start(newRuns));
            }
            verifications.insert(triggerId, new VerificationPlan(planned, List.copyOf(looks)), traceparent);
            return new Judgement.Verifying(triggerId, List.of());
        }
        return new Judgement.Accepted(triggerId, runs.start(newRuns));
    }

    static NewRun newRun(
            TaskGroup group,
            @Nullable String businessKey,
            CloudEvent event,
            String triggerId,
            @Nullable String traceparent) {
        return new NewRun(
                group,
                businessKey,
                orderingKey(event, businessKey),
                event.partitionKey() != null,
                triggerId,
                triggerBody(event),
                traceparent);
    }

    /** Blanks become %20, so that it fits a path and a query alike. */
    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static @Nullable String shortKey(String template, CloudEvent event) {
        var text = Places.filled(template, event, UnaryOperator.identity());
        return text == null || text.isEmpty() || text.length() > LONGEST_KEY ? null : text;
    }

    /**
     * A message that is taken makes good those that were rejected under its source and id; a correction also the one it
     * corrects, those that this corrected itself, and what else was tried in the place of these.
     */
    private void cure(Arrival arrival) {
        var event = arrival.event();
        var cured = new LinkedHashSet<String>();
        if (arrival.resubmitOf() != null) {
            cured.addAll(correctedBy(arrival.resubmitOf()));
        }
        cured.addAll(messages.rejected(event.source(), event.id(), LONGEST_CHAIN));
        if (!cured.isEmpty()) {
            alerts.cure(
                    AlertCondition.REJECTED_TRIGGER,
                    cured.stream().map(AlertSignal::trigger).toList());
        }
    }

    private Set<String> correctedBy(String resubmitOf) {
        var chain = new LinkedHashSet<String>();
        for (var id = Optional.of(resubmitOf); id.isPresent() && chain.size() < LONGEST_CHAIN; ) {
            chain.add(id.get());
            id = messages.find(id.get(), Labels.ALL).map(StoredMessage::resubmitOf);
        }
        var corrected = List.copyOf(chain);
        for (int depth = 0; !corrected.isEmpty() && depth < LONGEST_CHAIN; depth++) {
            corrected = messages.copies(corrected).stream()
                    .filter(copy -> copy.status() == TriggerStatus.REJECTED)
                    .map(TriggerMessages.Copy::triggerId)
                    .filter(chain::add)
                    .toList();
        }
        return chain;
    }

    private List<TaskGroup> only(String groupKey) {
        return groups.current(groupKey).stream().toList();
    }

    private List<StartedRun> started(String triggerId) {
        return runs.ofTrigger(triggerId).stream()
                .map(run -> new StartedRun(run.runId(), run.group(), run.state()))
                .toList();
    }

    private static String orderingKey(CloudEvent event, @Nullable String businessKey) {
        var partitionKey = event.partitionKey();
        if (partitionKey != null) {
            return partitionKey;
        }
        return businessKey == null ? NewRun.COMMON_KEY : businessKey;
    }

    private Judgement refuse(
            Arrival arrival,
            String hash,
            TriggerStatus status,
            ProblemException problem,
            @Nullable String group,
            boolean dryRun) {
        var triggerId = Ids.next();
        if (dryRun) {
            return new Judgement.Refused(status, triggerId, problem);
        }
        messages.insert(stored(
                triggerId,
                arrival,
                hash,
                status,
                null,
                JSON.writeValueAsString(problem.body()),
                arrival.sender().traceparent()));
        if (status == TriggerStatus.REJECTED) {
            var event = arrival.event();
            tell(triggerId, group, arrival.sender().system(), event.source() + " " + event.type(), problem);
        }
        return new Judgement.Refused(status, triggerId, problem.member("triggerId", triggerId));
    }

    private void tell(
            String triggerId, @Nullable String group, @Nullable String system, String what, ProblemException problem) {
        alerts.raise(List.of(new AlertSignal(
                AlertCondition.REJECTED_TRIGGER,
                AlertSignal.trigger(triggerId),
                group,
                system,
                null,
                null,
                what + " " + problem.type().substring(problem.type().lastIndexOf('/') + 1),
                "A trigger message was rejected: " + problem.title() + ".",
                clock.now())));
    }

    private static ProblemException reused(StoredMessage first) {
        return ProblemException.of(422, "trigger-id-reused", "The message id is taken")
                .detail("Another message with this source and id, but other content, was accepted as trigger "
                        + first.triggerId() + ". Send a new id for new content.");
    }

    private static ProblemException noRule(CloudEvent event, @Nullable String groupKey) {
        return ProblemException.of(422, "no-trigger-rule", "No task group takes this message")
                .detail(
                        groupKey == null
                                ? "No group has a trigger rule for source '" + event.source() + "' and type '"
                                        + event.type() + "'. The message is kept as REJECTED; its id can be sent again."
                                : "There is no group '" + groupKey + "' any more.");
    }

    private static ProblemException missing(TaskGroup group, String template) {
        return ProblemException.of(422, "trigger-data-invalid", "The data of the message is not valid")
                .detail("The rule of group '" + group.key() + "' fills " + template
                        + " from the message, which lacks one of its places or has no short text or number there.");
    }

    private static ProblemException noPath(TaskGroup group, String template) {
        return ProblemException.of(422, "trigger-data-invalid", "The data of the message is not valid")
                .detail("The rule of group '" + group.key() + "' fills " + template
                        + " from the message to a path that has more than " + LONGEST_PATH
                        + " characters or a segment '.' or '..'.");
    }

    private static ProblemException invalidData(TaskGroup group, List<DataSchema.Violation> violations) {
        var problem = ProblemException.of(422, "trigger-data-invalid", "The data of the message is not valid")
                .detail("The data breaks the JSON Schema in the rule of group '" + group.key()
                        + "'. The message is kept as REJECTED; its id can be sent again.");
        violations.forEach(violation -> problem.error(violation.pointer(), violation.detail(), violation.code()));
        return problem;
    }

    private static String triggerBody(CloudEvent event) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("source", event.source());
        members.put("id", event.id());
        members.put("type", event.type());
        members.put("time", event.time());
        members.put("data", dataOf(event));
        return JSON.writeValueAsString(members);
    }

    private static @Nullable Object dataOf(CloudEvent event) {
        return event.bytes() == null ? event.data() : Base64.getEncoder().encodeToString(event.bytes());
    }

    private StoredMessage stored(
            String triggerId,
            Arrival arrival,
            String hash,
            TriggerStatus status,
            @Nullable String dedupKey,
            @Nullable String problem,
            @Nullable String traceparent) {
        var event = arrival.event();
        var sender = arrival.sender();
        return new StoredMessage(
                triggerId,
                event.source(),
                event.id(),
                event.type(),
                event.subject(),
                event.partitionKey(),
                event.time(),
                status,
                dedupKey,
                hash,
                JSON.writeValueAsString(structured(event)),
                problem,
                sender.client(),
                sender.system(),
                sender.transport(),
                clock.now(),
                arrival.resubmitOf(),
                sender.place(),
                TraceContext.traceIdOf(traceparent),
                0,
                null);
    }

    private static Map<String, @Nullable Object> structured(CloudEvent event) {
        var body = new LinkedHashMap<String, @Nullable Object>(event.attributes());
        if (event.data() != null) {
            body.put("data", event.data());
        } else if (event.bytes() != null) {
            body.put("data_base64", Base64.getEncoder().encodeToString(event.bytes()));
        }
        return body;
    }
}
