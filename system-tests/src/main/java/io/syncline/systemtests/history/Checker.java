package io.syncline.systemtests.history;

import java.util.List;

/** Holds a history against the invariants. */
public final class Checker {

    private static final List<Rule> RULES = List.of(
            new MessageRules(),
            new RestRules(),
            new CallRules(),
            new PaceRules(),
            new FenceRules(),
            new MoveRules(),
            new BarrierRules(),
            new ReportRules(),
            new IncidentRules(),
            new RoomRules(),
            new LookRules(),
            new ParcelRules(),
            new TakeoverRules(),
            new RefusalRules(),
            new ImportRules(),
            new FileRules(),
            new ViewRules(),
            new PushRules(),
            new VacuityRules());

    private Checker() {}

    public static Findings check(List<Event> history) {
        var facts = new Facts(history);
        var findings = new Findings();
        RULES.forEach(rule -> rule.check(facts, findings));
        return findings;
    }
}
