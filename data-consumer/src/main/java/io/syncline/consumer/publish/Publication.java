package io.syncline.consumer.publish;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of what was published for a business key. The same content of the tables gives the same manifest.
 *
 * @param asOf of the extract that each table held
 */
public record Publication(String businessKey, Map<String, @Nullable Instant> asOf, List<PublishedFile> files) {

    /**
     * @param rows lines of the file without the header, one per group
     * @param counted rows of the source table that the groups count together
     * @param bytes as stored and served, compressed
     * @param sha256 of the bytes as stored and served, lower-case hex; the name carries its beginning
     */
    public record PublishedFile(
            String name, List<String> columns, long rows, long counted, long bytes, String sha256) {}
}
