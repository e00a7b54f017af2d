package io.syncline.scheduler.simulation;

/** Unwinds the stack of a node that has crashed: nothing it still does reaches anybody. */
final class NodeGone extends Error {

    private static final long serialVersionUID = 1;

    NodeGone(String node) {
        super(node + " has crashed", null, false, false);
    }
}
