package io.syncline.consumer.sync;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import org.springframework.stereotype.Component;

/** Takes the platform's sync calls: one path per configured dataset. */
@Component
class SyncHandler {

    private final Datasets datasets;
    private final SyncEngine engine;

    SyncHandler(Datasets datasets, SyncEngine engine) {
        this.datasets = datasets;
        this.engine = engine;
    }

    @SyncTask("/sync/{dataset}")
    SyncResult sync(SyncWork work) {
        var key = String.valueOf(work.pathVariables().get("dataset"));
        if (datasets.find(key).isEmpty()) {
            return SyncResult.failed("this service keeps no dataset " + key + "; it keeps " + datasets.keys(), false);
        }
        engine.accept(work.idempotencyKey(), key);
        return SyncResult.continues();
    }
}
