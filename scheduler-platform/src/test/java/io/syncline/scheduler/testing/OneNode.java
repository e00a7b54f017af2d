package io.syncline.scheduler.testing;

import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import java.util.List;

/** A cluster of one, which has every limit to itself. */
public record OneNode(String self) implements Nodes {

    @Override
    public List<Node> all() {
        return List.of();
    }

    @Override
    public int liveCount() {
        return 1;
    }

    @Override
    public int share(int clusterLimit) {
        return clusterLimit;
    }
}
