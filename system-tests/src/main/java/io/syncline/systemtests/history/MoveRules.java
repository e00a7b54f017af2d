package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** I10, and the part of I8 that the journal shows: states move along the table, one after the other, and end where the rows stand. */
final class MoveRules implements Rule {

    private static final Map<String, Set<String>> RUN = Map.of(
            "", Set.of("QUEUED"),
            "QUEUED", Set.of("RUNNING", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("COMPLETED", "FAILED", "CANCELLED"),
            "FAILED", Set.of("QUEUED", "COMPLETED"),
            "CANCELLED", Set.of("QUEUED"));

    private static final Map<String, Set<String>> TASK_RUN = Map.of(
            "WAITING", Set.of("DUE", "CANCELLED", "SKIPPED"),
            "DUE", Set.of("CALLING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "CALLING", Set.of("RUNNING", "DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "FAILED", Set.of("DUE", "WAITING", "COMPLETED", "SKIPPED"),
            "CANCELLED", Set.of("WAITING"));

    @Override
    public void check(Facts facts, Findings findings) {
        for (Event task : facts.all("taskRun")) {
            check(
                    "task run",
                    task.text("taskRun"),
                    task,
                    facts.of("move", "taskRun", task.text("taskRun")),
                    TASK_RUN,
                    findings);
        }
        for (Event run : facts.all("run")) {
            var moves = facts.of("move", "run", run.text("run")).stream()
                    .filter(move -> !move.has("taskRun"))
                    .toList();
            check("run", run.text("run"), run, moves, RUN, findings);
        }
    }

    private static void check(
            String what, String id, Event row, List<Event> moves, Map<String, Set<String>> table, Findings findings) {
        findings.looked("I10");
        for (Event move : moves) {
            var from = move.text("from");
            if (!table.getOrDefault(from, Set.of()).contains(move.text("to"))) {
                findings.violated("I10", "%s %s went from %s to %s", what, id, from, move.text("to"));
            } else if (Facts.ENDED.contains(from) && !move.has("actor")) {
                findings.violated("I10", "%s %s left %s without an operator", what, id, from);
            }
        }
        if (moves.isEmpty()) {
            if (!row.is("state", "WAITING")) {
                findings.violated("I10", "%s %s is %s, the journal has no move", what, id, row.text("state"));
            }
            return;
        }
        var ordered = inOrder(moves);
        if (ordered.isEmpty()) {
            findings.violated("I10", "the moves of %s %s make no chain: %s", what, id, told(moves));
            return;
        }
        var last = ordered.get().get(moves.size() - 1);
        if (!last.is("to", row.text("state"))) {
            findings.violated(
                    "I10", "%s %s is %s, its last move went to %s", what, id, row.text("state"), last.text("to"));
        }
        fences(what, id, ordered.get(), findings);
    }

    private static void fences(String what, String id, List<Event> moves, Findings findings) {
        long fence = 0;
        for (Event move : moves) {
            findings.looked("I8");
            if (move.has("fence") && move.number("fence") < fence) {
                findings.violated(
                        "I8", "%s %s: a move with fence %d after fence %d", what, id, move.number("fence"), fence);
            }
            fence = Math.max(fence, move.number("fence"));
        }
    }

    /**
     * Each move behind the one that led to it. Their times are those at which their transactions began, so two that waited for
     * each other may stand in the other order.
     */
    static Optional<List<Event>> inOrder(List<Event> moves) {
        var ordered = new ArrayList<Event>();
        var rest = new ArrayList<>(moves);
        var at = moves.get(0).has("taskRun") ? "WAITING" : "";
        return follow(at, rest, ordered) ? Optional.of(ordered) : Optional.empty();
    }

    private static boolean follow(String state, List<Event> rest, List<Event> ordered) {
        if (rest.isEmpty()) {
            return true;
        }
        // Only those near the front may be next; the way is unique but for moves of the same moment.
        for (int i = 0; i < Math.min(4, rest.size()); i++) {
            var move = rest.get(i);
            if (move.is("from", state)) {
                rest.remove(i);
                ordered.add(move);
                if (follow(move.text("to"), rest, ordered)) {
                    return true;
                }
                ordered.remove(ordered.size() - 1);
                rest.add(i, move);
            }
        }
        return false;
    }

    private static List<String> told(List<Event> moves) {
        return moves.stream()
                .map(move -> move.text("from") + ">" + move.text("to"))
                .toList();
    }
}
