package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.trigger.Correction;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.Judgement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Corrected copies of rejected messages: the copy, what it starts and the audit entry in one transaction. */
@Component
class Resubmissions {

    private final Intake intake;
    private final Audit audit;
    private final TransactionTemplate transaction;

    Resubmissions(Intake intake, Audit audit, PlatformTransactionManager transactions) {
        this.intake = intake;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @throws ProblemException 404 */
    void known(String triggerId) {
        if (!intake.isKept(triggerId)) {
            throw unknown(triggerId);
        }
    }

    /**
     * A copy that is rejected again is kept and linked as well.
     *
     * @throws ProblemException 404, 409 when the message is not REJECTED or stands corrected, or why the copy was refused
     */
    Resubmitted resubmit(
            String triggerId,
            @Nullable JsonNode data,
            @Nullable JsonNode attributes,
            String operator,
            String reason,
            @Nullable String traceparent,
            boolean dryRun) {
        var correction = new Correction(triggerId, data, attributes);
        Judgement judgement;
        try {
            judgement = judged(correction, operator, reason, traceparent, dryRun);
        } catch (DuplicateKeyException e) {
            // A copy came at the same moment and is found now.
            judgement = judged(correction, operator, reason, traceparent, dryRun);
        }
        if (judgement instanceof Judgement.Accepted accepted) {
            return new Resubmitted(accepted.triggerId(), "ACCEPTED", accepted.runs());
        }
        if (judgement instanceof Judgement.Verifying verifying) {
            return new Resubmitted(verifying.triggerId(), "VERIFYING", verifying.runs());
        }
        if (judgement instanceof Judgement.Duplicate duplicate) {
            return new Resubmitted(duplicate.triggerId(), "DUPLICATE", duplicate.runs());
        }
        if (judgement instanceof Judgement.Forbidden forbidden) {
            throw forbidden.problem();
        }
        throw ((Judgement.Refused) judgement).problem();
    }

    private Judgement judged(
            Correction correction, String operator, String reason, @Nullable String traceparent, boolean dryRun) {
        var triggerId = correction.triggerId();
        return Objects.requireNonNull(transaction.execute(status -> {
            if (dryRun) {
                status.setRollbackOnly();
            }
            var judged =
                    intake.resubmit(correction, operator, traceparent, dryRun).orElseThrow(() -> unknown(triggerId));
            if (!dryRun) {
                audit.record(operator, "resubmit", "trigger", triggerId, reason, details(judged));
            }
            return judged;
        }));
    }

    private static Map<String, Object> details(Judgement judgement) {
        var details = new LinkedHashMap<String, Object>();
        details.put("outcome", judgement.getClass().getSimpleName());
        var id = judgement.id();
        if (id != null) {
            details.put("triggerId", id);
        }
        return details;
    }

    private static ProblemException unknown(String triggerId) {
        return ProblemException.of(404, "unknown-trigger", "There is no such trigger message")
                .detail("There is no trigger message " + triggerId + ".");
    }

    record Resubmitted(String triggerId, String status, List<StartedRun> runs) {}
}
