package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroupCatalog;
import io.syncline.scheduler.dispatch.TestCall;
import io.syncline.scheduler.dispatch.TestCalls;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class TestCallController {

    private static final int LONGEST_BUSINESS_KEY = 512;

    private final TaskGroupCatalog groups;
    private final TestCalls calls;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    TestCallController(
            TaskGroupCatalog groups,
            TestCalls calls,
            Audit audit,
            PlatformTransactionManager transactions,
            JsonMapper json) {
        this.groups = groups;
        this.calls = calls;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
    }

    /**
     * Sends one sync call of a task as it is stored, under ids of no run, and tells step by step how that went. The audit entry
     * stands before anything is sent.
     */
    @PostMapping(path = "/api/v1/groups/{key}/tasks/{task}/test-call", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.CONFIG_WRITE)
    @KeepsFirstAnswer
    TestCall testCall(
            Caller caller,
            @PathVariable String key,
            @PathVariable String task,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body) {
        var onlyAsked = QueryFlags.read("dryRun", dryRun);
        var sent = ActionBody.read(body, json);
        TaskGroup group = groups.read(groups.get(key, caller.labels()).current());
        var definition = group.task(task)
                .orElseThrow(() -> ProblemException.of(404, "not-found", "Not found")
                        .detail("The task group '" + key + "' has no task '" + task + "'."));
        sent.knows("reason", "businessKey", "data");
        var reason = sent.reason();
        var businessKey = sent.text("businessKey", LONGEST_BUSINESS_KEY);
        var data = sent.member("data");
        sent.valid();
        if (onlyAsked) {
            return calls.planned(group, definition, businessKey, data);
        }
        transaction.executeWithoutResult(status -> {
            var details = new LinkedHashMap<String, Object>();
            details.put("task", task);
            details.put("system", definition.system());
            details.put("version", group.version());
            audit.record(caller.subject(), "test-call", "group", key, reason, details);
        });
        return calls.made(group, definition, businessKey, data);
    }
}
