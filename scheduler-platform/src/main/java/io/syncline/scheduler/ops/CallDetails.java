package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Shows what a call sent and got; who reads a body is kept in the audit, in the transaction that reads it. */
@Component
class CallDetails {

    private final JdbcRunViews rows;
    private final Audit audit;
    private final JsonMapper json;
    private final TransactionTemplate transaction;

    CallDetails(JdbcRunViews rows, Audit audit, JsonMapper json, PlatformTransactionManager transactions) {
        this.rows = rows;
        this.audit = audit;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Empty when there is no such call of this task run, or its run is out of reach. */
    Optional<CallDetailView> find(String taskRunId, String callId, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> rows.runOfTaskRun(taskRunId)
                .flatMap(runId -> rows.find(runId, caller.labels()))
                .flatMap(run -> rows.call(taskRunId, callId))
                .map(stored -> shown(stored, caller))));
    }

    private CallDetailView shown(StoredCall stored, Caller caller) {
        var transcript = stored.transcript() == null ? null : json.readTree(stored.transcript());
        var withBodies = caller.has(Scope.PAYLOAD_READ);
        if (withBodies && transcript != null) {
            audit.record(
                    caller.subject(),
                    "read",
                    "call",
                    stored.call().callId(),
                    null,
                    Map.of("runId", stored.runId(), "taskRunId", stored.taskRunId(), "task", stored.task()));
        }
        return CallDetailView.of(stored, transcript, withBodies);
    }
}
