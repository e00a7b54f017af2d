package com.example.prices.downstream;

import io.syncline.client.SyncCancel;
import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Loads the list of the business key's day. It may run again for the same key: a version that is there is not loaded again. */
@Component
class PricesSync {

    private static final Logger LOG = LoggerFactory.getLogger(PricesSync.class);

    private final Feed feed;
    private final Prices prices;

    PricesSync(Feed feed, Prices prices) {
        this.feed = feed;
        this.prices = prices;
    }

    @SyncTask("/sync/prices")
    SyncResult load(SyncWork work) {
        var day = work.request().businessKey();
        if (day == null) {
            throw new IllegalArgumentException("the business key must be the day of a price list");
        }
        var list = feed.fetch(day);
        if (!list.isWhole()) {
            // Another try may read it whole, so this is retryable.
            var files = List.of(file(day, list, FileReport.Status.FAILED, "what came is not what the upstream has"));
            return SyncResult.failed("the list of " + day + " is damaged", true, null, files, Map.of());
        }
        boolean isNews = list.version() > prices.version(day);
        if (isNews) {
            long total = list.prices().size();
            // Throws when the work was cancelled or taken over; the transaction is then rolled back.
            prices.load(day, list.version(), list.prices(), done -> work.progress(done, total, "rows"));
        }
        var status = isNews ? FileReport.Status.COMPLETED : FileReport.Status.SKIPPED;
        return SyncResult.completed(
                compare(list.prices(), prices.find(day)),
                List.of(file(day, list, status, null)),
                Map.of("version", list.version(), "loaded", isNews));
    }

    /** The handler is interrupted and its transaction rolled back by then, or soon; there is nothing else to put away. */
    @SyncCancel("/sync/prices/cancel")
    void cancelled(SyncWork work) {
        LOG.info("The load of {} was cancelled", work.request().businessKey());
    }

    private static FileReport file(String day, Feed.Fetched list, FileReport.Status status, String error) {
        long rows = list.prices().size();
        return new FileReport(day + ".csv", status, rows, rows, list.expected(), list.actual(), error);
    }

    private static Reconciliation compare(Map<String, Integer> source, Map<String, Integer> target) {
        long missing = source.keySet().stream()
                .filter(article -> !target.containsKey(article))
                .count();
        long unexpected = target.keySet().stream()
                .filter(article -> !source.containsKey(article))
                .count();
        long different = source.entrySet().stream()
                .filter(price -> target.containsKey(price.getKey()))
                .filter(price -> !price.getValue().equals(target.get(price.getKey())))
                .count();
        return new Reconciliation((long) source.size(), (long) target.size(), missing, unexpected, different);
    }
}
