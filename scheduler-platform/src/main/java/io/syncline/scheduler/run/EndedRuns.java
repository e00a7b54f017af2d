package io.syncline.scheduler.run;

import java.util.Set;

/** Published when runs have ended; to be heard after the commit, by those who wait for them. */
public record EndedRuns(Set<String> runIds) {

    public EndedRuns {
        runIds = Set.copyOf(runIds);
    }
}
