package io.syncline.systemtests.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** I4, I20, I24 and I27: what is left when all is quiet. */
final class RestRules implements Rule {

    @Override
    public void check(Facts facts, Findings findings) {
        open(facts, findings);
        totals(facts, findings);
        for (Event audit : facts.all("audit")) {
            findings.looked("I24");
            if (!audit.flag("complete") || audit.has("broken")) {
                findings.violated(
                        "I24",
                        "the audit chain: complete %s, broken at %s",
                        audit.flag("complete"),
                        audit.text("broken"));
            }
        }
        for (Event task : facts.all("taskRun")) {
            findings.looked("I27");
            if (task.has("leaseNode")) {
                findings.violated(
                        "I27", "task run %s is still leased to %s", task.text("taskRun"), task.text("leaseNode"));
            }
        }
        facts.all("leftover").forEach(left -> findings.violated("I27", "%s", left.text("what")));
    }

    private static void open(Facts facts, Findings findings) {
        for (String kind : List.of("taskRun", "run")) {
            for (Event one : facts.all(kind)) {
                findings.looked("I4");
                if (!Facts.ENDED.contains(one.text("state"))) {
                    findings.violated("I4", "%s %s is still %s", kind, one.text(kind), one.text("state"));
                }
            }
        }
    }

    /** The same runs by state in the tables, in the operators' API, and in the journal's last words. */
    private static void totals(Facts facts, Findings findings) {
        var runs = facts.all("run").stream().map(run -> run.text("state")).collect(counted());
        var told = new TreeMap<String, Long>();
        facts.all("total").forEach(total -> told.put(total.text("state"), total.number("runs")));
        if (!facts.all("total").isEmpty()) {
            findings.looked("I20");
            if (!runs.equals(told)) {
                findings.violated("I20", "the tables have %s, the API tells %s", runs, told);
            }
        }
        var last = facts.by("move", "run").values().stream()
                .map(moves ->
                        moves.stream().filter(move -> !move.has("taskRun")).toList())
                .filter(moves -> !moves.isEmpty())
                .map(moves -> MoveRules.inOrder(moves)
                        .map(ordered -> ordered.get(ordered.size() - 1).text("to")))
                .flatMap(java.util.Optional::stream)
                .collect(counted());
        if (!runs.isEmpty()) {
            findings.looked("I20");
            if (!runs.equals(last)) {
                findings.violated("I20", "the tables have %s, the journal ends with %s", runs, last);
            }
        }
    }

    private static java.util.stream.Collector<String, ?, Map<String, Long>> counted() {
        return Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting());
    }
}
