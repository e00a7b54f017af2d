package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.tracing.TraceContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Starts groups by hand: a trigger message like any other, and its audit entry, in one transaction. */
@Component
class GroupStarts {

    private final Intake intake;
    private final TaskGroups groups;
    private final Audit audit;
    private final TransactionTemplate transaction;

    GroupStarts(Intake intake, TaskGroups groups, Audit audit, PlatformTransactionManager transactions) {
        this.intake = intake;
        this.groups = groups;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    boolean isKnown(String group, Labels labels) {
        return Boolean.TRUE.equals(transaction.execute(
                status -> groups.withinReach(labels, List.of(group)).contains(group)
                        && groups.current(group).isPresent()));
    }

    /** In a dry run everything is done as always, and then undone. */
    Started start(Start start, Labels labels, boolean dryRun) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (!groups.withinReach(labels, List.of(start.group())).contains(start.group())) {
                throw unknownGroup(start.group());
            }
            var judgement = intake.start(
                    start.group(),
                    start.messageId(),
                    start.operator(),
                    start.businessKey(),
                    start.data(),
                    start.partitionKey(),
                    TraceContext.current().orElse(null));
            if (dryRun) {
                status.setRollbackOnly();
            }
            if (judgement instanceof Judgement.Accepted accepted) {
                if (!dryRun) {
                    audit.record(
                            start.operator(), "start", "group", start.group(), start.reason(), accepted.triggerId());
                }
                return new Started(accepted.triggerId(), "ACCEPTED", accepted.runs());
            }
            if (judgement instanceof Judgement.Duplicate duplicate) {
                return new Started(duplicate.triggerId(), "DUPLICATE", duplicate.runs());
            }
            if (judgement instanceof Judgement.Refused refused) {
                throw refused.problem();
            }
            throw ProblemException.of(403, "forbidden", "Forbidden")
                    .detail("The group may not be started by operators.");
        }));
    }

    static ProblemException unknownGroup(String group) {
        return ProblemException.of(404, "not-found", "Not found").detail("There is no group '" + group + "'.");
    }

    /** @param messageId the same for every repetition of one call; null: the call cannot be repeated */
    record Start(
            String group,
            @Nullable String messageId,
            String operator,
            String reason,
            @Nullable String businessKey,
            @Nullable JsonNode data,
            @Nullable String partitionKey) {}

    record Started(String triggerId, String status, List<StartedRun> runs) {}
}
