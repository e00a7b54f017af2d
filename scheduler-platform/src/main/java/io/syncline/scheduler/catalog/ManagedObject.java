package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That an object is kept as a file, and changed by plans alone.
 *
 * @param source where the files stand, such as a repository and its commit; null: it was not said
 */
public record ManagedObject(@Nullable String source, Instant since, String by) {

    /** As members of {@link StatusMember}. */
    public Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("managedBy", "files");
        if (source != null) {
            status.put("source", source);
        }
        status.put("appliedAt", since.toString());
        status.put("appliedBy", by);
        return status;
    }
}
