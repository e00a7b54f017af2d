package io.syncline.systemtests.prove;

/**
 * A kind of fault.
 *
 * @param name as in the report
 * @param stops what may not work while it lasts: database, dispatch, node, downstream; empty: nothing
 * @param action injects it, holds it, and takes it back
 */
record Fault(String name, String stops, Action action) {

    interface Action {
        void run(Strike strike) throws Exception;
    }
}
