package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Alerts;
import io.syncline.scheduler.alert.IncidentFilter;
import io.syncline.scheduler.alert.IncidentView;
import io.syncline.scheduler.alert.ResendView;
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
        return new PageView<>(
                page.items().stream().map(view -> shown(view, caller)).toList(), page.nextCursor());
    }

    /** One incident with its members, the messages that tell of it, and its history. */
    @GetMapping("/api/v1/alerts/{id}")
    @RequiresScope(Scope.RUNS_READ)
    IncidentView get(Caller caller, @PathVariable String id) {
        return shown(alerts.get(id, caller.labels()), caller);
    }

    static IncidentView shown(IncidentView view, Caller caller) {
        return caller.has(Scope.RUNS_OPERATE) ? view : view.withoutActions();
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
        return act(
                "acknowledge",
                caller,
                id,
                dryRun,
                body,
                (reason, dry) -> alerts.acknowledge(id, caller.subject(), reason, dry, caller.labels()));
    }

    /** The channels whose last message was given up get it once more. */
    @PostMapping(path = "/api/v1/alerts/{id}/resend", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    ResendView resend(
            Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(
                "resend",
                caller,
                id,
                dryRun,
                body,
                (reason, dry) -> alerts.resend(id, caller.subject(), reason, dry, caller.labels()));
    }

    private interface Action<T> {
        T carryOut(String reason, boolean dryRun);
    }

    private <T> T act(
            String name, Caller caller, String id, @Nullable String dryRun, byte @Nullable [] body, Action<T> action) {
        var dry = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        alerts.get(id, caller.labels());
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return Objects.requireNonNull(transaction.execute(status -> {
            var answer = action.carryOut(reason, dry);
            if (!dry) {
                audit.record(caller.subject(), name, "alert", id, reason, null);
            }
            return answer;
        }));
    }
}
