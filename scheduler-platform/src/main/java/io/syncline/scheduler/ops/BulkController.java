package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.ops.BulkOrder.Details;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One action on all runs that a filter holds for. */
@RestController
class BulkController {

    private static final int LONGEST_ACTION = 30;
    private static final Set<String> IN_FILTER =
            Set.of("group", "state", "businessKey", "runId", "overdue", "unresolved", "from", "to", "task");

    private final BulkJobs jobs;
    private final ActionArguments arguments;
    private final JsonMapper json;

    BulkController(BulkJobs jobs, ActionArguments arguments, JsonMapper json) {
        this.jobs = jobs;
        this.arguments = arguments;
        this.json = json;
    }

    /** Orders an action on at most 10,000 runs, or tells how many there are and what would become of the first. */
    @PostMapping(path = "/api/v1/bulk", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ResponseEntity<Object> create(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        var members = members(sent);
        var filter = RunFilter.read(members, (name, what, code) -> sent.fault("/filter/" + name, what, code));
        var order = order(sent, members.getFirst("task"));
        var reason = sent.reason();
        var matched = matched(sent);
        sent.valid();
        if (onlyAsked) {
            return ResponseEntity.ok(jobs.dryRun(order, filter, reason, caller));
        }
        var asked = java.util.Objects.requireNonNull(sent.member("filter"));
        var made = jobs.create(order, filter, asked, matched, reason, caller);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/bulk/" + made.bulkId()))
                .body(made);
    }

    private BulkOrder order(ActionBody sent, @Nullable String task) {
        var wire = sent.text("action", LONGEST_ACTION);
        var onRun = wire == null ? null : BulkOrder.runAction(wire).orElse(null);
        var onTasks = wire == null ? null : BulkOrder.taskAction(wire).orElse(null);
        var taken = RunActions.Arguments.NONE;
        if (onRun != null) {
            taken = arguments.of(onRun, sent, "action", "filter", "matched");
        } else if (onTasks != null) {
            sent.knows("action", "filter", "matched", "reason");
            if (task == null && (onTasks == TaskAction.SKIP || onTasks == TaskAction.MARK_DONE)) {
                sent.fault("/filter/task", "is missing: say which task is to be ended by hand", "missing");
            }
        } else {
            sent.knows("action", "filter", "matched", "reason", "version", "status", "until");
            sent.fault("/action", "is one of " + BulkOrder.allActions(), wire == null ? "missing" : "invalid-value");
        }
        if (task != null && onRun != null) {
            sent.fault("/filter/task", "goes with actions on task runs alone", "invalid-value");
        }
        return new BulkOrder(
                onRun,
                onRun == null ? onTasks : null,
                new Details(taken.version(), taken.status(), taken.until(), task));
    }

    /** How many runs the caller has seen the filter hold for; null: not said. */
    private static @Nullable Integer matched(ActionBody sent) {
        var matched = sent.member("matched");
        if (matched == null) {
            return null;
        }
        if (!matched.isInt() || matched.intValue() < 0) {
            sent.fault("/matched", "is the number of runs that a dry run has told", "invalid-value");
            return null;
        }
        return matched.intValue();
    }

    /** The filter's members as a list's parameters would be given; a filter that holds for everything is none. */
    private static MultiValueMap<String, String> members(ActionBody sent) {
        var members = new LinkedMultiValueMap<String, String>();
        var filter = sent.member("filter");
        if (filter == null) {
            sent.fault("/filter", "is missing: say which runs, by at least one member", "missing");
            return members;
        }
        if (!filter.isObject()) {
            sent.fault("/filter", "must be an object", "wrong-type");
            return members;
        }
        if (filter.isEmpty()) {
            sent.fault("/filter", "names no runs: give at least one member", "invalid-value");
        }
        for (var member : filter.properties()) {
            var name = member.getKey();
            if (IN_FILTER.contains(name)) {
                add(members, name, member.getValue(), sent);
            } else {
                sent.fault("/filter/" + ActionBody.pointer(name), "is not known here", "unknown-member");
            }
        }
        return members;
    }

    private static void add(MultiValueMap<String, String> members, String name, JsonNode value, ActionBody sent) {
        var isFlag = name.equals("overdue") || name.equals("unresolved");
        var isSingle = name.equals("task") || name.equals("from") || name.equals("to");
        if (isFlag && value.isBoolean()) {
            members.add(name, value.asString());
        } else if (!isFlag && value.isString()) {
            members.add(name, value.stringValue());
        } else if (!isFlag
                && !isSingle
                && value.isArray()
                && !value.isEmpty()
                && value.valueStream().allMatch(JsonNode::isString)) {
            value.valueStream().map(JsonNode::stringValue).forEach(text -> members.add(name, text));
        } else {
            sent.fault(
                    "/filter/" + name,
                    isFlag ? "must be true or false" : isSingle ? "must be text" : "must be text, or a list of texts",
                    "wrong-type");
        }
    }

    /** The jobs that the caller may see, newest first. */
    @GetMapping("/api/v1/bulk")
    @RequiresScope(Scope.RUNS_READ)
    PageView<BulkView> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        return jobs.page(page.cursor(), page.limit(), caller);
    }

    @GetMapping("/api/v1/bulk/{bulkId}")
    @RequiresScope(Scope.RUNS_READ)
    BulkView job(Caller caller, @PathVariable String bulkId) {
        return jobs.find(bulkId, caller);
    }

    /** Nothing more is done; what was done stays. */
    @PostMapping(path = "/api/v1/bulk/{bulkId}/cancel", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    BulkView cancel(
            Caller caller,
            @PathVariable String bulkId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        jobs.find(bulkId, caller);
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return jobs.cancel(bulkId, reason, caller, onlyAsked);
    }
}
