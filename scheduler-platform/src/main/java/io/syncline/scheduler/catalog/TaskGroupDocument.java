package io.syncline.scheduler.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads and checks one task group document; everything wrong with it is found in one pass. */
final class TaskGroupDocument {

    static final String KIND = "TaskGroup";

    private static final Set<String> MEMBERS = Stream.concat(
                    Header.MEMBERS.stream(),
                    Stream.of(
                            "triggers",
                            "schedule",
                            "expectBy",
                            "startBy",
                            "freshness",
                            "whenActive",
                            "maxActive",
                            "maxQueued",
                            "defaults",
                            "tasks",
                            "alerts"))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> TASK_MEMBERS = Stream.concat(
                    Defaults.MEMBERS.stream(),
                    Stream.of("key", "mode", "system", "path", "cancelPath", "parameters", "auth", "request", "reply"))
            .collect(Collectors.toUnmodifiableSet());

    private static final int MOST_TASKS = 200;
    private static final int MOST_RULES = 100;
    private static final int MOST_ACTIVE = 1000;
    private static final int MOST_QUEUED = 1_000_000;
    private static final int MOST_CATCH_UP = 1000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int GIVE_UP_FACTOR = 5;

    private final List<DocumentError> errors = new ArrayList<>();
    private final Surroundings surroundings;
    private final boolean checkSystems;

    private TaskGroupDocument(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.checkSystems = surroundings != Surroundings.STORED;
    }

    /** @throws InvalidDocumentException with all that is wrong */
    static TaskGroup read(ObjectNode document, String key, int version, Surroundings surroundings) {
        return new TaskGroupDocument(surroundings).read(document, key, version);
    }

    /** Reads the member {@code schedule} alone. @throws InvalidDocumentException with all that is wrong with it */
    static Schedule readSchedule(ObjectNode holder, Surroundings surroundings) {
        TaskGroupDocument reader = new TaskGroupDocument(surroundings);
        Members members = Members.of(holder, reader.errors, Set.of("schedule"));
        members.required("schedule");
        Schedule read = reader.schedule(members);
        if (read == null || !reader.errors.isEmpty()) {
            throw new InvalidDocumentException(reader.errors);
        }
        return read;
    }

    private TaskGroup read(ObjectNode document, String key, int version) {
        Members members = Members.of(document, errors, MEMBERS);
        Header header = Header.read(members, KIND, key, surroundings.labels());
        List<TriggerRule> triggers = triggers(members);
        Schedule schedule = schedule(members);
        ExpectBy expectBy = expectBy(members);
        Duration startBy = members.duration("startBy", SECOND);
        Duration freshness = members.duration("freshness", SECOND);
        WhenActive whenActive = whenActive(members);
        int maxActive = number(members, "maxActive", MOST_ACTIVE, TaskGroup.DEFAULT_MAX_ACTIVE);
        int maxQueued = number(members, "maxQueued", MOST_QUEUED, TaskGroup.DEFAULT_MAX_QUEUED);
        Members given = members.object("defaults", Defaults.MEMBERS);
        Defaults defaults = given == null ? Defaults.NONE : Defaults.read(given);
        List<TaskDefinition> tasks = tasks(members, defaults);
        List<AlertRule> alerts = alerts(members);
        if (!errors.isEmpty()) {
            throw new InvalidDocumentException(errors);
        }
        return new TaskGroup(
                key,
                version,
                header.description(),
                header.owner(),
                header.labels(),
                triggers,
                schedule,
                expectBy,
                startBy,
                freshness,
                whenActive,
                maxActive,
                maxQueued,
                alerts,
                tasks,
                Documents.members(document));
    }

    private List<TriggerRule> triggers(Members members) {
        Set<TriggerRule> seen = new HashSet<>();
        Set<String> known = Set.of("source", "type", "businessKey", "verify", "dataSchema");
        return members.objects("triggers", MOST_RULES, known, (rule, place) -> {
            rule.required("source");
            rule.required("type");
            String source = rule.text("source", 500);
            String type = rule.text("type", 255);
            String businessKey = rule.text("businessKey", 500);
            if (businessKey != null && !BusinessKeyTemplate.valid(businessKey)) {
                rule.error("businessKey", BusinessKeyTemplate.RULE, DocumentError.INVALID);
            }
            Verification verify = verification(rule);
            String dataSchema = dataSchema(rule);
            if (source == null || type == null) {
                return null;
            }
            if (!seen.add(new TriggerRule(source, type, null))) {
                rule.error("type", "an earlier rule takes the same source and type", DocumentError.DUPLICATE);
            }
            return new TriggerRule(source, type, businessKey, verify, dataSchema);
        });
    }

    private @Nullable Verification verification(Members rule) {
        Members verify = rule.object("verify", Set.of("system", "path", "after", "giveUpAfter"));
        if (verify == null) {
            return null;
        }
        verify.required("system");
        verify.required("path");
        verify.required("after");
        String system = verify.key("system");
        if (system != null && checkSystems) {
            callable(verify, system, Auth.OF_SYSTEM);
        }
        String path = verify.text("path", 1000);
        if (path != null && !VerificationPath.valid(path)) {
            verify.error("path", VerificationPath.RULE, DocumentError.INVALID);
        }
        Duration after = verify.duration("after", Duration.ofMillis(100));
        Duration giveUpAfter = verify.duration("giveUpAfter", Duration.ofMillis(100));
        if (system == null || path == null || after == null) {
            return null;
        }
        if (giveUpAfter != null && giveUpAfter.compareTo(after) < 0) {
            verify.error("giveUpAfter", "must not be shorter than after (" + after + ")", DocumentError.OUT_OF_RANGE);
        }
        return new Verification(
                system, path, after, giveUpAfter == null ? after.multipliedBy(GIVE_UP_FACTOR) : giveUpAfter);
    }

    private @Nullable String dataSchema(Members rule) {
        ObjectNode schema = rule.anyNode("dataSchema");
        if (schema == null) {
            return null;
        }
        if (checkSystems) {
            DataSchema.faults(schema)
                    .forEach(fault -> errors.add(new DocumentError(
                            rule.pointer("dataSchema") + fault.pointer(), fault.detail(), fault.code())));
        }
        return schema.toString();
    }

    private @Nullable Schedule schedule(Members members) {
        Members schedule = members.object("schedule", Set.of("cron", "zone", "calendar", "misfire", "maxCatchUp"));
        if (schedule == null) {
            return null;
        }
        schedule.required("cron");
        String cron = schedule.text("cron", 200);
        ZoneId zone = schedule.zone("zone");
        String calendarKey = schedule.key("calendar");
        Misfire misfire = schedule.oneOf("misfire", Misfire.class);
        Long maxCatchUp = schedule.integer("maxCatchUp", 1, MOST_CATCH_UP);
        if (maxCatchUp != null && misfire != Misfire.CATCH_UP) {
            schedule.error("maxCatchUp", "goes with misfire: CATCH_UP alone", DocumentError.INVALID);
        }
        BusinessCalendar calendar =
                calendarKey == null ? null : surroundings.calendar(calendarKey).orElse(null);
        if (calendarKey != null && calendar == null && checkSystems) {
            schedule.error("calendar", "there is no calendar '" + calendarKey + "'", DocumentError.UNKNOWN_CALENDAR);
        }
        if (cron == null) {
            return null;
        }
        Schedule read = new Schedule(
                cron,
                zone == null ? ZoneOffset.UTC : zone,
                calendarKey,
                misfire == null ? Misfire.FIRE_ONCE : misfire,
                maxCatchUp == null ? Schedule.DEFAULT_CATCH_UP : maxCatchUp.intValue());
        checkFires(schedule, read, calendar);
        return read;
    }

    private void checkFires(Members members, Schedule schedule, @Nullable BusinessCalendar calendar) {
        try {
            if (!surroundings.fireTimes(schedule, calendar).isEmpty()) {
                return;
            }
            boolean calendarIsWhy =
                    calendar != null && !surroundings.fireTimes(schedule, null).isEmpty();
            members.error(
                    calendarIsWhy ? "calendar" : "cron",
                    calendarIsWhy ? "leaves no day on which the schedule fires" : "never fires from now on",
                    DocumentError.INVALID);
        } catch (IllegalArgumentException e) {
            members.error(
                    "cron",
                    "must be a Quartz cron expression of 6 or 7 fields, such as 0 30 2 * * ?"
                            + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                    DocumentError.INVALID);
        }
    }

    private @Nullable ExpectBy expectBy(Members members) {
        Members expectBy = members.object("expectBy", Set.of("time", "zone"));
        if (expectBy == null) {
            return null;
        }
        expectBy.required("time");
        String time = expectBy.text("time", 20);
        ZoneId zone = expectBy.zone("zone");
        if (time == null) {
            return null;
        }
        try {
            return new ExpectBy(LocalTime.parse(time), zone == null ? ZoneOffset.UTC : zone);
        } catch (DateTimeParseException e) {
            expectBy.error("time", "must be a time of day in quotes, such as \"03:30\"", DocumentError.INVALID);
            return null;
        }
    }

    private WhenActive whenActive(Members members) {
        WhenActive whenActive = members.oneOf("whenActive", WhenActive.class);
        return whenActive == null ? WhenActive.QUEUE : whenActive;
    }

    private static int number(Members members, String name, int most, int otherwise) {
        Long number = members.integer(name, 1, most);
        return number == null ? otherwise : number.intValue();
    }

    private List<TaskDefinition> tasks(Members members, Defaults defaults) {
        members.required("tasks");
        Set<String> keys = new HashSet<>();
        int before = errors.size();
        List<TaskDefinition> tasks = members.objects(
                "tasks", MOST_TASKS, TASK_MEMBERS, (task, place) -> task(members, task, defaults, keys));
        if (members.has("tasks") && tasks.isEmpty() && errors.size() == before) {
            members.error("tasks", "must have at least one task", DocumentError.OUT_OF_RANGE);
        }
        return tasks;
    }

    private @Nullable TaskDefinition task(Members group, Members task, Defaults defaults, Set<String> keys) {
        task.required("key");
        task.required("system");
        task.required("path");
        String key = task.key("key");
        if (key != null && !keys.add(key)) {
            task.error("key", "another task of the group is called '" + key + "'", DocumentError.DUPLICATE);
        }
        Mode mode = task.oneOf("mode", Mode.class);
        String system = task.key("system");
        String path = path(task, "path");
        String cancelPath = path(task, "cancelPath");
        Map<String, Object> parameters = task.anyObject("parameters");
        Mapping request = mapping(task, "request", parameters);
        Mapping reply = mapping(task, "reply", parameters);
        Auth auth = AuthReader.read(task, Auth.OF_SYSTEM);
        if (system != null && checkSystems) {
            callable(task, system, auth);
        }
        Defaults own = Defaults.read(task);
        Defaults merged = own.orElse(defaults);
        checkOverdueBeforeTimeout(group, task, own, defaults, merged);
        if (key == null || system == null || path == null) {
            return null;
        }
        return new TaskDefinition(
                key,
                mode == null ? Mode.SYNC : mode,
                system,
                path,
                cancelPath,
                parameters,
                auth,
                merged.intervalOrDefault(),
                merged.callTimeoutOrDefault(),
                merged.answerWithinOrDefault(),
                merged.silentAfterOrDefault(),
                merged.overdueAfterOrDefault(),
                merged.timeoutOrDefault(),
                merged.retry(),
                merged.reconciliation(),
                request,
                reply);
    }

    /** Tried on a message without data, so that what can never work is told now and not at the first call. */
    private @Nullable Mapping mapping(Members task, String member, Map<String, Object> parameters) {
        String expression = task.text(member, MappingLanguage.MOST_CHARACTERS);
        if (expression == null) {
            return null;
        }
        var mapping = new Mapping(expression);
        if (checkSystems) {
            Map<String, Object> sample = member.equals("request") ? Map.of("parameters", parameters) : Map.of();
            mapping.fault(sample).ifPresent(fault -> task.error(member, fault, DocumentError.INVALID));
        }
        return mapping;
    }

    private void callable(Members task, String system, Auth auth) {
        Optional<SyncSystem> found = surroundings.system(system);
        if (found.isEmpty()) {
            task.error(
                    "system",
                    "there is no system '" + system + "'; create it first with PUT /api/v1/systems/" + system,
                    DocumentError.UNKNOWN_SYSTEM);
        } else if (found.get().instances().isEmpty()) {
            task.error(
                    "system",
                    "the system '" + system + "' has no instances that could be called",
                    DocumentError.INVALID);
        } else {
            AuthReader.check(task, auth, system, found.get().credentials());
        }
    }

    private void checkOverdueBeforeTimeout(
            Members group, Members task, Defaults own, Defaults defaults, Defaults merged) {
        if (merged.overdueAfterOrDefault().compareTo(merged.timeoutOrDefault()) < 0) {
            return;
        }
        // the fault is shown where the value stands, once
        boolean fromTask = own.overdueAfter() != null || own.timeout() != null;
        String member = own.overdueAfter() != null || (!fromTask && defaults.overdueAfter() != null)
                ? "overdueAfter"
                : "timeout";
        String pointer = fromTask ? task.pointer(member) : group.pointer("defaults") + "/" + member;
        var error = new DocumentError(
                pointer,
                "overdueAfter (" + merged.overdueAfterOrDefault() + ") must be shorter than timeout ("
                        + merged.timeoutOrDefault() + ")",
                DocumentError.OUT_OF_RANGE);
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }

    private static @Nullable String path(Members task, String member) {
        String path = task.text(member, 1000);
        if (path == null) {
            return null;
        }
        if (!path.startsWith("/") || path.indexOf('#') >= 0 || !readable(path)) {
            task.error(
                    member,
                    "must be a path at the system that starts with '/', percent-encoded where needed, such as /sync/plans",
                    DocumentError.INVALID);
            return null;
        }
        return path;
    }

    static boolean readable(String path) {
        try {
            return new URI("http://host" + path).getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private List<AlertRule> alerts(Members members) {
        return members.objects("alerts", 100, Set.of("when", "channels", "threshold", "escalate"), (alert, place) -> {
            alert.required("when");
            alert.required("channels");
            List<String> when = alert.texts(
                    "when",
                    50,
                    60,
                    (text, i) -> AlertCondition.known(text)
                            ? null
                            : new DocumentError(
                                    alert.pointer("when") + "/" + i,
                                    "must be one of " + Arrays.toString(AlertCondition.values()),
                                    DocumentError.INVALID));
            return new AlertRule(
                    when.stream().map(AlertCondition::valueOf).toList(),
                    channels(alert),
                    threshold(alert),
                    escalation(alert));
        });
    }

    private List<String> channels(Members rule) {
        return rule.texts("channels", 50, 63, (text, i) -> {
            if (!Keys.valid(text)) {
                return new DocumentError(
                        rule.pointer("channels") + "/" + i, "the key of a channel " + Keys.RULE, DocumentError.INVALID);
            }
            return surroundings.channel(text)
                    ? null
                    : new DocumentError(
                            rule.pointer("channels") + "/" + i,
                            "there is no channel '" + text + "'; create it first with PUT /api/v1/channels/" + text,
                            DocumentError.UNKNOWN_CHANNEL);
        });
    }

    private AlertRule.@Nullable Threshold threshold(Members rule) {
        Members threshold = rule.object("threshold", Set.of("count", "within"));
        if (threshold == null) {
            return null;
        }
        threshold.required("count");
        threshold.required("within");
        Long count = threshold.integer("count", 1, 10_000);
        Duration within = threshold.duration("within", SECOND);
        return count == null || within == null ? null : new AlertRule.Threshold(count.intValue(), within);
    }

    private AlertRule.@Nullable Escalation escalation(Members rule) {
        Members escalate = rule.object("escalate", Set.of("after", "channels"));
        if (escalate == null) {
            return null;
        }
        escalate.required("after");
        escalate.required("channels");
        Duration after = escalate.duration("after", SECOND);
        List<String> channels = channels(escalate);
        return after == null ? null : new AlertRule.Escalation(after, channels);
    }
}
