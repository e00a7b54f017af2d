package io.syncline.systemtests.history;

import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;

/** I13, and the order of runs with one ordering key: nothing starts before what it waits for has ended. */
final class BarrierRules implements Rule {

    private static final long NEVER = Long.MAX_VALUE;
    private static final long TOGETHER = 2 * Event.SECOND;
    private static final long LOCK_WAIT = 6 * Event.SECOND;

    @Override
    public void check(Facts facts, Findings findings) {
        facts.by("taskRun", "run").forEach((run, tasks) -> {
            var group =
                    facts.one("run", "run", run).map(one -> one.text("group")).orElse("");
            if (!group.isEmpty()) {
                steps(run, group, tasks, facts, findings);
            }
        });
        overlaps(facts, findings);
    }

    /** By what the downstream saw: the times in the journal are those at which transactions began, and some wait for others. */
    private static void steps(String run, String group, List<Event> tasks, Facts facts, Findings findings) {
        var reported = new TreeMap<Long, Long>();
        var firstDue = new TreeMap<Long, Long>();
        var lastDue = new TreeMap<Long, Long>();
        for (Event task : tasks) {
            var step = step(group, task, facts);
            reported.merge(step, completed(task, facts), Math::max);
            for (Event move : facts.of("move", "taskRun", task.text("taskRun"))) {
                if (move.is("from", "WAITING") && move.is("to", "DUE")) {
                    firstDue.merge(step, move.at(), Math::min);
                    lastDue.merge(step, move.at(), Math::max);
                }
            }
        }
        for (Event task : tasks) {
            var step = step(group, task, facts);
            var called = facts.one("call", "taskRun", task.text("taskRun"));
            if (step > 0 && called.isPresent()) {
                findings.looked("I13");
                if (called.get().at() < reported.getOrDefault(step - 1, NEVER)) {
                    findings.violated(
                            "I13", "step %d of run %s was called before step %d was completed", step, run, step - 1);
                }
            }
        }
        firstDue.forEach((step, first) -> {
            if (lastDue.getOrDefault(step, first) - first > TOGETHER) {
                findings.violated("I13", "step %d of run %s did not become due at once", step, run);
            }
        });
    }

    private static long step(String group, Event task, Facts facts) {
        return facts.setting(group, task.text("task"))
                .map(one -> one.number("step"))
                .orElse(0L);
    }

    private static long completed(Event task, Facts facts) {
        return ReportRules.reports(task.text("taskRun"), facts)
                .filter(report -> report.is("report", "COMPLETED"))
                .mapToLong(Event::at)
                .min()
                .orElse(NEVER);
    }

    /** Both times are those at which a transaction began, and the later run's may have waited for the end of the other. */
    private static long waited(Event before, Event run, Facts facts) {
        var away = facts.stopped(
                run.number("startedAt") - LOCK_WAIT, before.number("endedAt"), "database", "dispatch", Facts.MACHINE);
        return away > 0 ? LOCK_WAIT : TOGETHER;
    }

    private static void overlaps(Facts facts, Findings findings) {
        var active = new HashMap<String, Event>();
        facts.all("run").stream()
                .filter(run -> run.has("startedAt"))
                .sorted(java.util.Comparator.comparingLong(run -> run.number("startedAt")))
                .forEach(run -> {
                    var key = run.text("group") + " " + run.text("orderingKey");
                    var before = active.put(key, run);
                    if (before != null) {
                        findings.looked("I13");
                        if (!before.has("endedAt")
                                || before.number("endedAt") > run.number("startedAt") + waited(before, run, facts)) {
                            findings.violated(
                                    "I13",
                                    "the runs %s and %s of one ordering key overlap",
                                    before.text("run"),
                                    run.text("run"));
                        }
                        if (before.number("place") > run.number("place")) {
                            findings.violated(
                                    "I13",
                                    "run %s overtook run %s of its ordering key",
                                    before.text("run"),
                                    run.text("run"));
                        }
                    }
                });
    }
}
