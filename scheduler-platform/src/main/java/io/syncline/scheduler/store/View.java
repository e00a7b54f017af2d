package io.syncline.scheduler.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Which nodes are live, as one node sees it. */
record View(List<String> nodeIds) {

    View {
        nodeIds = nodeIds.stream().sorted().toList();
    }

    static View of(Collection<String> others, String self) {
        return new View(
                Stream.concat(others.stream(), Stream.of(self)).distinct().toList());
    }

    /** The node's part of the limit when all live nodes keep to this view; the remainder goes to the lowest ids. */
    int share(int limit, String nodeId) {
        var count = nodeIds.size();
        var place = nodeIds.indexOf(nodeId);
        return Math.max(1, limit / count + (place < limit % count ? 1 : 0));
    }

    /** Equal for equal views on all nodes, short enough for a column. */
    String fingerprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", nodeIds).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
