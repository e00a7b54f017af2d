package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.AlertRules;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AlertRulesController {

    private final AlertRules rules;

    AlertRulesController(AlertRules rules) {
        this.rules = rules;
    }

    /** The alert rules of the groups by key, replayed on the signals of the last seven days. */
    @GetMapping("/api/v1/alert-rules")
    @RequiresScope(Scope.CONFIG_READ)
    AlertRules.View list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return rules.list(PageRequest.of(limit, cursor), caller.labels());
    }
}
