package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class StartController {

    private static final int LONGEST_BUSINESS_KEY = 512;
    private static final int LONGEST_PARTITION_KEY = 256;

    private final GroupStarts starts;
    private final JsonMapper json;

    StartController(GroupStarts starts, JsonMapper json) {
        this.starts = starts;
        this.json = json;
    }

    /** Starts a group by hand, as a trigger message from the operators would. */
    @PostMapping(path = "/api/v1/groups/{key}/start", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ResponseEntity<Map<String, Object>> start(
            Caller caller,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestAttribute(name = FirstAnswerInterceptor.CALL_HASH, required = false) @Nullable String callHash,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        if (!starts.isKnown(key, caller.labels())) {
            throw GroupStarts.unknownGroup(key);
        }
        sent.knows("reason", "businessKey", "data", "partitionKey");
        var start = new GroupStarts.Start(
                key,
                callHash,
                caller.subject(),
                sent.reason(),
                sent.text("businessKey", LONGEST_BUSINESS_KEY),
                sent.member("data"),
                sent.text("partitionKey", LONGEST_PARTITION_KEY));
        sent.valid();
        var started = starts.start(start, caller.labels(), onlyAsked);
        if (onlyAsked) {
            // Ids of what was undone would only mislead.
            return ResponseEntity.ok(Map.of(
                    "dryRun",
                    true,
                    "runs",
                    started.runs().stream().map(StartController::withoutId).toList()));
        }
        var answer = new LinkedHashMap<String, Object>();
        answer.put("triggerId", started.triggerId());
        answer.put("status", started.status());
        answer.put("runs", started.runs());
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/triggers/" + started.triggerId()))
                .body(answer);
    }

    private static Map<String, Object> withoutId(StartedRun run) {
        return Map.of("group", run.group(), "state", run.state());
    }
}
