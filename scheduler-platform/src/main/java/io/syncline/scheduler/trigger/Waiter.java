package io.syncline.scheduler.trigger;

import io.syncline.scheduler.run.StartedRun;
import io.syncline.scheduler.run.TriggeredRun;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One sender that waits for the end of all runs of its message. */
final class Waiter {

    final String triggerId;
    final long endNanos;

    /** The runs as they ended; empty when the time was over first. */
    final CompletableFuture<Optional<List<TriggeredRun>>> answer = new CompletableFuture<>();

    /** Runs that have not ended as far as this node knows; empty while the message is still verified. */
    private Set<String> open;

    /** Whether something was heard that makes it worth looking at its runs. */
    private boolean woken;

    Waiter(String triggerId, Collection<StartedRun> runs, long endNanos) {
        this.triggerId = triggerId;
        this.endNanos = endNanos;
        this.open = new HashSet<>();
        runs.forEach(run -> open.add(run.runId()));
        this.woken = runs.stream().anyMatch(run -> run.state().isEnded());
    }

    Set<String> open() {
        return open;
    }

    void ended(Set<String> runIds) {
        woken = woken || open.stream().anyMatch(runIds::contains);
    }

    /** Whether its runs must be read: one has ended, or they are not known yet. */
    boolean isToBeRead() {
        return woken || open.isEmpty();
    }

    boolean isWoken() {
        return woken;
    }

    /** Takes what its runs are now; whether all have ended, so that it can be answered. */
    boolean seesAllEnded(List<TriggeredRun> runs) {
        woken = false;
        var still = new HashSet<String>();
        for (TriggeredRun run : runs) {
            if (!run.state().isEnded()) {
                still.add(run.mergedInto() == null ? run.runId() : run.mergedInto());
            }
        }
        open = still;
        return still.isEmpty();
    }

    void giveUp() {
        answer.complete(Optional.empty());
    }
}
