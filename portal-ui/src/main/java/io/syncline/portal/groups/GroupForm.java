package io.syncline.portal.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The document as a form. Members that the form does not know stay in the document as they are.
 *
 * @param isNew the key can still be chosen
 */
record GroupForm(List<Section> sections, boolean isNew) {

    static final List<String> CONDITIONS = List.of(
            "FAILED",
            "REFUSED",
            "TIMED_OUT",
            "REPORTED_FAILED",
            "RECONCILIATION_MISMATCH",
            "RECONCILIATION_MISSING",
            "OVERDUE",
            "SILENT",
            "START_LATE",
            "NO_ANSWER",
            "UNREADABLE_REPLY",
            "CONFLICT",
            "UNCONFIRMED",
            "EXPECTED_TRIGGER_MISSING",
            "FRESHNESS");
    static final List<String> WHEN_ACTIVE = List.of("QUEUE", "MERGE_LATEST", "SKIP", "PARALLEL", "CANCEL_THEN_START");
    private static final List<String> AUTH_TYPES =
            List.of("none", "platform-jwt", "oauth2-client-credentials", "basic", "api-key", "mtls");

    /** A part of the page with an anchor; {@code lists} hold what can be added, moved and removed. */
    record Section(String id, String title, String intro, List<Field> fields, List<Items> lists) {

        public long wrong() {
            return fields.stream().filter(Field::isWrong).count()
                    + lists.stream()
                            .flatMap(list -> list.items().stream())
                            .mapToLong(item -> item.faults().size()
                                    + item.fields().stream()
                                            .filter(Field::isWrong)
                                            .count()
                                    + item.more().stream()
                                            .filter(Field::isWrong)
                                            .count())
                            .sum();
        }
    }

    /** @param pointer of the list; @param one what an element is called */
    record Items(String pointer, String one, String empty, boolean isOrdered, List<Item> items) {}

    /** @param more fields that are rarely needed, folded away unless one of them is set or wrong */
    record Item(
            String pointer,
            String title,
            List<Field> fields,
            List<Field> more,
            List<String> faults,
            boolean isFirst,
            boolean isLast) {

        public String id() {
            return Field.id(pointer);
        }

        public boolean isOpen() {
            return more.stream()
                    .anyMatch(field -> field.isWrong() || !field.value().isEmpty());
        }
    }

    static GroupForm of(
            JsonNode document, boolean isNew, Faults faults, Map<String, String> typed, List<String> systems) {
        return new Builder(document, isNew, faults, typed, systems).form();
    }

    private static final class Builder {

        private final JsonNode document;
        private final boolean isNew;
        private final Faults faults;
        private final Map<String, String> typed;
        private final List<String> systems;

        Builder(JsonNode document, boolean isNew, Faults faults, Map<String, String> typed, List<String> systems) {
            this.document = document;
            this.isNew = isNew;
            this.faults = faults;
            this.typed = typed;
            this.systems = systems;
        }

        GroupForm form() {
            return new GroupForm(
                    List.of(basics(), trigger(), tasks(), retry(), sla(), concurrency(), reconciliation(), alerts()),
                    isNew);
        }

        private Section basics() {
            var fields = new ArrayList<Field>();
            if (isNew) {
                fields.add(required(
                        "/key", "Key", "Lower-case letters, digits and hyphens, at most 63; it never changes."));
            }
            fields.add(field("/description", "Description", ""));
            fields.add(field("/owner", "Owner", "The team that answers for it."));
            fields.add(field("/labels", "Labels", "Separated by commas; they say who may see and change it."));
            return new Section("basics", "Basics", "", fields, List.of());
        }

        private Section trigger() {
            var fields = List.of(
                    field(
                            "/schedule/cron",
                            "Cron expression",
                            "Quartz, 6 fields: second minute hour day month weekday, such as 0 30 2 * * ?. Empty: no schedule."),
                    field("/schedule/zone", "Zone", "Such as Europe/Berlin; UTC unless said."),
                    field("/schedule/calendar", "Calendar", "Nothing fires on its days."),
                    choice(
                            "/schedule/misfire",
                            "Missed times",
                            List.of("FIRE_ONCE", "SKIP", "CATCH_UP"),
                            "FIRE_ONCE unless said: one run makes up for all of them."),
                    field("/schedule/maxCatchUp", "Make up for at most", "With CATCH_UP alone; 10 unless said."));
            return new Section(
                    "trigger",
                    "Trigger",
                    "What starts a run: messages, time, or both. With neither, people start it by hand.",
                    fields,
                    List.of(items("/triggers", "rule for messages", "No message starts it.", false, this::rule)));
        }

        private Item rule(String pointer, JsonNode rule) {
            return item(
                    pointer,
                    "Messages of " + named(rule, "type"),
                    List.of(
                            required(pointer + "/source", "Source", "Of the CloudEvent, such as /billing."),
                            required(pointer + "/type", "Type", "Such as com.example.extract.ready.")),
                    List.of(
                            field(
                                    pointer + "/businessKey",
                                    "Business key",
                                    "A template such as {data.date}; the subject unless said."),
                            suggested(
                                    pointer + "/verify/system",
                                    "Verify at system",
                                    systems,
                                    "Asked whether the message is true before anything starts."),
                            field(pointer + "/verify/path", "Verify path", "Such as /extracts/{id}."),
                            field(pointer + "/verify/after", "Verify after", "Such as PT60S."),
                            field(pointer + "/verify/giveUpAfter", "Give up after", "Five times as long unless said."),
                            field(pointer + "/dataSchema", "Schema of the data", "JSON Schema, as YAML.")));
        }

        private Section tasks() {
            return new Section(
                    "tasks",
                    "Tasks",
                    "A SYNC task starts when all before it have completed, and all after it wait for it. ASYNC tasks run beside their ASYNC neighbours.",
                    List.of(),
                    List.of(items("/tasks", "task", "No task yet: a group has at least one.", true, this::task)));
        }

        private Item task(String pointer, JsonNode task) {
            var more = new ArrayList<Field>();
            more.add(field(pointer + "/cancelPath", "Cancel path", "Called when a run is cancelled."));
            more.add(field(pointer + "/parameters", "Parameters", "Sent with each call; YAML."));
            more.add(choice(pointer + "/auth/type", "Authentication", AUTH_TYPES, "As the system's own unless said."));
            more.add(field(pointer + "/auth/credential", "Credential", "Name of one of the system's credentials."));
            more.add(field(
                    pointer + "/request", "Request mapping", "JSONata that makes further parameters of the trigger."));
            more.add(field(pointer + "/reply", "Reply mapping", "JSONata that makes a status report of the answer."));
            more.addAll(timings(pointer));
            more.addAll(balance(pointer));
            return item(
                    pointer,
                    named(task, "key"),
                    List.of(
                            required(pointer + "/key", "Key", ""),
                            choice(pointer + "/mode", "Mode", List.of("SYNC", "ASYNC"), "SYNC unless said."),
                            suggested(pointer + "/system", "System", systems, "Whose instances are called."),
                            required(
                                    pointer + "/path",
                                    "Path",
                                    "Such as /sync/plans; host and scheme are the system's.")),
                    more);
        }

        private Section retry() {
            return new Section(
                    "retry",
                    "Retry and timeouts",
                    "For all tasks that do not say otherwise. Durations are ISO 8601, such as PT30S or PT2H.",
                    timings("/defaults"),
                    List.of());
        }

        private List<Field> timings(String at) {
            return List.of(
                    field(at + "/interval", "Call every", "From the end of a call to the next; PT30S unless said."),
                    field(at + "/callTimeout", "One call takes at most", "PT10S unless said."),
                    field(at + "/answerWithin", "First answer within", "An alert after it; PT5M unless said."),
                    field(at + "/silentAfter", "Silent after", "Without a report; PT30M unless said, PT0S is off."),
                    field(at + "/overdueAfter", "Overdue after", "A flag; PT2H unless said. Shorter than the timeout."),
                    field(at + "/timeout", "Fails after", "PT6H unless said."),
                    field(at + "/retry/maxAttempts", "Attempts at most", "3 unless said."),
                    field(
                            at + "/retry/backoff",
                            "First wait",
                            "After a failed call; PT5S unless said, doubled each time."),
                    field(at + "/retry/maxBackoff", "Longest wait", "PT5M unless said."));
        }

        private Section sla() {
            return new Section(
                    "sla",
                    "SLA",
                    "What is expected; alerts tell when it does not come true.",
                    List.of(
                            field("/expectBy/time", "Trigger expected by", "Time of day, such as 03:30."),
                            field("/expectBy/zone", "In the zone", "UTC unless said."),
                            field("/startBy", "Start within", "From the message to RUNNING, such as PT10M."),
                            field("/freshness", "Fresh for", "A success at least every so often, such as PT26H.")),
                    List.of());
        }

        private Section concurrency() {
            return new Section(
                    "concurrency",
                    "Concurrency",
                    "What a new run does while another one of its ordering key is active.",
                    List.of(
                            choice(
                                    "/whenActive",
                                    "While one is active",
                                    WHEN_ACTIVE,
                                    "QUEUE unless said: it waits for its turn."),
                            field("/maxActive", "Active at most", "With PARALLEL alone; 10 unless said."),
                            field(
                                    "/maxQueued",
                                    "Waiting at most",
                                    "Beyond it triggers are refused; 10000 unless said.")),
                    List.of());
        }

        private Section reconciliation() {
            return new Section(
                    "reconciliation",
                    "Reconciliation",
                    "Whether a task must report counts, and how far they may differ.",
                    balance("/defaults"),
                    List.of());
        }

        private List<Field> balance(String at) {
            return List.of(
                    choice(
                            at + "/reconciliation/required",
                            "Counts required",
                            List.of("true", "false"),
                            "false unless said."),
                    field(at + "/reconciliation/toleranceRows", "Rows that may differ", "0 unless said."));
        }

        private Section alerts() {
            return new Section(
                    "alerts",
                    "Alerts",
                    "Who is told of what.",
                    List.of(),
                    List.of(items("/alerts", "alert", "Nobody is told of anything.", false, this::alert)));
        }

        private Item alert(String pointer, JsonNode rule) {
            return item(
                    pointer,
                    "Alert",
                    List.of(
                            choice(pointer + "/when", "When", CONDITIONS, ""),
                            field(pointer + "/channels", "Channels", "Keys, separated by commas.")),
                    List.of(
                            field(pointer + "/threshold/count", "Only after so many", ""),
                            field(pointer + "/threshold/within", "within", "Such as PT10M."),
                            field(pointer + "/escalate/after", "Escalate after", "While nobody has acknowledged it."),
                            field(pointer + "/escalate/channels", "Escalate to", "Keys, separated by commas.")));
        }

        private interface ItemOf {
            Item of(String pointer, JsonNode element);
        }

        private Items items(String pointer, String one, String empty, boolean isOrdered, ItemOf each) {
            var items = new ArrayList<Item>();
            var list = document.at(pointer);
            for (int i = 0; list.isArray() && i < list.size(); i++) {
                items.add(each.of(pointer + "/" + i, list.get(i)));
            }
            return new Items(pointer, one, empty, isOrdered, items);
        }

        private Item item(String pointer, String title, List<Field> fields, List<Field> more) {
            var place = Integer.parseInt(pointer.substring(pointer.lastIndexOf('/') + 1));
            var count =
                    document.at(pointer.substring(0, pointer.lastIndexOf('/'))).size();
            return new Item(pointer, title, fields, more, faults.at(pointer), place == 0, place == count - 1);
        }

        private static String named(JsonNode element, String member) {
            var name = Words.text(element, "/" + member);
            return name == null || name.isBlank() ? "(no " + member + " yet)" : name;
        }

        private Field required(String pointer, String label, String hint) {
            return field(pointer, label, hint, FieldKind.of(pointer), List.of(), true);
        }

        private Field field(String pointer, String label, String hint) {
            return field(pointer, label, hint, FieldKind.of(pointer), List.of(), false);
        }

        private Field choice(String pointer, String label, List<String> options, String hint) {
            return field(pointer, label, hint, FieldKind.of(pointer), options, false);
        }

        private Field suggested(String pointer, String label, List<String> options, String hint) {
            return field(
                    pointer,
                    label,
                    hint,
                    FieldKind.TEXT,
                    options,
                    pointer.endsWith("/system") && pointer.startsWith("/tasks"));
        }

        private Field field(
                String pointer, String label, String hint, FieldKind kind, List<String> options, boolean isRequired) {
            var wasTyped = typed.get(pointer);
            return new Field(
                    pointer,
                    label,
                    kind,
                    wasTyped == null ? kind.typed(document.at(pointer)) : wasTyped,
                    options,
                    hint,
                    isRequired,
                    faults.at(pointer));
        }
    }
}
