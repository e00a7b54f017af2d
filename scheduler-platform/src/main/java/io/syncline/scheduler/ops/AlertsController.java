package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Alerts;
import io.syncline.scheduler.alert.IncidentFilter;
import io.syncline.scheduler.alert.IncidentView;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class AlertsController {

    private final Alerts alerts;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    AlertsController(Alerts alerts, Audit audit, PlatformTransactionManager transactions, JsonMapper json) {
        this.alerts = alerts;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
    }

    /** The incidents, newest first. */
    @GetMapping("/api/v1/alerts")
    @RequiresScope(Scope.RUNS_READ)
    PageView<IncidentView> list(
            Caller caller,
            @RequestParam(required = false) @Nullable List<String> state,
            @RequestParam(required = false) @Nullable List<String> group,
            @RequestParam(required = false) @Nullable List<String> condition,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page =
                alerts.list(IncidentFilter.of(state, group, condition), PageRequest.of(limit, cursor), caller.labels());
        return new PageView<>(page.items(), page.nextCursor());
    }

    /** One incident with its members, the messages that tell of it, and its history. */
    @GetMapping("/api/v1/alerts/{id}")
    @RequiresScope(Scope.RUNS_READ)
    IncidentView get(Caller caller, @PathVariable String id) {
        return alerts.get(id, caller.labels());
    }

    /** Somebody takes it up: no escalation, and no message but of its end. */
    @PostMapping(path = "/api/v1/alerts/{id}/acknowledge", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    IncidentView acknowledge(
            Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var dry = QueryFlags.read("dryRun", dryRun);
        var action = ActionBody.read(body, json);
        alerts.get(id, caller.labels());
        action.knows("reason");
        var reason = action.reason();
        action.valid();
        return Objects.requireNonNull(transaction.execute(status -> {
            var view = alerts.acknowledge(id, caller.subject(), reason, dry, caller.labels());
            if (!dry) {
                audit.record(caller.subject(), "acknowledge", "alert", id, reason, null);
            }
            return view;
        }));
    }
}
