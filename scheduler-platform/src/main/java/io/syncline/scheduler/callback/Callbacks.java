package io.syncline.scheduler.callback;

import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.KeptReports;
import io.syncline.scheduler.run.KnownCallbacks;
import io.syncline.scheduler.run.Verdict;
import java.time.Instant;
import java.util.List;

/** Every callback that was judged, applied or not, but for copies. Joins the caller's transaction. */
interface Callbacks extends KnownCallbacks, KeptReports {

    record Row(IncomingReport report, String runId, Verdict verdict, String body, Instant receivedAt) {}

    /** @throws org.springframework.dao.DuplicateKeyException when one of the same task run and callback id is kept */
    void keep(List<Row> rows);
}
