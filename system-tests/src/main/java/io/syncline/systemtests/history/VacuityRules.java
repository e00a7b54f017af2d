package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A kind of fault that was injected and never hit anything proves nothing, and neither does a rule that had nothing to look at. It
 * is asked last, when all others have looked.
 */
final class VacuityRules implements Rule {

    /** What each history of a run has something of, whatever its faults. */
    private static final List<String> ALWAYS = List.of(
            "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I10", "I12", "I13", "I14", "I15", "I16", "I17", "I18",
            "I20", "I24", "I27");

    /** A machine that was starved for more than a quarter of the time shows nothing. */
    private static final long MOST_OF_IT = 4;

    /** What there is to look at once this fault was injected. */
    private static final Map<String, String> BY_FAULT = Map.of("database-disk-full", "F31", "trigger-deluge", "F27");

    @Override
    public void check(Facts facts, Findings findings) {
        var injected = new TreeSet<String>();
        var hit = new HashSet<String>();
        for (Event fault : facts.all("fault")) {
            injected.add(fault.text("fault"));
            if (fault.flag("hit")) {
                hit.add(fault.text("fault"));
            }
        }
        for (String fault : injected) {
            findings.looked("vacuous");
            if (!hit.contains(fault)) {
                findings.violated("vacuous", "the fault %s never hit anything", fault);
            }
        }
        for (String invariant : ALWAYS) {
            saw("anything that " + invariant + " is about", findings.looks().containsKey(invariant), findings);
        }
        BY_FAULT.forEach((fault, rule) -> {
            if (injected.contains(fault)) {
                saw("what " + rule + " is about", findings.looks().containsKey(rule), findings);
            }
        });
        var starved = facts.all("starved").stream()
                .mapToLong(span -> span.at() - span.number("from"))
                .sum();
        saw("the machine at work for most of the time", starved * MOST_OF_IT <= lasted(facts), findings);
        saw(
                "a message that was acknowledged",
                !facts.of("trigger", "outcome", "ok").isEmpty(),
                findings);
        saw("a call", !facts.all("call").isEmpty(), findings);
        saw("an effect", !facts.all("effect").isEmpty(), findings);
        if (facts.all("setting").stream().anyMatch(setting -> setting.flag("unrecorded"))) {
            ofData(facts, findings);
        }
    }

    private static long lasted(Facts facts) {
        var sent = facts.all("trigger");
        return sent.isEmpty() ? 0 : sent.get(sent.size() - 1).at() - sent.get(0).at();
    }

    private static void saw(String what, boolean was, Findings findings) {
        findings.looked("vacuous");
        if (!was) {
            findings.violated("vacuous", "nobody saw %s", what);
        }
    }

    /** Readers who never read anything saw nothing wrong. */
    private static void ofData(Facts facts, Findings findings) {
        var seen = Map.of(
                "an import", !facts.of("import", "outcome", "ok").isEmpty(),
                "the table",
                        facts.all("tableLook").stream()
                                .anyMatch(look -> !look.text("spans").isEmpty()),
                "a merge", !facts.all("merge").isEmpty(),
                "an extract", !facts.all("extract").isEmpty(),
                "the view", facts.all("viewLook").stream().anyMatch(look -> look.has("asOf")),
                "a change that nothing hindered", findings.looks().containsKey(ViewRules.FRESH),
                "a change that was pushed", !facts.all("pushed").isEmpty(),
                "people in the end", !facts.all("person").isEmpty(),
                "both contents in the end", facts.all("content").size() == 2);
        seen.forEach((what, was) -> saw(what, was, findings));
    }
}
