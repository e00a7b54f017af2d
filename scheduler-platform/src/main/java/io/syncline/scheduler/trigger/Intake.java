package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.catalog.TriggerRule;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.QueueFullException;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
    private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z0-9._-]+)}");
    private static final int LONGEST_KEY = 512;
    private static final Duration QUEUE_FULL_RETRY = Duration.ofSeconds(10);

    private final JdbcTriggerMessages messages;
    private final TaskGroups groups;
    private final Systems systems;
    private final Runs runs;
    private final DatabaseClock clock;
    private final TransactionTemplate transactions;
    private final MeterRegistry meters;
    private final ApplicationEventPublisher events;

    Intake(
            JdbcTriggerMessages messages,
            TaskGroups groups,
            Systems systems,
            Runs runs,
            DatabaseClock clock,
            PlatformTransactionManager transactions,
            MeterRegistry meters,
            ApplicationEventPublisher events) {
        this.messages = messages;
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
        var owners = systems.ownersOf(event.source());
        if (!owners.isEmpty() && (sender.system() == null || !owners.contains(sender.system()))) {
            count(event, sender, "forbidden");
            events.publishEvent(new ForeignSource(sender.client(), event.source(), event.id()));
            return new Judgement.Forbidden(ProblemException.of(403, "foreign-source", "The source belongs to others")
                    .detail("Only clients of the system that lists this source may send it."));
        }
        return judged(event, sender, null);
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
        var sender = new Sender("syncline", null, "SCHEDULE", null);
        return judged(new CloudEvent(attributes, data, null), sender, groupKey);
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
        return judged(
                new CloudEvent(attributes, data, null), new Sender(operator, null, "OPERATOR", traceparent), groupKey);
    }

    private Judgement counted(CloudEvent event, Sender sender, Judgement judgement) {
        var outcome = judgement instanceof Judgement.Refused refused
                ? refused.status().name()
                : judgement.getClass().getSimpleName();
        count(event, sender, outcome.toLowerCase(Locale.ROOT));
        return judgement;
    }

    /** Sources that nobody takes are the senders' own words and stay out of the meters. */
    private void count(CloudEvent event, Sender sender, String outcome) {
        var source = event.source().startsWith(SCHEDULES) ? "/syncline/schedules" : event.source();
        Counter.builder("syncline.triggers.received")
                .description("Trigger messages that were judged")
                .tag("source", outcome.equals("rejected") ? "unknown" : source)
                .tag("transport", sender.transport())
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    /** @param groupKey the one group that it starts; null: the rules choose */
    private Judgement judged(CloudEvent event, Sender sender, @Nullable String groupKey) {
        var hash = ContentHash.of(event);
        try {
            return counted(event, sender, once(event, hash, sender, groupKey));
        } catch (DuplicateKeyException e) {
            return counted(event, sender, once(event, hash, sender, groupKey));
        }
    }

    private Judgement once(CloudEvent event, String hash, Sender sender, @Nullable String groupKey) {
        try {
            return java.util.Objects.requireNonNull(
                    transactions.execute(status -> inTransaction(event, hash, sender, groupKey)));
        } catch (QueueFullException e) {
            count(event, sender, "queue-full");
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

    private Judgement inTransaction(CloudEvent event, String hash, Sender sender, @Nullable String groupKey) {
        var dedupKey = ContentHash.dedupKey(event.source(), event.id());
        var first = messages.accepted(dedupKey);
        if (first.isPresent()) {
            return first.get().contentHash().equals(hash)
                    ? new Judgement.Duplicate(
                            first.get().triggerId(), started(first.get().triggerId()))
                    : refuse(event, hash, sender, TriggerStatus.CONFLICT, reused(first.get()));
        }
        var matching = groupKey == null ? groups.matching(event.source(), event.type()) : only(groupKey);
        if (matching.isEmpty()) {
            return refuse(event, hash, sender, TriggerStatus.REJECTED, noRule(event, groupKey));
        }
        var triggerId = Ids.next();
        var newRuns = new ArrayList<NewRun>();
        for (TaskGroup group : matching) {
            var rule = group.rule(event.source(), event.type());
            var template = rule.map(TriggerRule::businessKey).orElse(null);
            var businessKey = template == null ? event.subject() : filled(template, event);
            if (template != null && businessKey == null) {
                return refuse(event, hash, sender, TriggerStatus.REJECTED, noBusinessKey(group, template));
            }
            newRuns.add(new NewRun(
                    group,
                    businessKey,
                    orderingKey(event, businessKey),
                    event.partitionKey() != null,
                    triggerId,
                    triggerBody(event),
                    sender.traceparent()));
        }
        messages.insert(stored(triggerId, event, hash, sender, TriggerStatus.ACCEPTED, dedupKey, null));
        return new Judgement.Accepted(triggerId, runs.start(newRuns));
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
            CloudEvent event, String hash, Sender sender, TriggerStatus status, ProblemException problem) {
        var triggerId = Ids.next();
        messages.insert(stored(triggerId, event, hash, sender, status, null, JSON.writeValueAsString(problem.body())));
        return new Judgement.Refused(status, triggerId, problem.member("triggerId", triggerId));
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

    private static ProblemException noBusinessKey(TaskGroup group, String template) {
        return ProblemException.of(422, "trigger-data-invalid", "The data of the message is not valid")
                .detail("The rule of group '" + group.key() + "' takes the business key from " + template
                        + ", which this message lacks or which is no short text or number.");
    }

    /** The template with its places filled from the message; null when one cannot be. */
    private static @Nullable String filled(String template, CloudEvent event) {
        var text = new StringBuilder();
        var places = PLACE.matcher(template);
        while (places.find()) {
            var content = content(places.group(1), event);
            if (content.isEmpty()) {
                return null;
            }
            places.appendReplacement(text, java.util.regex.Matcher.quoteReplacement(content.get()));
        }
        places.appendTail(text);
        return text.isEmpty() || text.length() > LONGEST_KEY ? null : text.toString();
    }

    private static Optional<String> content(String place, CloudEvent event) {
        if (!place.startsWith("data.")) {
            return Optional.ofNullable(event.attributes().get(place));
        }
        var node = event.data();
        for (String member : place.substring("data.".length()).split("\\.", -1)) {
            node = node == null ? null : node.get(member);
        }
        if (node == null || !(node.isString() || node.isIntegralNumber() || node.isBoolean())) {
            return Optional.empty();
        }
        return Optional.of(node.asString()).filter(text -> !text.isBlank());
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
            CloudEvent event,
            String hash,
            Sender sender,
            TriggerStatus status,
            @Nullable String dedupKey,
            @Nullable String problem) {
        var body = new LinkedHashMap<String, @Nullable Object>(event.attributes());
        if (event.data() != null) {
            body.put("data", event.data());
        } else if (event.bytes() != null) {
            body.put("data_base64", Base64.getEncoder().encodeToString(event.bytes()));
        }
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
                JSON.writeValueAsString(body),
                problem,
                sender.client(),
                sender.system(),
                sender.transport(),
                clock.now());
    }
}
