package io.syncline.scheduler.run;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.scheduler.catalog.ReconciliationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a report of completion does not complete its task run. */
record Imbalance(Cause cause, MoveCause moveCause, String detail) {

    /** Null when the numbers balance within the rule. */
    static @Nullable Imbalance of(
            ReconciliationRule rule, @Nullable Reconciliation numbers, @Nullable List<FileReport> files) {
        if (rule.required() && !hasBothNumbers(numbers)) {
            return new Imbalance(
                    Cause.RECONCILIATION_MISSING,
                    MoveCause.RECONCILIATION_MISSING,
                    "reported COMPLETED without the reconciliation that the task requires");
        }
        var failedFiles = files == null
                ? 0
                : files.stream()
                        .filter(file -> file.status() == FileReport.Status.FAILED)
                        .count();
        if (failedFiles > 0 || (numbers != null && !numbers.isBalanced(rule.toleranceRows()))) {
            return new Imbalance(
                    Cause.RECONCILIATION_MISMATCH,
                    MoveCause.RECONCILIATION_MISMATCH,
                    "reported COMPLETED, but its numbers do not balance" + sentence(numbers, failedFiles));
        }
        return null;
    }

    /** An empty reconciliation is none. */
    private static boolean hasBothNumbers(@Nullable Reconciliation numbers) {
        return numbers != null && numbers.expectedRows() != null && numbers.actualRows() != null;
    }

    private static String sentence(@Nullable Reconciliation numbers, long failedFiles) {
        var said = numbers == null
                ? ""
                : ": expected " + numbers.expectedRows() + " rows, found " + numbers.actualRows() + ", missing "
                        + numbers.missing() + ", unexpected " + numbers.unexpected() + ", different "
                        + numbers.different();
        return said + (failedFiles == 0 ? "" : "; files failed: " + failedFiles);
    }
}
