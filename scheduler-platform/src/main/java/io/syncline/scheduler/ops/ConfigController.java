package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.ConfigExport;
import io.syncline.scheduler.catalog.ConfigPlan;
import io.syncline.scheduler.catalog.ConfigPlans;
import io.syncline.scheduler.catalog.DocumentSchema;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.ManagedObjects;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.PlanRequest;
import io.syncline.scheduler.security.CallReplay;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The whole configuration as files: plan, apply, export, and the schema of the files. */
@RestController
class ConfigController {

    private static final int LONGEST_SOURCE = 500;
    private static final int LONGEST_REASON = 500;
    private static final int MOST_LABELS = 20;

    /** Path and query of a call that waits, in characters as they were sent. */
    private static final int LONGEST_KEPT = 4_000;

    private final ConfigPlans plans;
    private final ConfigExport export;
    private final DocumentSchema schema;
    private final ManagedObjects managed;
    private final PendingChanges changes;
    private final JsonMapper json;

    ConfigController(
            ConfigPlans plans,
            ConfigExport export,
            DocumentSchema schema,
            ManagedObjects managed,
            PendingChanges changes,
            JsonMapper json) {
        this.plans = plans;
        this.export = export;
        this.schema = schema;
        this.managed = managed;
        this.changes = changes;
        this.json = json;
    }

    /** What documents, a YAML stream or a JSON array, would change. */
    @PostMapping(
            path = "/api/v1/config/plan",
            consumes = {
                MediaType.APPLICATION_JSON_VALUE,
                ConfigDocuments.APPLICATION_YAML,
                ConfigDocuments.APPLICATION_X_YAML,
                ConfigDocuments.TEXT_YAML,
                ConfigDocuments.TEXT_X_YAML
            })
    @RequiresScope(Scope.CONFIG_WRITE)
    ConfigPlanView plan(
            Caller caller,
            @RequestParam(required = false) @Nullable String prune,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestParam(required = false) @Nullable String source,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        var request = request(headers, body, prune, label, source);
        return ConfigPlanView.of(plans.plan(request, Editor.planning(caller, null)), false);
    }

    /**
     * Carries a plan out, all of it or nothing. Where changes of one of its kinds take a second approver, the whole of it waits
     * for one.
     */
    @PostMapping(
            path = "/api/v1/config/apply",
            consumes = {
                MediaType.APPLICATION_JSON_VALUE,
                ConfigDocuments.APPLICATION_YAML,
                ConfigDocuments.APPLICATION_X_YAML,
                ConfigDocuments.TEXT_YAML,
                ConfigDocuments.TEXT_X_YAML
            })
    @RequiresScope(Scope.CONFIG_WRITE)
    @RequiresRecentSignIn
    @KeepsFirstAnswer
    ResponseEntity<Object> apply(
            Caller caller,
            @RequestParam(required = false) @Nullable String planHash,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String prune,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestHeader HttpHeaders headers,
            HttpServletRequest servletRequest,
            HttpServletResponse servletResponse,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var request = request(headers, body, prune, label, source);
        var editor = Editor.planning(caller, text("reason", reason, LONGEST_REASON, true));
        if (onlyAsked) {
            return ResponseEntity.ok(ConfigPlanView.of(plans.plan(request, editor), false));
        }
        var hash = required("planHash", planHash);
        if (changes.asksForPlans() && servletRequest.getAttribute(CallReplay.MARK) == null) {
            var plan = plans.plan(request, editor);
            // whether an approval is needed is decided on the plan that is carried out, or on none
            if (!plan.planHash().equals(hash)) {
                throw ConfigPlans.stale();
            }
            if (changes.needsApproval(plan)) {
                return proposed(plan, hash, request, caller, servletRequest, servletResponse);
            }
        }
        return ResponseEntity.ok(ConfigPlanView.of(plans.apply(request, hash, editor), true));
    }

    private ResponseEntity<Object> proposed(
            ConfigPlan plan,
            String hash,
            PlanRequest request,
            Caller caller,
            HttpServletRequest servletRequest,
            HttpServletResponse servletResponse) {
        var call = ApprovalInterceptor.call(servletRequest, request.body());
        if (call.target().length() > LONGEST_KEPT) {
            throw invalid("reason", "is too long to be kept for a second approver, together with the other parameters");
        }
        var change = changes.proposePlan(
                new PendingChanges.Proposal(
                        SecondApprover.Kind.PLANS, hash, call, caller, servletRequest, servletResponse),
                plan,
                json.writeValueAsString(ConfigPlanView.of(plan, false)));
        return ResponseEntity.accepted()
                .header(HttpHeaders.LOCATION, "/api/v1/changes/" + change.changeId())
                .body(ApprovalInterceptor.told(change));
    }

    /** The configuration within reach as a YAML stream, or as a JSON array: equal bytes until something changes. */
    @GetMapping("/api/v1/config/export")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> export(
            Caller caller,
            @RequestParam(required = false) @Nullable List<String> kind,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestHeader HttpHeaders headers) {
        var wanted = kind == null ? List.<String>of() : kind;
        for (var name : wanted) {
            if (!export.kinds().contains(name)) {
                throw invalid("kind", "is one of " + String.join(", ", export.kinds()));
            }
        }
        var documents = export.documents(wanted, labels(label), caller.labels());
        var asJson = !ConfigDocuments.wantsYaml(headers)
                && headers.getAccept().stream()
                        .anyMatch(type -> !type.isWildcardType() && type.includes(MediaType.APPLICATION_JSON));
        var text = asJson ? ConfigExport.json(documents) : ConfigExport.yaml(documents);
        return ResponseEntity.status(HttpStatus.OK)
                .contentType(
                        asJson
                                ? MediaType.APPLICATION_JSON
                                : MediaType.parseMediaType(ConfigDocuments.APPLICATION_YAML))
                .body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What files manage, by kind and key: where the files stand, and who has applied them when. */
    @GetMapping("/api/v1/config/managed")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<ManagedListItem> managed(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = managed.list(PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(page.items().stream().map(ManagedListItem::of).toList(), page.nextCursor());
    }

    /** The JSON Schema of the documents, for editors. */
    @GetMapping("/api/v1/config/schema")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> schema() {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/schema+json"))
                .body(schema.text().getBytes(StandardCharsets.UTF_8));
    }

    private static PlanRequest request(
            HttpHeaders headers,
            byte @Nullable [] body,
            @Nullable String prune,
            @Nullable List<String> label,
            @Nullable String source) {
        var pruning = QueryFlags.read("prune", prune);
        var labels = labels(label);
        if (pruning && labels.isEmpty()) {
            throw invalid("label", "is required with prune=true: only what bears the label may be deleted");
        }
        if (!pruning && !labels.isEmpty()) {
            throw invalid("label", "says what prune=true may delete; send both or none");
        }
        return new PlanRequest(
                ConfigDocuments.format(headers.getFirst(HttpHeaders.CONTENT_TYPE)),
                ConfigDocuments.bounded(body),
                pruning,
                labels,
                text("source", source, LONGEST_SOURCE, false));
    }

    private static List<String> labels(@Nullable List<String> labels) {
        if (labels == null) {
            return List.of();
        }
        if (labels.size() > MOST_LABELS || labels.stream().anyMatch(label -> label.isBlank() || label.length() > 63)) {
            throw invalid("label", "is at most " + MOST_LABELS + " labels of 1 to 63 characters");
        }
        return labels;
    }

    private static @Nullable String text(String parameter, @Nullable String text, int longest, boolean isRequired) {
        if (text == null && !isRequired) {
            return null;
        }
        if (text == null
                || text.isBlank()
                || text.length() > longest
                || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    parameter,
                    (isRequired ? "is required: " : "has ") + "1 to " + longest + " characters, none of control");
        }
        return text;
    }

    private static String required(String parameter, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw invalid(parameter, "is required: that of the plan which is to be carried out");
        }
        return value;
    }

    private static ProblemException invalid(String parameter, String detail) {
        return ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter '" + parameter + "'.")
                .parameterError(parameter, detail, "invalid-value");
    }
}
