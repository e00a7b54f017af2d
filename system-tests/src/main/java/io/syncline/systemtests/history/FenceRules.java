package io.syncline.systemtests.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** I8 and I9: an outcome that a later claim has overtaken changes nothing, and no claim comes while the one before it holds. */
final class FenceRules implements Rule {

    private static final long LEASE = 12 * Event.SECOND;
    private static final long INEXACT = Event.SECOND / 4;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("callRow", "taskRun").forEach((taskRun, rows) -> {
            var inOrder = rows.stream()
                    .sorted(Comparator.comparingLong(row -> row.number("fence")))
                    .toList();
            overtaken(taskRun, inOrder, findings);
            leases(taskRun, inOrder, facts, findings);
        });
    }

    private static void overtaken(String taskRun, List<Event> rows, Findings findings) {
        for (int i = 0; i + 1 < rows.size(); i++) {
            var call = rows.get(i);
            var next = rows.get(i + 1);
            findings.looked("I8");
            if (call.number("fence") == next.number("fence")) {
                findings.violated("I8", "task run %s has two outcomes of fence %d", taskRun, call.number("fence"));
            }
            // The next claim was committed before its call began; what came back later belongs to a claim that was
            // lost.
            if (call.flag("applied") && ended(call) > next.at() + INEXACT) {
                findings.violated(
                        "I8",
                        "the outcome of fence %d of task run %s was applied, %d ms after fence %d had called",
                        call.number("fence"),
                        taskRun,
                        (ended(call) - next.at()) / 1000,
                        next.number("fence"));
            }
        }
    }

    /**
     * A claim whose outcome was not written holds for a whole lease at least. The journal tells when it began if it moved the
     * task run, else the row of its call does, else what the downstream saw of it.
     */
    private static void leases(String taskRun, List<Event> rows, Facts facts, Findings findings) {
        for (Event row : rows) {
            var lost = row.number("fence") - 1;
            var before =
                    rows.stream().filter(one -> one.number("fence") == lost).findFirst();
            if (before.isPresent()
                    && (before.get().flag("applied") || before.get().number("attempt") != row.number("attempt"))) {
                continue;
            }
            var known = claimed(taskRun, row, facts).or(() -> before);
            var began = known.or(() -> called(taskRun, row, facts)).map(Event::at);
            if (began.isEmpty()) {
                continue;
            }
            findings.looked("I9");
            // A call that was long under way tells of its arrival alone: the claim may be as old as the call's limit.
            var slack = known.isPresent() ? INEXACT : 6 * Event.SECOND;
            if (row.at() - began.get() < LEASE - slack) {
                findings.violated(
                        "I9",
                        "task run %s was claimed with fence %d, %d ms after fence %d, which had not ended",
                        taskRun,
                        row.number("fence"),
                        (row.at() - began.get()) / 1000,
                        lost);
            }
        }
    }

    /** A claim that moved what was due; one of what was running moves nothing. */
    private static Optional<Event> claimed(String taskRun, Event row, Facts facts) {
        return facts.of("move", "taskRun", taskRun).stream()
                .filter(move -> move.is("cause", "CLAIMED") && move.number("fence") == row.number("fence") - 1)
                .filter(move -> move.number("attempt") == row.number("attempt"))
                .findFirst();
    }

    /** The call of the round before, which left no row. */
    private static Optional<Event> called(String taskRun, Event row, Facts facts) {
        return facts.of("call", "taskRun", taskRun).stream()
                .filter(call -> call.number("round") == row.number("round") - 1)
                .filter(call -> call.number("attempt") == row.number("attempt"))
                .findFirst();
    }

    private static long ended(Event call) {
        return call.at() + call.number("durationMs") * 1000;
    }
}
