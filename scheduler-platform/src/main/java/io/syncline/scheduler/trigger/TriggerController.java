package io.syncline.scheduler.trigger;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.syncline.scheduler.catalog.Page;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.run.TriggeredRun;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.WebhookRoute;
import io.syncline.tracing.TraceContext;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trigger messages over REST, and the look-ups by which their senders follow them. */
@RestController
class TriggerController {

    private static final int MOST_IN_BATCH = 500;
    private static final List<String> TRANSPORTS = List.of("REST", "WEBHOOK", "KAFKA", "SCHEDULE", "OPERATOR");

    /** Of one event, as of a body that is one event. */
    private static final int MOST_BYTES = 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Intake intake;
    private final GatheringIntake gathering;
    private final JdbcTriggerMessages messages;
    private final JdbcVerifications verifications;
    private final Runs runs;
    private final TaskGroups groups;
    private final WaitedAnswers waited;

    TriggerController(
            Intake intake,
            GatheringIntake gathering,
            JdbcTriggerMessages messages,
            JdbcVerifications verifications,
            Runs runs,
            TaskGroups groups,
            WaitedAnswers waited) {
        this.waited = waited;
        this.intake = intake;
        this.gathering = gathering;
        this.verifications = verifications;
        this.messages = messages;
        this.runs = runs;
        this.groups = groups;
    }

    /** A message starts whatever groups have rules for it, so of people only those send who reach all labels. */
    @RequiresScope(value = Scope.TRIGGERS_WRITE, everyLabel = true)
    @PostMapping(path = "/api/v1/triggers", produces = MediaType.APPLICATION_JSON_VALUE)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            description = "A CloudEvent 1.0: structured, a batch of up to 500, or the data alone with ce- headers",
            required = true,
            content = {
                @Content(mediaType = CloudEventReader.STRUCTURED),
                @Content(mediaType = CloudEventReader.BATCH),
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE)
            })
    @Parameter(
            name = WaitPreference.HEADER,
            in = ParameterIn.HEADER,
            description = "wait=n, n up to 60: answered when all runs have ended, or after n seconds",
            schema = @Schema(type = "string", example = "wait=20"))
    Object receive(HttpServletRequest request, Caller caller, @RequestBody(required = false) byte @Nullable [] body) {
        return receive(request, caller, body, "REST");
    }

    /** For senders without tokens; handled like the same message sent by that client with a token. */
    @WebhookRoute(Scope.TRIGGERS_WRITE)
    @PostMapping(path = "/api/v1/hooks/{client}", produces = MediaType.APPLICATION_JSON_VALUE)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            description = "As for /api/v1/triggers, signed by Standard Webhooks",
            required = true,
            content = {
                @Content(mediaType = CloudEventReader.STRUCTURED),
                @Content(mediaType = CloudEventReader.BATCH),
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE)
            })
    Object receiveWebhook(
            @PathVariable String client,
            HttpServletRequest request,
            Caller caller,
            @RequestBody(required = false) byte @Nullable [] body) {
        return receive(request, caller, body, "WEBHOOK");
    }

    private Object receive(HttpServletRequest request, Caller caller, byte @Nullable [] body, String transport) {
        var dryRun = dryRun(request);
        var bytes = body == null ? new byte[0] : body;
        var contentType = request.getContentType();
        var mediaType = contentType == null ? "" : CloudEventReader.mediaType(contentType);
        var sender = new Sender(
                caller.subject(),
                caller.system(),
                transport,
                TraceContext.current().orElse(null));
        try {
            if (mediaType.equals(CloudEventReader.BATCH)) {
                return ResponseEntity.ok(batch(CloudEventReader.batch(bytes), sender, dryRun));
            }
            if (mediaType.equals(CloudEventReader.STRUCTURED)) {
                return answer(CloudEventReader.structured(bytes), sender, request, caller, dryRun);
            }
            if (request.getHeader("ce-specversion") != null) {
                return answer(CloudEventReader.binary(headers(request), bytes), sender, request, caller, dryRun);
            }
        } catch (MalformedEventException e) {
            throw e.problem();
        }
        throw ProblemException.of(415, "unsupported-media-type", "Unsupported media type")
                .detail("Send a CloudEvent as " + CloudEventReader.STRUCTURED + ", several as " + CloudEventReader.BATCH
                        + ", or one in binary mode with ce- headers.");
    }

    private Object answer(CloudEvent event, Sender sender, HttpServletRequest request, Caller caller, boolean dryRun) {
        if (dryRun) {
            return trialAnswer(intake.tryOut(event, sender));
        }
        var wait = sender.transport().equals("REST") ? WaitPreference.of(request) : Optional.<Duration>empty();
        return wait.isEmpty()
                ? answer(gathering.accept(event, sender))
                : waited.answer(wait.get(), caller, () -> gathering.accept(event, sender));
    }

    /** What asks for a trial must never run for real. */
    private static boolean dryRun(HttpServletRequest request) {
        return flag("dryRun", request.getParameter("dryRun"));
    }

    private static boolean flag(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter '" + name + "'; nothing was started.")
                .parameterError(name, "is true or false", "invalid-value");
    }

    private static @Nullable String transport(@Nullable String text) {
        if (text != null && !TRANSPORTS.contains(text)) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("Correct the query parameter 'transport'.")
                    .parameterError("transport", "is one of " + TRANSPORTS, "invalid-value");
        }
        return text;
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        var headers = new HashMap<String, String>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        return headers;
    }

    private static ResponseEntity<Object> trialAnswer(Judgement judgement) {
        throwRefusal(judgement);
        return ResponseEntity.ok(trialBody(judgement));
    }

    static ResponseEntity<Object> answer(Judgement judgement) {
        throwRefusal(judgement);
        var answer = judgement instanceof Judgement.Duplicate ? ResponseEntity.ok() : ResponseEntity.accepted();
        return answer.location(URI.create("/api/v1/triggers/" + judgement.id())).body(body(judgement));
    }

    private static void throwRefusal(Judgement judgement) {
        if (judgement instanceof Judgement.Refused refused) {
            throw refused.problem();
        }
        if (judgement instanceof Judgement.Forbidden forbidden) {
            throw forbidden.problem();
        }
    }

    private static Map<String, Object> body(Judgement judgement) {
        if (judgement instanceof Judgement.Accepted accepted) {
            return body(accepted.triggerId(), "ACCEPTED", accepted.runs());
        }
        if (judgement instanceof Judgement.Verifying verifying) {
            return body(verifying.triggerId(), "VERIFYING", verifying.runs());
        }
        if (judgement instanceof Judgement.Duplicate duplicate) {
            var body = body(duplicate.triggerId(), "DUPLICATE", duplicate.runs());
            if (duplicate.status() != TriggerStatus.ACCEPTED) {
                body.put("messageStatus", duplicate.status());
            }
            return body;
        }
        throw new IllegalStateException("a refusal has no such body: " + judgement);
    }

    private static Map<String, Object> body(String triggerId, String status, List<StartedRun> started) {
        var body = new LinkedHashMap<String, Object>();
        body.put("triggerId", triggerId);
        body.put("status", status);
        body.put("runs", started);
        return body;
    }

    /** Ids of what was undone would only mislead; those of a message that stands are true. */
    private static Map<String, Object> trialBody(Judgement judgement) {
        var body = new LinkedHashMap<String, Object>();
        body.put("dryRun", true);
        body.putAll(body(judgement));
        if (!(judgement instanceof Judgement.Duplicate)) {
            body.remove("triggerId");
            var started = judgement instanceof Judgement.Accepted accepted
                    ? accepted.runs()
                    : judgement instanceof Judgement.Verifying verifying ? verifying.runs() : List.<StartedRun>of();
            body.put("runs", started.stream().map(TriggerController::withoutId).toList());
        }
        return body;
    }

    private static Map<String, Object> withoutId(StartedRun run) {
        var view = new LinkedHashMap<String, Object>();
        view.put("group", run.group());
        view.put("state", run.state());
        return view;
    }

    private List<Object> batch(List<JsonNode> events, Sender sender, boolean dryRun) {
        if (events.size() > MOST_IN_BATCH) {
            throw ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail("Send at most " + MOST_IN_BATCH + " events in one batch, not " + events.size() + ".");
        }
        return dryRun
                ? events.stream().map(event -> (Object) tried(event, sender)).toList()
                : together(events, sender);
    }

    private Map<String, @Nullable Object> tried(JsonNode node, Sender sender) {
        try {
            return elementAnswer(intake.tryOut(event(node), sender), true);
        } catch (MalformedEventException e) {
            return refused(null, "MALFORMED", e.problem());
        } catch (ProblemException e) {
            return refused(null, "REJECTED", e);
        }
    }

    /** Judges all that can be read in as few transactions as they allow, and answers each in its place. */
    private List<Object> together(List<JsonNode> events, Sender sender) {
        var answers = new ArrayList<Optional<Map<String, @Nullable Object>>>();
        var arrivals = new ArrayList<Arrival>();
        for (JsonNode node : events) {
            try {
                var event = event(node);
                var forbidden = intake.forbidden(event, sender);
                if (forbidden.isEmpty()) {
                    arrivals.add(Arrival.of(event, sender));
                }
                answers.add(forbidden.map(judgement -> elementAnswer(judgement, false)));
            } catch (MalformedEventException e) {
                answers.add(Optional.of(refused(null, "MALFORMED", e.problem())));
            }
        }
        var judged = intake.accept(arrivals).iterator();
        return answers.stream()
                .map(answer -> (Object) answer.orElseGet(() -> elementAnswer(judged.next())))
                .toList();
    }

    private static Map<String, @Nullable Object> elementAnswer(Intake.Judged judged) {
        try {
            return elementAnswer(judged.get(), false);
        } catch (ProblemException e) {
            return refused(null, "REJECTED", e);
        }
    }

    private static Map<String, @Nullable Object> elementAnswer(Judgement judgement, boolean dryRun) {
        if (judgement instanceof Judgement.Refused refused) {
            return refused(dryRun ? null : refused.triggerId(), refused.status().name(), refused.problem());
        }
        if (judgement instanceof Judgement.Forbidden forbidden) {
            return refused(null, "FORBIDDEN", forbidden.problem());
        }
        return new LinkedHashMap<>(dryRun ? trialBody(judgement) : body(judgement));
    }

    /** @throws MalformedEventException (400; 413 when it is too large) for what is no event */
    private static CloudEvent event(JsonNode node) {
        if (JSON.writeValueAsBytes(node).length > MOST_BYTES) {
            throw MalformedEventException.tooLarge(
                    "Send events of at most " + MOST_BYTES / 1024 / 1024 + " MiB, in a batch as well.");
        }
        return CloudEventReader.event(node);
    }

    private static Map<String, @Nullable Object> refused(
            @Nullable String triggerId, String status, ProblemException problem) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("triggerId", shown(triggerId));
        body.put("status", status);
        body.put("problem", problem.body());
        return body;
    }

    // ---- look-ups

    @RequiresScope({Scope.TRIGGERS_WRITE, Scope.RUNS_READ})
    @GetMapping(path = "/api/v1/triggers/{triggerId}", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, @Nullable Object> one(@PathVariable String triggerId, Caller caller) {
        return messages.find(triggerId, caller.labels())
                .filter(message -> caller.has(Scope.RUNS_READ) || isOwn(message, caller))
                .map(message -> views(List.of(message), caller).get(0))
                .orElseThrow(() -> ProblemException.of(404, "unknown-trigger", "There is no such trigger message")
                        .detail("No trigger message that you may see has this id."));
    }

    @RequiresScope({Scope.TRIGGERS_WRITE, Scope.RUNS_READ})
    @GetMapping(path = "/api/v1/triggers", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Map<String, @Nullable Object>> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String id,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String transport,
            @RequestParam(required = false) @Nullable String copied,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var own = !caller.has(Scope.RUNS_READ);
        var filter = new JdbcTriggerMessages.Filter(
                source,
                id,
                status(status),
                own ? caller.subject() : null,
                own ? caller.system() : null,
                type,
                time("from", from),
                time("to", to),
                transport(transport),
                flag("copied", copied));
        var listName = "triggers " + filter;
        var found = messages.list(filter, after(page.last(listName)), page.limit() + 1, caller.labels());
        var cut = Page.cut(
                found,
                page.limit(),
                message -> PageRequest.cursor(listName, message.receivedAt() + " " + message.triggerId()));
        return new Page<>(views(cut.items(), caller), cut.nextCursor());
    }

    private static @Nullable TriggerStatus status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return TriggerStatus.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("Correct the query parameter 'status'.")
                    .parameterError("status", "is one of " + Arrays.toString(TriggerStatus.values()), "invalid-value");
        }
    }

    private static @Nullable Instant time(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("Correct the query parameter '" + parameter + "'.")
                    .parameterError(parameter, "is a time such as 2026-01-31T12:00:00Z", "invalid-value");
        }
    }

    private static JdbcTriggerMessages.@Nullable After after(@Nullable String last) {
        if (last == null) {
            return null;
        }
        var parts = last.split(" ", 2);
        try {
            return new JdbcTriggerMessages.After(Instant.parse(parts[0]), parts.length < 2 ? "" : parts[1]);
        } catch (DateTimeParseException e) {
            throw PageRequest.badCursor();
        }
    }

    static boolean isOwn(StoredMessage message, Caller caller) {
        return message.clientId().equals(caller.subject())
                || (message.systemKey() != null && message.systemKey().equals(caller.system()));
    }

    private List<Map<String, @Nullable Object>> views(List<StoredMessage> shown, Caller caller) {
        var copies = messages.copies(shown.stream()
                .filter(message -> message.status() == TriggerStatus.REJECTED)
                .map(StoredMessage::triggerId)
                .toList());
        var waiting = verifications.of(shown.stream()
                .filter(message -> message.status() == TriggerStatus.VERIFYING)
                .map(StoredMessage::triggerId)
                .toList());
        var runsOf =
                runs.ofTriggers(shown.stream().map(StoredMessage::triggerId).toList());
        var reached = groups.withinReach(
                caller.labels(),
                runsOf.values().stream()
                        .flatMap(List::stream)
                        .map(TriggeredRun::group)
                        .distinct()
                        .toList());
        return shown.stream()
                .map(message -> {
                    var started = runsOf.getOrDefault(message.triggerId(), List.of()).stream()
                            .filter(run -> reached.contains(run.group()))
                            .toList();
                    var view = view(message, started, caller);
                    var ofMessage = copies.stream()
                            .filter(copy -> copy.of().equals(message.triggerId()))
                            .map(copy -> Map.of("triggerId", copy.triggerId(), "status", copy.status()))
                            .toList();
                    if (!ofMessage.isEmpty()) {
                        view.put("resubmittedAs", ofMessage);
                    }
                    waiting.stream()
                            .filter(one -> one.triggerId().equals(message.triggerId()))
                            .forEach(one -> view.put("verification", verification(one)));
                    return view;
                })
                .toList();
    }

    private static Map<String, @Nullable Object> verification(JdbcVerifications.Waiting waiting) {
        var view = new LinkedHashMap<String, @Nullable Object>();
        view.put("nextLookAt", waiting.dueAt());
        view.put("failures", waiting.failures());
        view.put("lastOutcome", shown(waiting.lastOutcome()));
        view.put(
                "looks",
                waiting.plan().looks().stream()
                        .map(look -> Map.of(
                                "system",
                                look.system(),
                                "path",
                                look.path(),
                                "giveUpAt",
                                look.giveUpAt(),
                                "found",
                                look.passed()))
                        .toList());
        return view;
    }

    private static Map<String, @Nullable Object> view(
            StoredMessage message, List<TriggeredRun> started, Caller caller) {
        var view = new LinkedHashMap<String, @Nullable Object>();
        view.put("triggerId", message.triggerId());
        view.put("status", message.status());
        view.put("source", message.source());
        view.put("id", message.messageId());
        view.put("type", message.eventType());
        view.put("subject", shown(message.subject()));
        view.put("time", shown(message.eventTime()));
        view.put("transport", message.transport());
        view.put("receivedAt", message.receivedAt());
        putKnown(view, "place", message.place());
        putKnown(view, "traceId", message.traceId());
        if (caller.has(Scope.RUNS_READ)) {
            view.put("client", message.clientId());
            putKnown(view, "system", message.systemKey());
        }
        if (message.copies() > 0) {
            view.put("copies", message.copies());
            putKnown(view, "lastCopyAt", message.lastCopyAt());
        }
        if (isOwn(message, caller) || caller.has(Scope.PAYLOAD_READ)) {
            view.put("message", JSON.readTree(message.eventBody()));
        }
        if (message.resubmitOf() != null) {
            view.put("resubmitOf", message.resubmitOf());
        }
        if (message.problem() != null) {
            view.put("problem", JSON.readTree(message.problem()));
        }
        view.put("runs", started.stream().map(TriggerController::runView).toList());
        return view;
    }

    private static void putKnown(Map<String, @Nullable Object> view, String name, @Nullable Object member) {
        if (member != null) {
            view.put(name, member);
        }
    }

    /** A node, because members that are null are left out, and here the null is agreed. */
    private static Object shown(@Nullable Object member) {
        return member == null ? JSON.nullNode() : member;
    }

    static Map<String, @Nullable Object> runView(TriggeredRun run) {
        var view = new LinkedHashMap<String, @Nullable Object>();
        view.put("runId", run.runId());
        view.put("group", run.group());
        view.put("state", run.state());
        if (run.mergedInto() != null) {
            view.put("mergedInto", run.mergedInto());
        }
        view.put("results", run.results());
        view.put("error", shown(run.error()));
        return view;
    }
}
