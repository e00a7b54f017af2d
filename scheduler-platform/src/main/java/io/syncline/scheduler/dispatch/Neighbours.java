package io.syncline.scheduler.dispatch;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes of due work that this node has no room for, and hears of theirs. A hint alone: what is not heard is
 * found by the poll.
 */
interface Neighbours {

    /** Where the database passes nothing on. */
    Neighbours SILENT = new Neighbours() {
        @Override
        public void tell(Set<String> systems) {
            // found by the poll
        }

        @Override
        public void start(@Nullable Consumer<Set<String>> listener) {
            // nothing will be heard
        }

        @Override
        public void stop() {
            // nothing was begun
        }
    };

    /** @param systems that have due work; returns at once */
    void tell(Set<String> systems);

    /**
     * Begins to tell and to listen, until {@link #stop()}.
     *
     * @param listener hears of systems that have due work, on a thread of its own; null: this node calls nobody
     */
    void start(@Nullable Consumer<Set<String>> listener);

    void stop();
}
