package io.syncline.systemtests.history;

import java.util.HashSet;
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
    }
}
