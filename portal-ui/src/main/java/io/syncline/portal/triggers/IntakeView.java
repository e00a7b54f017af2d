package io.syncline.portal.triggers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where messages are sent to.
 *
 * @param topics whose records are messages; none without Kafka
 * @param keptDays for how long a message is kept, and its copies are known
 */
record IntakeView(
        String address,
        @Nullable List<String> topics,
        @Nullable Integer keptDays) {

    public List<String> topicsOrNone() {
        return topics == null ? List.of() : topics;
    }
}
