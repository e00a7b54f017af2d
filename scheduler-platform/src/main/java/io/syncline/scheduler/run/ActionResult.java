package io.syncline.scheduler.run;

import java.util.List;
import java.util.Set;

/** What became of an operator's action. */
public sealed interface ActionResult {

    /** Done, or in a dry run what would be done. */
    record Applied(RunState state, List<Move> moves) implements ActionResult {
        public Applied {
            moves = List.copyOf(moves);
        }
    }

    /** Not legal now; nothing was changed. */
    record Illegal(RunState currentState, Set<RunAction> allowedActions) implements ActionResult {}

    record UnknownRun(String runId) implements ActionResult {}
}
