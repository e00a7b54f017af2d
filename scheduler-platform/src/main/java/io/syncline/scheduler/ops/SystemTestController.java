package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.SystemCatalog;
import io.syncline.scheduler.outbound.SystemTest;
import io.syncline.scheduler.outbound.SystemTests;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
class SystemTestController {

    private final SystemCatalog systems;
    private final SystemTests tests;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    SystemTestController(
            SystemCatalog systems,
            SystemTests tests,
            Audit audit,
            PlatformTransactionManager transactions,
            JsonMapper json) {
        this.systems = systems;
        this.tests = tests;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.json = json;
    }

    /** Calls each instance with each credential and tells step by step how that went; ends within 15 s. */
    @PostMapping(path = "/api/v1/systems/{key}/test")
    @RequiresScope(Scope.CONFIG_WRITE)
    SystemTest test(Caller caller, @PathVariable String key, @RequestBody(required = false) byte @Nullable [] body) {
        JsonNode sent = tree(ConfigDocuments.bounded(body));
        SyncSystem system = systems.read(systems.get(key, caller.labels()));
        SystemTest test = tests.run(system, sent == null ? null : credential(sent));
        transaction.executeWithoutResult(status -> audit.record(
                caller.subject(),
                "test",
                "system",
                key,
                null,
                Map.of("status", test.status(), "targets", test.targets().size())));
        return test;
    }

    private @Nullable JsonNode tree(byte[] body) {
        if (body.length == 0) {
            return null;
        }
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw ProblemException.of(400, "malformed-body", "The body cannot be read")
                    .detail("The body is not JSON; send {} or {\"credential\": \"name\"}.");
        }
    }

    private static @Nullable String credential(JsonNode tree) {
        ProblemException problem = ProblemException.of(422, "invalid-body", "The body is not valid")
                .detail("Correct what the errors name and send the call again.");
        if (!tree.isObject()) {
            throw problem.error("", "must be an object", "wrong-type");
        }
        for (String name : tree.propertyNames()) {
            if (!name.equals("credential")) {
                problem.error("/" + name.replace("~", "~0").replace("/", "~1"), "is not known here", "unknown-member");
            }
        }
        JsonNode credential = tree.path("credential");
        if (!credential.isMissingNode() && !credential.isNull() && !credential.isString()) {
            problem.error("/credential", "must be the name of a credential", "wrong-type");
        }
        if (problem.hasErrors()) {
            throw problem;
        }
        return credential.isString() ? credential.stringValue() : null;
    }
}
