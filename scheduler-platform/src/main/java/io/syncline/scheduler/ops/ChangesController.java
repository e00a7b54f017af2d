package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.ops.PendingChange.State;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Changes that wait for a second person: for those who may make the same change, and for who has proposed it. */
@RestController
class ChangesController {

    private final PendingChanges changes;
    private final JsonMapper json;

    ChangesController(PendingChanges changes, JsonMapper json) {
        this.changes = changes;
        this.json = json;
    }

    /** Changes, newest first. */
    @GetMapping("/api/v1/changes")
    @RequiresScope(Scope.CONFIG_WRITE)
    PageView<ChangeView> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var list = "changes " + Objects.toString(state);
        var found = changes.page(state(state), ListCursor.read(list, page.cursor()), page.limit() + 1, caller);
        var now = changes.now();
        var items = found.stream()
                .limit(page.limit())
                .map(change -> ChangeView.of(change, now, changes.mayDecide(change, caller), null))
                .toList();
        return new PageView<>(
                items,
                found.size() > page.limit()
                        ? ListCursor.write(list, items.get(items.size() - 1).changeId())
                        : null);
    }

    /** One change, with the object as it was and what is asked for. */
    @GetMapping("/api/v1/changes/{changeId}")
    @RequiresScope(Scope.CONFIG_WRITE)
    ChangeView get(Caller caller, @PathVariable String changeId) {
        return view(changeId, caller);
    }

    /** Carries the change out in the name of who has proposed it. */
    @PostMapping(path = "/api/v1/changes/{changeId}/approve", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @RequiresRecentSignIn
    @KeepsFirstAnswer
    ResponseEntity<byte[]> approve(
            Caller caller,
            @PathVariable String changeId,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestBody(required = false) byte @Nullable [] body) {
        var answer = changes.approve(changeId, reason(changeId, body, caller), caller, request, response);
        if (answer.status() >= 400) {
            return ResponseEntity.status(answer.status())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(answer.body());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.writeValueAsBytes(view(changeId, caller)));
    }

    @PostMapping(path = "/api/v1/changes/{changeId}/reject", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @KeepsFirstAnswer
    ChangeView reject(
            Caller caller, @PathVariable String changeId, @RequestBody(required = false) byte @Nullable [] body) {
        changes.reject(changeId, reason(changeId, body, caller), caller);
        return view(changeId, caller);
    }

    /** What the change was answered with, such as a new secret: once, and to who has proposed it. */
    @GetMapping("/api/v1/changes/{changeId}/answer")
    @RequiresScope(Scope.CONFIG_WRITE)
    ResponseEntity<byte[]> answer(Caller caller, @PathVariable String changeId, HttpServletRequest request) {
        if (request.getMethod().equals("HEAD")) {
            // It would be told, and forgotten, without anybody seeing it.
            throw ProblemException.of(405, "method-not-allowed", "Method not allowed")
                    .detail("Ask by GET; the answer is told once.")
                    .header(HttpHeaders.ALLOW, "GET");
        }
        var body = changes.answer(changeId, caller)
                .orElseThrow(() -> ProblemException.of(404, "not-found", "Not found")
                        .detail("The change has no answer, or it was told already."));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(body);
    }

    private String reason(String changeId, byte @Nullable [] body, Caller caller) {
        var sent = ActionBody.read(body, json);
        changes.get(changeId, caller);
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return reason;
    }

    private ChangeView view(String changeId, Caller caller) {
        var change = changes.get(changeId, caller);
        return ChangeView.of(
                change,
                changes.now(),
                changes.mayDecide(change, caller),
                new ChangeView.Documents(tree(change.before()), tree(change.after())));
    }

    private @Nullable Object tree(@Nullable String document) {
        return document == null ? null : json.readTree(document);
    }

    private static @Nullable State state(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (var state : State.values()) {
            if (state.name().equals(text)) {
                return state;
            }
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter 'state'.")
                .parameterError("state", "is one of " + List.of(State.values()), "invalid-value");
    }

    /** @param documents what one change shows besides; null in lists */
    @com.fasterxml.jackson.annotation.JsonInclude(com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS)
    record ChangeView(
            String changeId,
            String state,
            String kind,
            String key,
            String method,
            String path,
            String proposedBy,
            Instant proposedAt,
            Instant expiresAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String reason,
            @Nullable Integer answerStatus,
            List<String> allowedActions,

            @com.fasterxml.jackson.annotation.JsonUnwrapped @Nullable
            Documents documents) {

        static ChangeView of(PendingChange change, Instant now, boolean mayDecide, @Nullable Documents documents) {
            var state = change.stateAt(now);
            var query = change.target().indexOf('?');
            return new ChangeView(
                    change.changeId(),
                    state.name(),
                    PendingChanges.wire(change.kind()),
                    change.key(),
                    change.method(),
                    query < 0 ? change.target() : change.target().substring(0, query),
                    change.proposedBy(),
                    change.proposedAt(),
                    change.expiresAt(),
                    change.decidedBy(),
                    change.decidedAt(),
                    change.reason(),
                    change.answerCode(),
                    mayDecide && state == State.PENDING ? List.of("approve", "reject") : List.of(),
                    documents);
        }

        /** The object as it was, and as it is to be; without secrets. */
        record Documents(@Nullable Object before, @Nullable Object after) {}
    }
}
