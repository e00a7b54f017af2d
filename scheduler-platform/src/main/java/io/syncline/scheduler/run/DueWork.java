package io.syncline.scheduler.run;

import java.util.Set;

/** Published when task runs of these systems became due now; to be heard after the commit. */
public record DueWork(Set<String> systems) {
    public DueWork {
        systems = Set.copyOf(systems);
    }
}
