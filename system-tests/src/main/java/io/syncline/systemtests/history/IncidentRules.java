package io.syncline.systemtests.history;

import java.util.Set;

/** I19: each failure and each contradiction is told of once and in time, and nothing else is. */
final class IncidentRules implements Rule {

    private static final Set<String> FAILURES =
            Set.of("REFUSED", "TIMED_OUT", "REPORTED_FAILED", "RECONCILIATION_MISMATCH", "RECONCILIATION_MISSING");
    private static final long WITHIN = 30 * Event.SECOND;
    private static final long RESUMED_WITHIN = 15 * Event.SECOND;

    @Override
    public void check(Facts facts, Findings findings) {
        for (Event task : facts.all("taskRun")) {
            var id = task.text("taskRun");
            var members = facts.of("member", "taskRun", id).stream()
                    .filter(member -> FAILURES.contains(member.text("condition")))
                    .toList();
            var failed = facts.of("move", "taskRun", id).stream()
                    .filter(move -> move.is("to", "FAILED"))
                    .toList();
            if (!failed.isEmpty() || !members.isEmpty()) {
                findings.looked("I19");
            }
            if (members.size() != failed.size()) {
                findings.violated(
                        "I19",
                        "task run %s failed %d times, %d incidents tell of it",
                        id,
                        failed.size(),
                        members.size());
            } else if (!failed.isEmpty()) {
                inTime(id, failed.get(0), members.get(0), facts, findings);
            }
            var conflicts = facts.of("member", "taskRun", id).stream()
                    .filter(member -> member.is("condition", "CONFLICT"))
                    .count();
            var contradicted = contradicted(task, facts);
            if (contradicted || conflicts > 0) {
                findings.looked("I19");
            }
            if (conflicts != (contradicted ? 1 : 0)) {
                findings.violated(
                        "I19",
                        "task run %s was %s, %d incidents tell of a conflict",
                        id,
                        contradicted ? "contradicted" : "never contradicted",
                        conflicts);
            }
        }
    }

    private static void inTime(String id, Event failed, Event member, Facts facts, Findings findings) {
        var after = member.number("joinedAt") - failed.at();
        var away = facts.stopped(failed.at(), member.number("joinedAt"), "database", "dispatch", Facts.MACHINE);
        if (after > WITHIN + (away == 0 ? 0 : away + RESUMED_WITHIN)) {
            findings.violated("I19", "that task run %s failed was told %d ms later", id, after / 1000);
        }
    }

    /** By a kept callback, or by the answer of a call that came after the end. */
    private static boolean contradicted(Event task, Facts facts) {
        return facts.of("callbackRow", "taskRun", task.text("taskRun")).stream()
                .filter(row -> row.is("reason", "ALREADY_ENDED"))
                .anyMatch(row -> !row.is("report", "RUNNING") && !row.is("report", task.text("state")));
    }
}
