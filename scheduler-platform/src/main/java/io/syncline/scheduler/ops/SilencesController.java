package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Silences;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class SilencesController {

    private final Silences silences;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    SilencesController(Silences silences, Audit audit, PlatformTransactionManager transactions, JsonMapper json) {
        this.silences = silences;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
    }

    /** The silences, newest first. */
    @GetMapping("/api/v1/silences")
    @RequiresScope(Scope.RUNS_READ)
    PageView<Silences.View> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = silences.list(PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(page.items(), page.nextCursor());
    }

    /** Keeps people from being told of matching incidents; a dry run tells which open ones these are. */
    @PostMapping(path = "/api/v1/silences", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ResponseEntity<Silences.View> create(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var dry = QueryFlags.read("dryRun", dryRun);
        var silence = SilenceBody.read(ActionBody.read(body, json));
        var view = Objects.requireNonNull(transaction.execute(status -> {
            var created = silences.create(
                    silence.matchers(),
                    silence.from(),
                    silence.until(),
                    silence.reason(),
                    caller.subject(),
                    dry,
                    caller.labels());
            if (!dry) {
                audit.record(
                        caller.subject(),
                        "create",
                        "silence",
                        String.valueOf(created.silenceId()),
                        silence.reason(),
                        created);
            }
            return created;
        }));
        return dry
                ? ResponseEntity.ok(view)
                : ResponseEntity.created(URI.create("/api/v1/silences/" + view.silenceId()))
                        .body(view);
    }

    /** Ends a silence before its time; what it held back is told now. */
    @DeleteMapping("/api/v1/silences/{id}")
    @RequiresScope(Scope.RUNS_OPERATE)
    Silences.View end(Caller caller, @PathVariable String id, @RequestParam(required = false) @Nullable String dryRun) {
        var dry = QueryFlags.read("dryRun", dryRun);
        return Objects.requireNonNull(transaction.execute(status -> {
            var ended = silences.end(id, caller.subject(), dry, caller.labels());
            if (!dry) {
                audit.record(caller.subject(), "end", "silence", id, null, null);
            }
            return ended;
        }));
    }
}
