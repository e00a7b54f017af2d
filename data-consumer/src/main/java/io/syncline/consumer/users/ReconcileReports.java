package io.syncline.consumer.users;

import io.syncline.client.Reports;
import io.syncline.client.UnknownWorkException;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.JdbcViewComparisons.Comparison;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the platform how a reconciliation of the view ended, in the transaction that ended it. */
class ReconcileReports {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileReports.class);

    private final Set<String> unreported = ConcurrentHashMap.newKeySet();
    private final Reports reports;

    ReconcileReports(Reports reports) {
        this.reports = reports;
    }

    /** What was found is reported as it was found, also when it is repaired by now: people must hear of drift. */
    void completed(Generation held, long recounted, Comparison compared, Instant now) {
        var users = compared.users();
        long facts = compared.factsMissing() + compared.factsUnexpected();
        // Facts may differ without a counter that shows it, and counters that were repaired already do not show any
        // more.
        long hidden = users.isBalanced(0) ? facts + recounted : recounted;
        var found = new Reconciliation(
                users.expectedRows(),
                users.actualRows(),
                users.missing(),
                users.unexpected(),
                (users.different() == null ? 0 : users.different()) + hidden);
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("recounted", recounted);
        result.put("factsMissing", compared.factsMissing());
        result.put("factsUnexpected", compared.factsUnexpected());
        result.put("replaced", !compared.isEqual());
        result.put("differences", compared.sampleKeys());
        send(held, ReportStatus.COMPLETED, null, null, found, result, now);
    }

    void failed(Generation held, String error, Instant now) {
        send(held, ReportStatus.FAILED, error, true, null, null, now);
    }

    private void send(
            Generation held,
            ReportStatus status,
            @Nullable String message,
            @Nullable Boolean retryable,
            @Nullable Reconciliation reconciliation,
            @Nullable Map<String, @Nullable Object> result,
            Instant now) {
        if (held.purpose() != Purpose.RECONCILE || unreported.contains(held.workKey())) {
            return;
        }
        try {
            reports.report(
                    held.workKey(),
                    new StatusReport(
                            null, null, null, status, message, retryable, null, null, reconciliation, result, now));
        } catch (UnknownWorkException e) {
            // The transaction is lost with it; the next try goes without a report.
            unreported.add(held.workKey());
            LOG.warn("nobody waits for the end of generation {}: {}", held.number(), e.getMessage());
            throw e;
        }
    }
}
