package io.syncline.systemtests.history;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** I14 and I15: every move that a downstream causes has its word for it, and its word counts once. */
final class ReportRules implements Rule {

    private static final Map<String, String> REPORTED =
            Map.of("RUNNING", "RUNNING", "COMPLETED", "COMPLETED", "FAILED", "FAILED");
    private static final Set<Long> RETRYABLE = Set.of(401L, 408L, 409L, 425L, 429L);

    @Override
    public void check(Facts facts, Findings findings) {
        for (Event move : facts.all("move")) {
            if (move.has("taskRun") && !facts.isRecorded(move.text("taskRun"))) {
                fromItsJob(move, facts, findings);
            } else if (move.has("taskRun")) {
                authentic(move, facts, findings);
            }
        }
        for (Event row : facts.all("callbackRow")) {
            findings.looked("I14");
            if (!facts.isRecorded(row.text("taskRun"))) {
                fromItsOutbox(row, facts, findings);
                continue;
            }
            var sent = facts.of("callback", "taskRun", row.text("taskRun")).stream()
                    .filter(callback -> callback.is("callback", row.text("callback")))
                    .filter(callback -> !callback.flag("forged"))
                    .anyMatch(callback -> callback.number("attempt") == row.number("attempt")
                            && callback.is("report", row.text("report")));
            if (!sent) {
                findings.violated(
                        "I14",
                        "callback %s of task run %s is kept and was never sent by its downstream",
                        row.text("callback"),
                        row.text("taskRun"));
            }
        }
        for (Event callback : facts.all("callback")) {
            if (callback.flag("forged") && callback.is("outcome", "ok")) {
                findings.violated(
                        "I14",
                        "a forged callback of task run %s was answered %d",
                        callback.text("taskRun"),
                        callback.number("status"));
            }
        }
        facts.by("callback", "callback").forEach((id, answers) -> once(id, answers, facts, findings));
    }

    /** What a consumer says stands in its outbox first. */
    private static void fromItsOutbox(Event row, Facts facts, Findings findings) {
        var meant = facts.of("report", "callback", row.text("callback")).stream()
                .anyMatch(report -> report.is("taskRun", row.text("taskRun"))
                        && report.number("attempt") == row.number("attempt")
                        && report.is("report", row.text("report")));
        if (!meant) {
            findings.violated(
                    "I14",
                    "callback %s of task run %s is kept and is not in the outbox of its consumer",
                    row.text("callback"),
                    row.text("taskRun"));
        }
    }

    /** Nobody writes down what a consumer answers; but its job, or what it meant to report, ended so. */
    private static void fromItsJob(Event move, Facts facts, Findings findings) {
        switch (move.text("cause")) {
            case "REPORTED" -> needs(move, endedSo(move, move.number("attempt"), move.text("to"), facts), findings);
            case "ATTEMPT_FAILED" -> needs(move, endedSo(move, move.number("attempt") - 1, "FAILED", facts), findings);
            case "TIMED_OUT", "REFUSED" -> needs(move, false, findings);
            default -> {}
        }
    }

    private static boolean endedSo(Event move, long attempt, String state, Facts facts) {
        var job = facts.of("effect", "taskRun", move.text("taskRun")).stream()
                .filter(effect -> effect.number("attempt") == attempt)
                .anyMatch(effect -> effect.is("state", state) || state.equals("RUNNING"));
        return job
                || facts.of("report", "taskRun", move.text("taskRun")).stream()
                        .anyMatch(report -> report.number("attempt") == attempt && report.is("report", state));
    }

    /** Reports of a task run in answers and callbacks that its downstream really sent. */
    static Stream<Event> reports(String taskRun, Facts facts) {
        return Stream.concat(
                facts.of("answer", "taskRun", taskRun).stream().filter(answer -> answer.has("report")),
                facts.of("callback", "taskRun", taskRun).stream()
                        .filter(callback -> callback.is("outcome", "invoke") && !callback.flag("forged")));
    }

    private static void authentic(Event move, Facts facts, Findings findings) {
        var taskRun = move.text("taskRun");
        switch (move.text("cause")) {
            case "REPORTED" ->
                needs(
                        move,
                        reports(taskRun, facts)
                                .anyMatch(report -> report.number("attempt") == move.number("attempt")
                                        && report.is("report", REPORTED.getOrDefault(move.text("to"), ""))),
                        findings);
            case "ATTEMPT_FAILED" ->
                needs(
                        move,
                        reports(taskRun, facts)
                                .anyMatch(report -> report.number("attempt") == move.number("attempt") - 1
                                        && report.is("report", "FAILED")),
                        findings);
            case "ACCEPTED" ->
                needs(
                        move,
                        facts.of("answer", "taskRun", taskRun).stream()
                                .anyMatch(answer -> answer.number("attempt") == move.number("attempt")
                                        && (answer.number("status") == 202 || answer.number("status") == 200)),
                        findings);
            case "REFUSED" ->
                needs(
                        move,
                        facts.of("answer", "taskRun", taskRun).stream()
                                .anyMatch(answer -> refuses(answer.number("status"))),
                        findings);
            case "TIMED_OUT" -> findings.violated("I14", "task run %s timed out, long before its time", taskRun);
            default -> {}
        }
    }

    private static boolean refuses(long status) {
        return status >= 300 && status < 500 && !RETRYABLE.contains(status);
    }

    private static void needs(Event move, boolean evidence, Findings findings) {
        findings.looked("I14");
        if (!evidence) {
            findings.violated(
                    "I14",
                    "task run %s went to %s by %s in attempt %d; its downstream never said so",
                    move.text("taskRun"),
                    move.text("to"),
                    move.text("cause"),
                    move.number("attempt"));
        }
    }

    private static void once(String id, java.util.List<Event> answers, Facts facts, Findings findings) {
        findings.looked("I15");
        var applied = answers.stream()
                .filter(answer -> answer.is("outcome", "ok") && answer.flag("applied"))
                .count();
        if (applied > 1) {
            findings.violated("I15", "callback %s was applied %d times", id, applied);
        }
        var first = answers.stream()
                .filter(answer -> answer.is("outcome", "ok") && !answer.flag("forged"))
                .filter(answer -> !answer.is("reason", "DUPLICATE"))
                .count();
        if (first > 1) {
            findings.violated("I15", "%d copies of callback %s were answered as if each were the first", first, id);
        }
        var kept = facts.of("callbackRow", "callback", id).size();
        if (kept > 1) {
            findings.violated("I15", "callback %s is kept %d times", id, kept);
        }
        var acknowledged = answers.stream().anyMatch(answer -> answer.is("outcome", "ok") && !answer.flag("forged"));
        if (acknowledged && kept == 0) {
            findings.violated("I15", "callback %s was acknowledged and is not kept", id);
        }
    }
}
