package io.syncline.scheduler.run;

import java.util.List;
import java.util.Map;

/** Has reports judged as the intake of callbacks does: first what is known of their task runs, then the verdicts. */
public final class Judging {

    private Judging() {}

    /** Of reports that nobody has kept before. */
    public static List<Verdict> judge(Runs runs, List<IncomingReport> reports) {
        return judge(runs, reports, known -> Map.of());
    }

    public static List<Verdict> judge(Runs runs, List<IncomingReport> reports, KnownCallbacks known) {
        var heads = runs.heads(
                reports.stream().map(IncomingReport::taskRunId).distinct().toList());
        return runs.report(reports, heads, known);
    }
}
