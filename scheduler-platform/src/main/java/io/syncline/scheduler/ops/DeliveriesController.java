package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Deliveries;
import io.syncline.scheduler.alert.DeliveryAction;
import io.syncline.scheduler.alert.DeliveryFilter;
import io.syncline.scheduler.alert.DeliverySummary;
import io.syncline.scheduler.alert.DeliveryView;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
class DeliveriesController {

    private final Deliveries deliveries;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    DeliveriesController(Deliveries deliveries, Audit audit, PlatformTransactionManager transactions, JsonMapper json) {
        this.deliveries = deliveries;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
    }

    /** Messages over all channels, newest first; without a state those that are not delivered. */
    @GetMapping("/api/v1/deliveries")
    @RequiresScope(Scope.RUNS_READ)
    PageView<DeliveryView> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(required = false) @Nullable String lastCause,
            @RequestParam(required = false) @Nullable List<String> messageId,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = deliveries.list(
                DeliveryFilter.of(state, channel, lastCause, messageId),
                PageRequest.of(limit, cursor),
                caller.labels());
        return new PageView<>(
                page.items().stream().map(view -> shown(view, caller)).toList(), page.nextCursor());
    }

    /** How the channels do, and what was given up, by its cause. */
    @GetMapping("/api/v1/deliveries/summary")
    @RequiresScope(Scope.RUNS_READ)
    DeliverySummary summary(Caller caller) {
        var summary = deliveries.summary(caller.labels());
        return caller.has(Scope.RUNS_OPERATE) ? summary : summary.withoutActions();
    }

    private static DeliveryView shown(DeliveryView view, Caller caller) {
        return caller.has(Scope.RUNS_OPERATE) ? view : view.withoutActions();
    }

    /** Messages that were given up are sent once more. */
    @PostMapping(path = "/api/v1/deliveries/resend", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    DeliveryAction resend(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(
                "resend",
                caller,
                dryRun,
                body,
                (ids, reason, dry) -> deliveries.resend(ids, caller.subject(), reason, dry, caller.labels()));
    }

    /** Messages that were given up leave the list; their alerts still show them. */
    @PostMapping(path = "/api/v1/deliveries/discard", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.RUNS_OPERATE)
    @KeepsFirstAnswer
    DeliveryAction discard(
            Caller caller,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        return act(
                "discard",
                caller,
                dryRun,
                body,
                (ids, reason, dry) -> deliveries.discard(ids, caller.subject(), reason, dry, caller.labels()));
    }

    private interface Action {
        DeliveryAction carryOut(List<String> messageIds, String reason, boolean dryRun);
    }

    private DeliveryAction act(
            String name, Caller caller, @Nullable String dryRun, byte @Nullable [] body, Action action) {
        var dry = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        sent.knows("messageIds", "reason");
        var ids = messageIds(sent);
        var reason = sent.reason();
        sent.valid();
        return Objects.requireNonNull(transaction.execute(status -> {
            var answer = action.carryOut(ids, reason, dry);
            if (!dry) {
                byAlert(answer)
                        .forEach((alert, messages) -> audit.record(
                                caller.subject(), name, "alert", alert, reason, Map.of("messageIds", messages)));
            }
            return answer;
        }));
    }

    private static TreeMap<String, List<String>> byAlert(DeliveryAction answer) {
        return answer.messages().stream()
                .collect(Collectors.groupingBy(
                        DeliveryAction.Done::alertId,
                        TreeMap::new,
                        Collectors.mapping(DeliveryAction.Done::messageId, Collectors.toList())));
    }

    private static List<String> messageIds(ActionBody sent) {
        var ids = sent.member("messageIds");
        if (ids == null) {
            sent.fault("/messageIds", "is missing: name the messages", "missing");
            return List.of();
        }
        if (!ids.isArray() || !ids.valueStream().allMatch(JsonNode::isString)) {
            sent.fault("/messageIds", "must be a list of texts", "wrong-type");
            return List.of();
        }
        if (ids.isEmpty() || ids.size() > DeliveryFilter.MOST_MESSAGES) {
            sent.fault("/messageIds", "has 1 to " + DeliveryFilter.MOST_MESSAGES + " of them", "invalid-value");
            return List.of();
        }
        return ids.valueStream().map(JsonNode::stringValue).toList();
    }
}
