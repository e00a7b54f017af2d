package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.tracing.TraceContext;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class ResubmitController {

    private final Resubmissions resubmissions;
    private final JsonMapper json;

    ResubmitController(Resubmissions resubmissions, JsonMapper json) {
        this.resubmissions = resubmissions;
        this.json = json;
    }

    /** Sends a corrected copy of a rejected message; like any message it starts whatever groups have rules for it. */
    @PostMapping(path = "/api/v1/triggers/{triggerId}/resubmit", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(value = Scope.RUNS_OPERATE, everyLabel = true)
    @KeepsFirstAnswer
    ResponseEntity<Map<String, Object>> resubmit(
            Caller caller,
            @PathVariable String triggerId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        resubmissions.known(triggerId);
        sent.knows("reason", "data", "attributes");
        var reason = sent.reason();
        var attributes = sent.member("attributes");
        if (attributes != null && !attributes.isObject()) {
            sent.error("/attributes", "must be an object of CloudEvents attributes", "wrong-type");
        }
        sent.valid();
        var result = resubmissions.resubmit(
                triggerId,
                sent.member("data"),
                attributes,
                caller.subject(),
                reason,
                TraceContext.current().orElse(null),
                onlyAsked);
        var answer = new LinkedHashMap<String, Object>();
        if (onlyAsked) {
            answer.put("dryRun", true);
        } else {
            answer.put("triggerId", result.triggerId());
        }
        answer.put("resubmitOf", triggerId);
        answer.put("status", result.status());
        answer.put(
                "runs",
                onlyAsked
                        ? result.runs().stream()
                                .map(run -> Map.of("group", run.group(), "state", run.state()))
                                .toList()
                        : result.runs());
        if (onlyAsked || result.status().equals("DUPLICATE")) {
            return ResponseEntity.ok(answer);
        }
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/triggers/" + result.triggerId()))
                .body(answer);
    }
}
