package io.syncline.scheduler.store;

import java.util.List;

/** The cluster: each node checks in every 3 s in database time and is live for 12 s after. */
public interface Nodes {

    /** This process's node id. */
    String self();

    /** All known nodes by id, read from the database now. */
    List<Node> all();

    /** The number of live nodes as of the last heartbeat; 0 while this node itself is out of touch. */
    int liveCount();

    /**
     * This node's part of a limit that holds for the whole cluster. 0 while it joins, until every other live node keeps to
     * its smaller part; after that at least 1. The parts of all nodes add up to the limit when it is no smaller than the
     * number of live nodes.
     */
    int share(int clusterLimit);
}
