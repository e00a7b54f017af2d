package io.syncline.consumer.users;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.Rebuilds.Opened;
import org.springframework.stereotype.Component;

/** The platform's call to reconcile the view with its source; the work itself is any instance's. */
@Component
class ReconcileHandler {

    private final Rebuilds rebuilds;

    ReconcileHandler(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    @SyncTask("/sync/user-view-reconcile")
    SyncResult reconcile(SyncWork work) {
        var opened = rebuilds.open(Purpose.RECONCILE, work.idempotencyKey());
        return opened instanceof Opened.Busy
                ? SyncResult.failed("the view is being rebuilt; reconcile it when that has ended", true)
                : SyncResult.continues();
    }
}
