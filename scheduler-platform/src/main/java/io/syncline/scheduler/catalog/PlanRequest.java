package io.syncline.scheduler.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents that are to become the configuration.
 *
 * @param prune whether objects that bear all the labels and are not among the documents are to be deleted
 * @param source where the documents stand, for people; null: it is not said
 */
public record PlanRequest(
        DocumentFormat format,
        byte[] body,
        boolean prune,
        List<String> labels,
        @Nullable String source) {

    public PlanRequest {
        labels = List.copyOf(labels);
        if (prune && labels.isEmpty()) {
            throw new IllegalArgumentException("nothing is pruned without a label");
        }
    }
}
