package io.syncline.consumer.enrichment;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which files are enriched, and where they lie.
 *
 * @param inboxDir where the files to enrich are put; every instance reads there, so instances share it
 * @param enrichedDir where enriched files are written, a folder per enrichment and in it one per business key
 * @param enrichments what is enriched, and how
 */
@ConfigurationProperties("syncline.consumer")
record EnrichmentProperties(
        @DefaultValue(".syncline/inbox") Path inboxDir,
        @DefaultValue(".syncline/enriched") Path enrichedDir,
        @DefaultValue List<Enrichment> enrichments) {

    EnrichmentProperties {
        var keys = new HashSet<String>();
        for (var enrichment : enrichments) {
            if (!keys.add(enrichment.key())) {
                throw new IllegalArgumentException("enrichment configured twice: " + enrichment.key());
            }
        }
    }
}
