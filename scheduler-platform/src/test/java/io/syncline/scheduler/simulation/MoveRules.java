package io.syncline.scheduler.simulation;

import io.syncline.scheduler.run.Move;
import io.syncline.scheduler.run.MoveCause;
import io.syncline.scheduler.run.SimulatedRuns.Changed;
import io.syncline.scheduler.run.SimulatedRuns.RunRow;
import io.syncline.scheduler.run.SimulatedRuns.TaskRunRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** I10, and the journal of I8: states move along the table, and the journal tells each move. */
final class MoveRules {

    /** The state tables of the contract, written down once more. */
    private static final Map<String, Set<String>> RUN_TABLE = Map.of(
            "QUEUED", Set.of("RUNNING", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("COMPLETED", "FAILED", "CANCELLED"),
            "FAILED", Set.of("QUEUED", "COMPLETED"),
            "CANCELLED", Set.of("QUEUED"));

    private static final Map<String, Set<String>> TASK_RUN_TABLE = Map.of(
            "WAITING", Set.of("DUE", "CANCELLED", "SKIPPED"),
            "DUE", Set.of("CALLING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "CALLING", Set.of("RUNNING", "DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "RUNNING", Set.of("DUE", "COMPLETED", "FAILED", "CANCELLED", "SKIPPED"),
            "FAILED", Set.of("DUE", "WAITING", "COMPLETED", "SKIPPED"),
            "CANCELLED", Set.of("WAITING"));

    private static final Set<String> ABSORBING = Set.of("COMPLETED", "SKIPPED");
    private static final Set<String> LEFT_BY_OPERATORS_ALONE = Set.of("FAILED", "CANCELLED");

    private final Findings findings;

    /** How often each state was left for each other one; {@code run A>B} and {@code task run A>B}. */
    final Map<String, Integer> moves = new TreeMap<>();

    /** What last moved each run. */
    private final Map<String, MoveCause> lastMoves = new HashMap<>();

    MoveRules(Findings findings) {
        this.findings = findings;
    }

    /** Every move of the tables, as {@link #moves} names it. */
    static Set<String> everyMove() {
        var all = new TreeSet<String>();
        RUN_TABLE.forEach((from, to) -> to.forEach(state -> all.add("run " + from + ">" + state)));
        TASK_RUN_TABLE.forEach((from, to) -> to.forEach(state -> all.add("task run " + from + ">" + state)));
        return all;
    }

    void moved(List<Changed<RunRow>> changedRuns, List<Changed<TaskRunRow>> changedTaskRuns, List<Move> all) {
        var states = new HashMap<String, String>();
        for (var changed : changedRuns) {
            var before = changed.before();
            states.put(
                    changed.after().runId(),
                    before == null ? "" : before.state().name());
        }
        for (var changed : changedTaskRuns) {
            var before = changed.before();
            states.put(
                    changed.after().taskRunId(),
                    before == null ? "WAITING" : before.state().name());
        }
        for (Move move : all) {
            var isRun = move.taskRunId() == null;
            var id = isRun ? move.runId() : move.taskRunId();
            var from = move.from() == null ? "" : move.from();
            findings.must(
                    from.equals(states.get(id)),
                    Invariant.I10,
                    id + " is journaled to leave " + from + " but stood in " + states.get(id));
            states.put(id, move.to());
            if (isRun) {
                lastMoves.put(id, move.cause());
            }
            if (from.isEmpty()) {
                continue;
            }
            var table = isRun ? RUN_TABLE : TASK_RUN_TABLE;
            findings.must(
                    table.getOrDefault(from, Set.of()).contains(move.to()),
                    Invariant.I10,
                    id + " went from " + from + " to " + move.to());
            findings.must(
                    !LEFT_BY_OPERATORS_ALONE.contains(from) || move.actor() != null,
                    Invariant.I10,
                    id + " left " + from + " without an operator");
            moves.merge((isRun ? "run " : "task run ") + from + ">" + move.to(), 1, Integer::sum);
        }
        for (var changed : changedRuns) {
            journaled(changed.after().runId(), states, changed.after().state().name());
        }
        for (var changed : changedTaskRuns) {
            journaled(
                    changed.after().taskRunId(), states, changed.after().state().name());
        }
    }

    private void journaled(String id, Map<String, String> journal, String state) {
        findings.must(
                !ABSORBING.contains(journal.getOrDefault(id, "")) || state.equals(journal.get(id)),
                Invariant.I10,
                id + " has left " + journal.get(id));
        findings.must(
                state.equals(journal.get(id)),
                Invariant.I8,
                id + " is " + state + ", but its journal says " + journal.get(id));
    }

    boolean wasReleasedByNobody(RunRow run) {
        return lastMoves.getOrDefault(run.runId(), MoveCause.MERGED) == MoveCause.RELEASED_BY_NOBODY;
    }
}
