package io.syncline.consumer.sync;

import io.syncline.client.Reports;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Reports in memory, by idempotency key. */
final class KeptReports implements Reports {

    private final Map<String, List<StatusReport>> byKey = new ConcurrentHashMap<>();

    @Override
    public void report(String idempotencyKey, StatusReport report) {
        byKey.computeIfAbsent(idempotencyKey, key -> new CopyOnWriteArrayList<>())
                .add(report);
    }

    List<StatusReport> of(String idempotencyKey) {
        return byKey.getOrDefault(idempotencyKey, List.of());
    }

    @Nullable
    StatusReport last(String idempotencyKey) {
        var reports = of(idempotencyKey);
        return reports.isEmpty() ? null : reports.get(reports.size() - 1);
    }

    long terminal(String idempotencyKey) {
        return of(idempotencyKey).stream()
                .map(StatusReport::status)
                .filter(ReportStatus::isTerminal)
                .count();
    }
}
