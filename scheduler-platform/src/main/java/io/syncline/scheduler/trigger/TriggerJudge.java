package io.syncline.scheduler.trigger;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.DataSchema;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.catalog.TriggerRule;
import io.syncline.scheduler.catalog.WhenActive;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.tracing.TraceContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides what becomes of messages and keeps them with the runs that they start, in the caller's transaction. Several at once
 * take as many statements as one.
 */
final class TriggerJudge {

    /** These cannot be judged in one transaction as they would be one after the other. */
    static final class NotTogetherException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotTogetherException(String reason) {
            super(reason);
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_KEY = 512;
    private static final int LONGEST_PATH = 2_000;
    private static final int LONGEST_CHAIN = 20;

    private final TriggerMessages messages;
    private final Verifications verifications;
    private final AlertSignals alerts;
    private final TaskGroups groups;
    private final Runs runs;
    private final DatabaseClock clock;
    private final DataSchemas schemas = new DataSchemas();

    TriggerJudge(
            TriggerMessages messages,
            Verifications verifications,
            AlertSignals alerts,
            TaskGroups groups,
            Runs runs,
            DatabaseClock clock) {
        this.messages = messages;
        this.verifications = verifications;
        this.alerts = alerts;
        this.groups = groups;
        this.runs = runs;
        this.clock = clock;
    }

    /** What a message comes to, before anything of it is kept. */
    private sealed interface Fate {

        record Copy(StoredMessage first) implements Fate {}

        record Refusal(
                String triggerId,
                TriggerStatus status,
                ProblemException problem,
                @Nullable String group) implements Fate {}

        /** @param looks at its source, which come before its runs */
        record Taking(
                String triggerId,
                @Nullable String traceparent,
                List<NewRun> runs,
                List<VerificationPlan.PlannedRun> planned,
                List<VerificationPlan.Look> looks)
                implements Fate {

            TriggerStatus status() {
                return looks.isEmpty() ? TriggerStatus.ACCEPTED : TriggerStatus.VERIFYING;
            }
        }
    }

    /**
     * Judges messages that came in this order, of which no two have one dedup key.
     *
     * @param dryRun tells what would become of them; the caller undoes the transaction
     * @return of each, in this order
     * @throws org.springframework.dao.DuplicateKeyException when a copy of one came at the same moment
     * @throws io.syncline.scheduler.run.QueueFullException when a run of one would wait where too many do
     * @throws NotTogetherException when one has to be committed before another is judged
     */
    List<Judgement> judge(List<Arrival> arrivals, boolean dryRun) {
        var firsts = messages.accepted(arrivals.stream().map(Arrival::dedupKey).toList());
        var now = clock.now();
        var rules = new HashMap<List<String>, List<TaskGroup>>();
        var fates = new ArrayList<Fate>();
        for (Arrival arrival : arrivals) {
            var first = firsts.get(arrival.dedupKey());
            fates.add(first == null ? fate(arrival, rules, now) : fateOfAnother(arrival, first));
        }
        requireIndependent(fates);
        keep(arrivals, fates, now, dryRun);
        return judgements(fates, dryRun);
    }

    private static Fate fateOfAnother(Arrival arrival, StoredMessage first) {
        return first.contentHash().equals(arrival.contentHash())
                ? new Fate.Copy(first)
                : refusal(TriggerStatus.CONFLICT, reused(first), null);
    }

    private Fate fate(Arrival arrival, Map<List<String>, List<TaskGroup>> rules, Instant now) {
        var event = arrival.event();
        var groupKey = arrival.groupKey();
        var matching = groupKey == null
                ? rules.computeIfAbsent(
                        List.of(event.source(), event.type()), any -> groups.matching(event.source(), event.type()))
                : groups.current(groupKey).stream().toList();
        if (matching.isEmpty()) {
            return refusal(TriggerStatus.REJECTED, noRule(event, groupKey), null);
        }
        var triggerId = Ids.next();
        var traceparent = TraceContext.orNew(arrival.sender().traceparent());
        var newRuns = new ArrayList<NewRun>();
        var planned = new ArrayList<VerificationPlan.PlannedRun>();
        var looks = new LinkedHashSet<VerificationPlan.Look>();
        for (TaskGroup group : matching) {
            // A start by hand or by time is not the rule's message.
            TriggerRule rule =
                    groupKey == null ? group.rule(event.source(), event.type()).orElse(null) : null;
            var schema = rule == null ? null : rule.dataSchema();
            var violations = schema == null ? List.<DataSchema.Violation>of() : schemas.violations(schema, event);
            if (!violations.isEmpty()) {
                return refusal(TriggerStatus.REJECTED, invalidData(group, violations), group.key());
            }
            var template = rule == null ? null : rule.businessKey();
            var businessKey = template == null ? event.subject() : shortKey(template, event);
            if (template != null && businessKey == null) {
                return refusal(TriggerStatus.REJECTED, missing(group, template), group.key());
            }
            var verify = rule == null ? null : rule.verify();
            if (verify != null) {
                var path = Places.filled(verify.path(), event, TriggerJudge::percentEncoded);
                if (path == null) {
                    return refusal(TriggerStatus.REJECTED, missing(group, verify.path()), group.key());
                }
                if (path.length() > LONGEST_PATH || Places.climbs(path)) {
                    return refusal(TriggerStatus.REJECTED, noPath(group, verify.path()), group.key());
                }
                looks.add(VerificationPlan.look(verify, path, now));
            }
            planned.add(new VerificationPlan.PlannedRun(group.key(), businessKey));
            newRuns.add(newRun(group, businessKey, event, triggerId, traceparent));
        }
        return new Fate.Taking(triggerId, traceparent, newRuns, planned, List.copyOf(looks));
    }

    private static Fate refusal(TriggerStatus status, ProblemException problem, @Nullable String group) {
        return new Fate.Refusal(Ids.next(), status, problem, group);
    }

    /** A run that is to replace another one of its key has to find it in the database. */
    private static void requireIndependent(List<Fate> fates) {
        var keys = new HashSet<List<String>>();
        for (Fate fate : fates) {
            if (fate instanceof Fate.Taking taking) {
                for (NewRun run : taking.runs()) {
                    if (run.group().whenActive() == WhenActive.CANCEL_THEN_START
                            && !keys.add(List.of(run.group().key(), run.orderingKey()))) {
                        throw new NotTogetherException("several messages replace the run of group '"
                                + run.group().key() + "' and key '" + run.orderingKey() + "'");
                    }
                }
            }
        }
    }

    private void keep(List<Arrival> arrivals, List<Fate> fates, Instant now, boolean dryRun) {
        var rows = new ArrayList<StoredMessage>();
        var rejections = new ArrayList<AlertSignal>();
        var taken = new ArrayList<Arrival>();
        for (int i = 0; i < fates.size(); i++) {
            var arrival = arrivals.get(i);
            var fate = fates.get(i);
            if (fate instanceof Fate.Taking taking) {
                rows.add(arrival.stored(taking.triggerId(), taking.status(), null, taking.traceparent(), now));
                taken.add(arrival);
            } else if (fate instanceof Fate.Refusal refusal && !dryRun) {
                rows.add(arrival.stored(
                        refusal.triggerId(),
                        refusal.status(),
                        JSON.writeValueAsString(refusal.problem().body()),
                        arrival.sender().traceparent(),
                        now));
                if (refusal.status() == TriggerStatus.REJECTED) {
                    rejections.add(rejected(arrival, refusal, now));
                }
            } else if (fate instanceof Fate.Copy copy && !dryRun) {
                messages.cameAgain(copy.first().triggerId(), now);
            }
        }
        messages.insert(rows);
        if (!rejections.isEmpty()) {
            alerts.raise(rejections);
        }
        cure(taken);
        if (!dryRun) {
            for (Fate fate : fates) {
                if (fate instanceof Fate.Taking taking && !taking.looks().isEmpty()) {
                    verifications.insert(
                            taking.triggerId(),
                            new VerificationPlan(taking.planned(), taking.looks()),
                            taking.traceparent());
                }
            }
        }
    }

    private static AlertSignal rejected(Arrival arrival, Fate.Refusal refusal, Instant now) {
        var event = arrival.event();
        return rejected(
                refusal.triggerId(),
                refusal.group(),
                arrival.sender().system(),
                event.source() + " " + event.type(),
                refusal.problem(),
                now);
    }

    static AlertSignal rejected(
            String triggerId,
            @Nullable String group,
            @Nullable String system,
            String what,
            ProblemException problem,
            Instant now) {
        return new AlertSignal(
                AlertCondition.REJECTED_TRIGGER,
                AlertSignal.trigger(triggerId),
                group,
                system,
                null,
                null,
                what + " " + problem.type().substring(problem.type().lastIndexOf('/') + 1),
                "A trigger message was rejected: " + problem.title() + ".",
                now);
    }

    /**
     * A message that is taken makes good those that were rejected under its source and id; a correction also the one it
     * corrects, those that this corrected itself, and what else was tried in the place of these.
     */
    private void cure(List<Arrival> taken) {
        if (taken.isEmpty()) {
            return;
        }
        var cured = new LinkedHashSet<String>();
        for (Arrival arrival : taken) {
            if (arrival.resubmitOf() != null) {
                cured.addAll(correctedBy(arrival.resubmitOf()));
            }
        }
        cured.addAll(messages.rejected(
                taken.stream()
                        .map(arrival -> new TriggerMessages.Name(
                                arrival.event().source(), arrival.event().id()))
                        .toList(),
                LONGEST_CHAIN));
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

    /** Starts the runs of all messages that need not be verified; in a trial, of those as well. */
    private List<Judgement> judgements(List<Fate> fates, boolean dryRun) {
        Function<Fate.Taking, List<NewRun>> starting =
                taking -> dryRun || taking.looks().isEmpty() ? taking.runs() : List.of();
        var newRuns = new ArrayList<NewRun>();
        var copied = new ArrayList<String>();
        for (Fate fate : fates) {
            if (fate instanceof Fate.Taking taking) {
                newRuns.addAll(starting.apply(taking));
            } else if (fate instanceof Fate.Copy copy) {
                copied.add(copy.first().triggerId());
            }
        }
        var started = newRuns.isEmpty() ? List.<StartedRun>of() : runs.start(newRuns);
        var ofCopies = runs.ofTriggers(copied);
        var judgements = new ArrayList<Judgement>();
        int from = 0;
        for (Fate fate : fates) {
            if (fate instanceof Fate.Taking taking) {
                int to = from + starting.apply(taking).size();
                var own = List.copyOf(started.subList(from, to));
                from = to;
                judgements.add(
                        taking.looks().isEmpty()
                                ? new Judgement.Accepted(taking.triggerId(), own)
                                : new Judgement.Verifying(taking.triggerId(), own));
            } else if (fate instanceof Fate.Copy copy) {
                var first = copy.first();
                judgements.add(new Judgement.Duplicate(
                        first.triggerId(),
                        first.status(),
                        ofCopies.getOrDefault(first.triggerId(), List.of()).stream()
                                .map(run -> new StartedRun(run.runId(), run.group(), run.state()))
                                .toList()));
            } else if (fate instanceof Fate.Refusal refusal) {
                judgements.add(new Judgement.Refused(
                        refusal.status(),
                        refusal.triggerId(),
                        dryRun ? refusal.problem() : refusal.problem().member("triggerId", refusal.triggerId())));
            }
        }
        return judgements;
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

    private static String orderingKey(CloudEvent event, @Nullable String businessKey) {
        var partitionKey = event.partitionKey();
        if (partitionKey != null) {
            return partitionKey;
        }
        return businessKey == null ? NewRun.COMMON_KEY : businessKey;
    }

    private static String triggerBody(CloudEvent event) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("source", event.source());
        members.put("id", event.id());
        members.put("type", event.type());
        members.put("time", event.time());
        members.put(
                "data",
                event.bytes() == null ? event.data() : Base64.getEncoder().encodeToString(event.bytes()));
        return JSON.writeValueAsString(members);
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
}
