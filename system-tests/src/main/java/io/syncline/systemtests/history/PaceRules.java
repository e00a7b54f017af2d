package io.syncline.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * I12: a call comes neither sooner after the last one than was agreed, nor much later, and while nothing is wrong 99 of 100 come within
 * 2 s of when they were agreed. F12: while readers hold all connections of
 * requests, and nothing else is wrong, 99 of 100 calls keep the pace that they keep without a fault.
 */
final class PaceRules implements Rule {

    private static final long EARLY = Event.SECOND / 2;
    private static final long LATE = 22 * Event.SECOND;
    private static final long LATE_MOSTLY = 2 * Event.SECOND;
    /** A breaker closes again, and a lease that was lost runs out. */
    private static final long RECOVERED_WITHIN = 25 * Event.SECOND;

    private static final String READERS = "reads-slow";
    private static final long RESUMED_WITHIN = 15 * Event.SECOND;
    private static final double LEAST_JITTER = 0.8;
    private static final double MOST_JITTER = 1.2;

    @Override
    public void check(Facts facts, Findings findings) {
        var besideReaders = new ArrayList<Long>();
        var inPeace = new ArrayList<Long>();
        facts.by("callRow", "taskRun").forEach((taskRun, rows) -> {
            var inOrder = rows.stream()
                    .sorted(Comparator.comparingLong(row -> row.number("fence")))
                    .toList();
            check(taskRun, inOrder, facts, findings, besideReaders, inPeace);
        });
        judge("F12", "beside slow readers", besideReaders, findings);
        judge("I12", "while nothing was wrong", inPeace, findings);
    }

    private static void judge(String rule, String when, List<Long> late, Findings findings) {
        if (!late.isEmpty()) {
            findings.looked(rule);
            late.sort(Comparator.naturalOrder());
            var mostly = late.get((late.size() - 1) * 99 / 100);
            if (mostly > LATE_MOSTLY) {
                findings.violated(
                        rule, "of %d calls %s 99 in 100 came up to %d ms late", late.size(), when, mostly / 1000);
            }
        }
    }

    /** Whether nothing is wrong in all of a span, and nothing was that it may still suffer from. */
    private static boolean isInPeace(long from, long to, Facts facts) {
        return facts.faultWindows().stream()
                .noneMatch(window ->
                        window.from() < to && (window.to() == Long.MAX_VALUE || window.to() + RECOVERED_WITHIN > from));
    }

    /** Whether all of a span lies in one fault of slow readers, and in no other. */
    private static boolean isBesideReaders(long from, long to, Facts facts) {
        var around = facts.faultWindows().stream()
                .filter(window -> window.from() < to && window.to() > from)
                .toList();
        return around.size() == 1
                && around.get(0).fault().equals(READERS)
                && around.get(0).from() <= from
                && to <= around.get(0).to();
    }

    private static void check(
            String taskRun,
            List<Event> rows,
            Facts facts,
            Findings findings,
            List<Long> besideReaders,
            List<Long> inPeace) {
        var task = facts.one("taskRun", "taskRun", taskRun);
        var setting = task.flatMap(one -> facts.one("run", "run", one.text("run"))
                .flatMap(run -> facts.setting(run.text("group"), one.text("task"))));
        if (setting.isEmpty()) {
            return;
        }
        int failed = 0;
        for (int i = 0; i + 1 < rows.size(); i++) {
            var call = rows.get(i);
            var next = rows.get(i + 1);
            if (!call.flag("applied")) {
                continue;
            }
            if (i > 0 && rows.get(i - 1).number("attempt") != call.number("attempt")) {
                failed = 0;
            }
            failed = failedInARow(call, failed);
            var directly = next.number("fence") == call.number("fence") + 1
                    && next.number("attempt") == call.number("attempt");
            if (directly && !call.is("outcome", "UNAUTHORIZED")) {
                findings.looked("I12");
                gap(taskRun, call, next, failed, setting.get(), facts, findings, besideReaders, inPeace);
            }
        }
    }

    private static int failedInARow(Event call, int before) {
        return call.is("outcome", "ACCEPTED") || call.is("outcome", "REPORT") ? 0 : before + 1;
    }

    private static void gap(
            String taskRun,
            Event call,
            Event next,
            int failed,
            Event setting,
            Facts facts,
            Findings findings,
            List<Long> besideReaders,
            List<Long> inPeace) {
        var ended = call.at() + call.number("durationMs") * 1000;
        var gap = next.at() - ended;
        long least;
        long most;
        if (failed == 0) {
            least = setting.number("intervalMs") * 1000;
            most = least;
        } else {
            var cap = setting.number("maxBackoffMs") * 1000;
            var backoff = setting.number("backoffMs") * 1000 * Math.pow(2, failed - 1);
            least = (long) Math.min(cap, backoff * LEAST_JITTER);
            most = (long) Math.min(cap, backoff * MOST_JITTER);
            var asked = Math.min(retryAfter(taskRun, call, facts), cap);
            least = Math.max(least, asked);
            most = Math.max(most, asked);
        }
        if (gap < least - EARLY) {
            findings.violated(
                    "I12",
                    "round %d of task run %s came %d ms after the last, %d ms were agreed",
                    next.number("round"),
                    taskRun,
                    gap / 1000,
                    least / 1000);
        }
        // From its beginning: a call that a fault before had hung up may leave a breaker open behind it.
        if (isBesideReaders(call.at(), next.at(), facts)) {
            besideReaders.add(gap - most);
        }
        if (isInPeace(call.at(), next.at(), facts)) {
            inPeace.add(gap - most);
        }
        var away = facts.stopped(ended, next.at(), "database", "dispatch", Facts.MACHINE);
        var latest = most + LATE + (away == 0 ? 0 : away + RESUMED_WITHIN);
        if (gap > latest) {
            findings.violated(
                    "I12",
                    "round %d of task run %s came only %d ms after the last, %d ms were agreed",
                    next.number("round"),
                    taskRun,
                    gap / 1000,
                    most / 1000);
        }
    }

    private static long retryAfter(String taskRun, Event call, Facts facts) {
        return facts.of("answer", "taskRun", taskRun).stream()
                .filter(answer -> answer.number("round") == call.number("round"))
                .filter(answer -> call.number("status") == answer.number("status"))
                .mapToLong(answer -> answer.number("retryAfterMs") * 1000)
                .max()
                .orElse(0);
    }
}
