package io.syncline.consumer.users;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.store.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The platform's call to check how fresh the view is; a breach ends it FAILED for good, so that people are told. */
@Component
class ViewCheck {

    private final Transactions transactions;
    private final FeedProgress progress;
    private final Freshness freshness;
    private final ViewProperties properties;

    ViewCheck(Transactions transactions, FeedProgress progress, Freshness freshness, ViewProperties properties) {
        this.transactions = transactions;
        this.progress = progress;
        this.freshness = freshness;
        this.properties = properties;
    }

    @SyncTask("/sync/user-view-check")
    SyncResult check(SyncWork work) {
        freshness.note();
        return transactions.call(this::judge);
    }

    /**
     * What there is to say of the view.
     *
     * @param since from when on changes were looked at
     * @param parked of these, that were never applied
     * @param breaches each a sentence; none: it is as fresh as it must be
     */
    record Findings(
            Instant since,
            Freshness.Measured measured,
            long parked,
            Map<String, FeedProgress.Progress> feeds,
            List<String> breaches) {}

    /** In the caller's transaction. */
    Findings find(Instant now) {
        var since = now.minus(properties.checkOver());
        var measured = freshness.since(since);
        long parked = progress.parkedSince(since);
        var breaches = new ArrayList<String>();
        if (measured.late() * 20 > measured.changes()) {
            breaches.add("%d of %d changes took longer than %s"
                    .formatted(measured.late(), measured.changes(), properties.freshness()));
        }
        if (measured.longestMillis() > properties.freshnessMost().toMillis()) {
            breaches.add("a change took " + Duration.ofMillis(measured.longestMillis()) + ", longer than "
                    + properties.freshnessMost());
        }
        if (parked > 0) {
            breaches.add(parked + " changes were parked or never came");
        }
        var feeds = progress.progress();
        feeds.forEach((dataset, one) -> judge(dataset, one, now, breaches));
        return new Findings(since, measured, parked, feeds, List.copyOf(breaches));
    }

    SyncResult judge(Instant now) {
        var found = find(now);
        Map<String, @Nullable Object> ages = new LinkedHashMap<>();
        found.feeds()
                .forEach((dataset, one) ->
                        ages.put(dataset, one.asOf() == null ? null : one.asOf().toString()));
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("since", found.since().toString());
        result.put("changes", found.measured().changes());
        result.put("late", found.measured().late());
        result.put(
                "longest", Duration.ofMillis(found.measured().longestMillis()).toString());
        result.put("parked", found.parked());
        result.put("asOf", ages);
        return found.breaches().isEmpty()
                ? SyncResult.completed(null, List.of(), result)
                : SyncResult.failed(
                        "the user view is not as fresh as it must be: " + String.join("; ", found.breaches()),
                        false,
                        null,
                        List.of(),
                        result);
    }

    private void judge(String dataset, FeedProgress.Progress one, Instant now, List<String> breaches) {
        if (one.gone()) {
            breaches.add("the provider does not keep the next changes of " + dataset + " any more");
        } else if (one.asOf() == null) {
            breaches.add("the changes of " + dataset + " were never read to their end");
        } else if (one.asOf().plus(properties.freshnessMost()).isBefore(now)) {
            breaches.add("the changes of " + dataset + " are read up to " + one.asOf() + " only");
        }
    }
}
