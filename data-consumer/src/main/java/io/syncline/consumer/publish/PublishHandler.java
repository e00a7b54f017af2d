package io.syncline.consumer.publish;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.contracts.FileReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The platform's call to publish; to do it twice gives the same files. */
@Component
class PublishHandler {

    private final Publisher publisher;

    PublishHandler(Publisher publisher) {
        this.publisher = publisher;
    }

    @SyncTask("/sync/publish")
    SyncResult publish(SyncWork work) throws IOException {
        var businessKey = work.request().businessKey();
        if (businessKey == null || businessKey.isBlank()) {
            return SyncResult.failed("a publication is made for a business key, and the call has none", false);
        }
        var outcome = publisher.publish(businessKey);
        var files = outcome.publication().files().stream()
                .map(file -> new FileReport(
                        file.name(),
                        FileReport.Status.COMPLETED,
                        null,
                        file.rows(),
                        null,
                        "sha-256=" + file.sha256(),
                        null))
                .toList();
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("manifest", outcome.publication());
        return SyncResult.completed(outcome.reconciliation(), files, result);
    }
}
