package io.syncline.scheduler.run;

import java.util.Set;

/** What became of the wish to do a run once more. */
public sealed interface RerunResult {

    /**
     * @param oldState of the run that is done once more
     * @param groupVersion of the new run
     */
    record Started(RunState oldState, StartedRun run, int groupVersion) implements RerunResult {}

    /** Not legal now; nothing was changed. */
    record Illegal(RunState currentState, Set<RunAction> allowedActions) implements RerunResult {}

    record UnknownRun(String runId) implements RerunResult {}
}
