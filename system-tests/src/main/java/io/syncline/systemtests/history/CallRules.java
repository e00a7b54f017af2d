package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** I5 to I7: one key for all rounds of an attempt, one effect for a key, and no call for what has ended. */
final class CallRules implements Rule {

    /** From the start of the transaction that ends a task run to its commit, and of one call that was under way. */
    private static final long UNDER_WAY = 6 * Event.SECOND;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("call", "taskRun").forEach((taskRun, calls) -> {
            sameWork(taskRun, calls, findings);
            rounds(taskRun, calls, findings);
            attempts(taskRun, calls, facts, findings);
        });
        effects(facts, findings);
        facts.all("taskRun").forEach(task -> afterTheEnd(task, facts, findings));
    }

    private static void sameWork(String taskRun, List<Event> calls, Findings findings) {
        var byAttempt = calls.stream().collect(Collectors.groupingBy(call -> call.number("attempt")));
        byAttempt.forEach((attempt, rounds) -> {
            findings.looked("I5");
            for (String same : List.of("key", "work")) {
                var seen =
                        rounds.stream().map(call -> call.text(same)).distinct().toList();
                if (seen.size() > 1) {
                    findings.violated(
                            "I5", "attempt %d of task run %s came with the %ss %s", attempt, taskRun, same, seen);
                }
            }
        });
    }

    /** A call of a node that slept may come behind its successor; but no round is made twice. */
    private static void rounds(String taskRun, List<Event> calls, Findings findings) {
        var seen = new HashSet<Long>();
        for (Event call : calls) {
            if (!seen.add(call.number("round"))) {
                findings.violated("I5", "round %d of task run %s came twice", call.number("round"), taskRun);
            }
        }
    }

    private static void attempts(String taskRun, List<Event> calls, Facts facts, Findings findings) {
        var last =
                calls.stream().mapToLong(call -> call.number("attempt")).max().orElse(0);
        for (long attempt = 2; attempt <= last; attempt++) {
            var before = attempt - 1;
            findings.looked("I5");
            var failed = ReportRules.reports(taskRun, facts)
                    .anyMatch(report -> report.number("attempt") == before
                            && report.is("report", "FAILED")
                            && !report.flag("final"));
            if (!failed) {
                findings.violated(
                        "I5",
                        "attempt %d of task run %s began, but attempt %d was not reported FAILED",
                        attempt,
                        taskRun,
                        before);
            }
        }
    }

    private static void effects(Facts facts, Findings findings) {
        facts.by("effect", "key").forEach((key, effects) -> {
            findings.looked("I6");
            if (effects.size() > 1) {
                findings.violated("I6", "%d effects for the key %s", effects.size(), key);
            }
        });
        facts.by("effect", "taskRun")
                .forEach((taskRun, effects) -> effects.stream()
                        .collect(Collectors.groupingBy(effect -> effect.number("attempt"), Collectors.counting()))
                        .forEach((attempt, count) -> {
                            if (count > 1) {
                                findings.violated(
                                        "I6", "%d effects for attempt %d of task run %s", count, attempt, taskRun);
                            }
                        }));
        for (Event task : facts.all("taskRun")) {
            if (task.is("state", "COMPLETED")) {
                findings.looked("I6");
                var calls = facts.isRecorded(task.text("taskRun")) ? "call" : "callRow";
                if (facts.of(calls, "taskRun", task.text("taskRun")).isEmpty()) {
                    findings.violated("I5", "task run %s is COMPLETED and was never called", task.text("taskRun"));
                }
                var done = facts.of("effect", "taskRun", task.text("taskRun")).stream()
                        .filter(effect -> effect.number("attempt") == task.number("attempt"))
                        // Of a job it is known how it ended.
                        .filter(effect -> !effect.has("state") || effect.is("state", "COMPLETED"))
                        .count();
                if (done == 0) {
                    findings.violated("I6", "task run %s is COMPLETED without an effect", task.text("taskRun"));
                }
            }
        }
        facts.all("effect").stream()
                .filter(effect ->
                        facts.of("taskRun", "taskRun", effect.text("taskRun")).isEmpty())
                .forEach(effect ->
                        findings.violated("I6", "an effect for the unknown task run %s", effect.text("taskRun")));
    }

    /** The end keeps the fence of the last claim before it; a later claim would have raised that of the task run. */
    private static void afterTheEnd(Event task, Facts facts, Findings findings) {
        if (!Facts.ENDED.contains(task.text("state"))) {
            return;
        }
        var ends = facts.of("move", "taskRun", task.text("taskRun")).stream()
                .filter(move -> Facts.ENDED.contains(move.text("to")))
                .toList();
        if (ends.isEmpty()) {
            return;
        }
        findings.looked("I7");
        var end = ends.get(ends.size() - 1);
        // What lay on a link that was cut off arrives late; its row tells when it was sent.
        var before = facts.of("callRow", "taskRun", task.text("taskRun")).stream()
                .filter(row -> row.at() <= end.at())
                .map(row -> row.number("round"))
                .collect(Collectors.toSet());
        var late = facts.of("call", "taskRun", task.text("taskRun")).stream()
                .filter(call -> call.at() > end.at() + UNDER_WAY && !before.contains(call.number("round")))
                .count();
        if (late > 1) {
            findings.violated("I7", "task run %s was called %d times after its end", task.text("taskRun"), late);
        }
        if (task.number("fence") > end.number("fence")) {
            findings.violated(
                    "I7",
                    "task run %s ended with fence %d and was claimed again, up to fence %d",
                    task.text("taskRun"),
                    end.number("fence"),
                    task.number("fence"));
        }
    }
}
