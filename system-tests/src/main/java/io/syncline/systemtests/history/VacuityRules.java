package io.syncline.systemtests.history;

import java.util.HashSet;
import java.util.Map;
import java.util.TreeSet;

/** A kind of fault that was injected and never hit anything proves nothing. */
final class VacuityRules implements Rule {

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
        if (facts.all("setting").stream().anyMatch(setting -> setting.flag("unrecorded"))) {
            ofData(facts, findings);
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
        seen.forEach((what, was) -> {
            findings.looked("vacuous");
            if (!was) {
                findings.violated("vacuous", "nobody saw %s", what);
            }
        });
    }
}
