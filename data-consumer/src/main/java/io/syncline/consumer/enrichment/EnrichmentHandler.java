package io.syncline.consumer.enrichment;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.consumer.provider.ProviderException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The platform's call to enrich the files that its trigger message names; to do it twice gives the same files. */
@Component
class EnrichmentHandler {

    private final Map<String, Enrichment> enrichments = new LinkedHashMap<>();
    private final NamedFiles namedFiles;
    private final Enricher enricher;

    EnrichmentHandler(EnrichmentProperties properties, NamedFiles namedFiles, Enricher enricher) {
        properties.enrichments().forEach(enrichment -> enrichments.put(enrichment.key(), enrichment));
        this.namedFiles = namedFiles;
        this.enricher = enricher;
    }

    @SyncTask("/sync/enrichments/{enrichment}")
    SyncResult enrich(SyncWork work) throws IOException, InterruptedException {
        var key = String.valueOf(work.pathVariables().get("enrichment"));
        var enrichment = enrichments.get(key);
        if (enrichment == null) {
            return SyncResult.failed(
                    "this service has no enrichment " + key + "; it has " + enrichments.keySet(), false);
        }
        var businessKey = work.request().businessKey();
        if (businessKey == null || businessKey.isBlank()) {
            return SyncResult.failed("files are enriched for a business key, and the call has none", false);
        }
        try {
            var sources = namedFiles.read(work.request().trigger().data());
            return enricher.enrich(enrichment, businessKey, sources, work);
        } catch (BadInputException e) {
            return SyncResult.failed(String.valueOf(e.getMessage()), e.retryable(), null, e.files(), Map.of());
        } catch (ProviderException e) {
            return SyncResult.failed(String.valueOf(e.getMessage()), e.retryable());
        }
    }
}
