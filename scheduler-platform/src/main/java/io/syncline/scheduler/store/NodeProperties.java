package io.syncline.scheduler.store;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * This process in the cluster.
 *
 * @param id its node id, unique among running nodes, at most 36 characters; unset: a new one each start
 */
@ConfigurationProperties("syncline.node")
record NodeProperties(@Nullable String id) {

    private static final int MAX_LENGTH = 36;

    NodeProperties {
        if (id != null && (id.isBlank() || id.length() > MAX_LENGTH)) {
            throw new IllegalArgumentException("syncline.node.id has 1 to " + MAX_LENGTH + " characters: '" + id + "'");
        }
    }
}
