package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.DocumentSchema;
import io.syncline.scheduler.catalog.Editor;
import io.syncline.scheduler.catalog.FieldChange;
import io.syncline.scheduler.catalog.GroupFilter;
import io.syncline.scheduler.catalog.GroupView;
import io.syncline.scheduler.catalog.HeldMode;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.Pause;
import io.syncline.scheduler.catalog.StatusMember;
import io.syncline.scheduler.catalog.Stored;
import io.syncline.scheduler.catalog.StoredVersion;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroupCatalog;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.QueryReason;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@RestController
class GroupsController {

    private final TaskGroupCatalog groups;
    private final RecentRuns recentRuns;
    private final GroupGrids grids;
    private final DocumentSchema schema;
    private final JsonMapper json;

    GroupsController(
            TaskGroupCatalog groups, RecentRuns recentRuns, GroupGrids grids, DocumentSchema schema, JsonMapper json) {
        this.groups = groups;
        this.grids = grids;
        this.recentRuns = recentRuns;
        this.schema = schema;
        this.json = json;
    }

    /**
     * Task groups by key; {@code text} is looked for in key, description and owner. With {@code recent=true} those who may
     * read runs are told how each group has done lately.
     */
    @GetMapping("/api/v1/groups")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<GroupListItem> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(required = false) @Nullable String system,
            @RequestParam(required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String paused,
            @RequestParam(required = false) @Nullable String recent) {
        var lately = QueryFlags.read("recent", recent) && caller.has(Scope.RUNS_READ);
        var filter = new GroupFilter(
                given(label),
                given(owner),
                given(system),
                given(text),
                paused == null ? null : QueryFlags.read("paused", paused));
        var page = groups.list(PageRequest.of(limit, cursor), caller.labels(), filter);
        var read = new LinkedHashMap<GroupView, TaskGroup>();
        page.items().forEach(view -> read.put(view, groups.read(view.current())));
        var recentOf = lately ? recentRuns.of(List.copyOf(read.values())) : Map.<String, RecentRuns.View>of();
        return new PageView<>(
                read.entrySet().stream()
                        .map(group -> item(
                                group.getKey(),
                                group.getValue(),
                                recentOf.get(group.getValue().key())))
                        .toList(),
                page.nextCursor());
    }

    private GroupListItem item(GroupView view, TaskGroup group, RecentRuns.@Nullable View recent) {
        var schedule = group.schedule();
        var next = schedule == null ? List.<Instant>of() : groups.nextFireTimes(schedule, 1);
        return GroupListItem.of(view, group, next.isEmpty() ? null : next.get(0), recent);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** The current document, with its version and pause as {@code status}. */
    @GetMapping("/api/v1/groups/{key}")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> get(Caller caller, @PathVariable String key, @RequestHeader HttpHeaders headers) {
        return answer(headers, groups.get(key, caller.labels()));
    }

    /** What became of each task in the last 20 runs of a group. */
    @GetMapping("/api/v1/groups/{key}/grid")
    @RequiresScope(Scope.RUNS_READ)
    GroupGrid grid(Caller caller, @PathVariable String key) {
        return grids.of(key, caller.labels())
                .orElseThrow(() -> ProblemException.of(404, "not-found", "Not found")
                        .detail("There is no task group '" + key + "'."));
    }

    /** Stores the next version of a group; running runs keep theirs. */
    @PutDocument("/api/v1/groups/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.GROUPS)
    ResponseEntity<byte[]> put(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        boolean detaching = QueryFlags.read("detach", detach);
        String why = QueryReason.read(reason);
        Stored<GroupView> stored = groups.put(
                key,
                ConfigDocuments.format(headers.getFirst(HttpHeaders.CONTENT_TYPE)),
                ConfigDocuments.bounded(body),
                ConfigDocuments.precondition(headers),
                Editor.of(caller, detaching, why));
        return ConfigDocuments.stored("/api/v1/groups/" + key, stored.created(), answer(headers, stored.view()));
    }

    /** Ends the group; refused while one of its runs is open. */
    @DeleteMapping("/api/v1/groups/{key}")
    @RequiresScope(Scope.CONFIG_WRITE)
    @SecondApprover(SecondApprover.Kind.GROUPS)
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String detach,
            @RequestParam(required = false) @Nullable String reason,
            @RequestHeader HttpHeaders headers) {
        boolean detaching = QueryFlags.read("detach", detach);
        groups.delete(
                key, ConfigDocuments.precondition(headers), Editor.of(caller, detaching, QueryReason.read(reason)));
        return ResponseEntity.noContent().build();
    }

    /** When the group's schedule fires next, changes of the clocks and its calendar taken into account. */
    @GetMapping("/api/v1/groups/{key}/fire-times")
    @RequiresScope(Scope.CONFIG_READ)
    FireTimesView fireTimes(
            Caller caller, @PathVariable String key, @RequestParam(required = false) @Nullable String count) {
        return FireTimesView.of(groups.fireTimes(key, FireTimesView.count(count), caller.labels()));
    }

    /** When a schedule would fire that is not stored yet; the body is the member {@code schedule} of a group's document. */
    @PostMapping(path = "/api/v1/fire-times", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_READ)
    FireTimesView preview(
            Caller caller,
            @RequestParam(required = false) @Nullable String count,
            @RequestBody(required = false) byte @Nullable [] body) {
        return FireTimesView.of(
                groups.preview(ConfigDocuments.bounded(body), FireTimesView.count(count), caller.labels()));
    }

    /** The versions of a group, newest first, of a deleted one as well. */
    @GetMapping("/api/v1/groups/{key}/versions")
    @RequiresScope(Scope.CONFIG_READ)
    PageView<VersionListItem> versions(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = groups.versions(key, PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(page.items().stream().map(VersionListItem::of).toList(), page.nextCursor());
    }

    /** One version as it was put; with {@code diff} the fields in which it differs from that version. */
    @GetMapping("/api/v1/groups/{key}/versions/{version}")
    @RequiresScope(Scope.CONFIG_READ)
    ResponseEntity<byte[]> version(
            Caller caller,
            @PathVariable String key,
            @PathVariable String version,
            @RequestParam(required = false) @Nullable String diff,
            @RequestHeader HttpHeaders headers) {
        if (diff != null) {
            var before = groups.version(key, number(key, diff), caller.labels());
            var after = groups.version(key, number(key, version), caller.labels());
            var changes = schema.changes("TaskGroup", before, after);
            return ResponseEntity.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(json.writeValueAsBytes(new VersionDiff(key, before.version(), after.version(), changes)));
        }
        StoredVersion stored = groups.version(key, number(key, version), caller.labels());
        return ConfigDocuments.answer(headers, StatusMember.with(stored, Map.of()), stored.version());
    }

    /** Starts nothing more until it is resumed; active runs go on. */
    @PostMapping(path = "/api/v1/groups/{key}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @KeepsFirstAnswer
    PauseAnswer pause(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        boolean onlyAsked = QueryFlags.read("dryRun", dryRun);
        String reason = reason(key, body, caller);
        Pause pause = groups.pause(key, reason, onlyAsked, Editor.of(caller));
        return new PauseAnswer(key, onlyAsked, PauseView.of(pause), null);
    }

    /** Ends a pause; {@code held} says which of the runs that waited are let go. */
    @PostMapping(path = "/api/v1/groups/{key}/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @KeepsFirstAnswer
    PauseAnswer resume(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String held,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        HeldMode mode = heldMode(held);
        boolean onlyAsked = QueryFlags.read("dryRun", dryRun);
        String reason = reason(key, body, caller);
        Pause ended =
                groups.resume(key, mode, reason, onlyAsked, Editor.of(caller)).orElse(null);
        return new PauseAnswer(key, onlyAsked, null, PauseView.of(ended));
    }

    /** What has changed from one version of a group to another. */
    private record VersionDiff(String key, int from, int to, List<FieldChange> changes) {}

    private String reason(String key, byte @Nullable [] body, Caller caller) {
        var sent = ActionBody.read(body, json);
        groups.get(key, caller.labels());
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return reason;
    }

    private ResponseEntity<byte[]> answer(HttpHeaders headers, GroupView view) {
        Map<String, Object> more = new LinkedHashMap<>();
        Pause pause = view.pause();
        if (pause != null) {
            more.put("paused", Map.of("since", pause.since().toString(), "by", pause.by(), "reason", pause.reason()));
        }
        var managed = view.managed();
        if (managed != null) {
            more.putAll(managed.status());
        }
        ObjectNode document = StatusMember.with(view.current(), more);
        return ConfigDocuments.answer(headers, document, view.current().version());
    }

    private static HeldMode heldMode(@Nullable String held) {
        return switch (held == null ? "all" : held) {
            case "all" -> HeldMode.ALL;
            case "latest" -> HeldMode.LATEST;
            case "none" -> HeldMode.NONE;
            default ->
                throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                        .detail("Correct the query parameter 'held'.")
                        .parameterError("held", "is all, latest or none", "invalid-value");
        };
    }

    private static int number(String key, String version) {
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw ProblemException.of(404, "not-found", "Not found")
                    .detail("The task group '" + key + "' has no version '" + version + "'; versions are numbers.");
        }
    }
}
