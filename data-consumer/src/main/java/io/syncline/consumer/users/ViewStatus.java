package io.syncline.consumer.users;

import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.store.Transactions;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How the user view stands: which copy is read, how fresh it is, how far each feed was applied, the last rebuild. */
@Component
public class ViewStatus {

    private final Transactions transactions;
    private final ViewCheck check;
    private final FeedProgress progress;
    private final JdbcGenerations generations;
    private final JdbcGenerationSources sources;

    ViewStatus(Transactions transactions, ViewCheck check, FeedProgress progress, JdbcTemplate jdbc) {
        this.transactions = transactions;
        this.check = check;
        this.progress = progress;
        this.generations = new JdbcGenerations(jdbc);
        this.sources = new JdbcGenerationSources(JdbcClient.create(jdbc));
    }

    /**
     * The view.
     *
     * @param generation the copy that is read
     * @param liveSince null: it is the first
     * @param asOf all that was committed before it is in the view; null: not known of each feed yet
     * @param parked changes that were never applied, since the view began
     * @param breaches what a check would find now, each a sentence; none: it is as fresh as it must be
     */
    public record View(
            long generation,
            @Nullable Instant liveSince,
            @Nullable Instant asOf,
            long parked,
            Recent recent,
            List<String> breaches,
            List<Feed> feeds,
            Work lastWork) {}

    /** How long the changes since then took from their commit to where they can be read. */
    public record Recent(Instant since, long changes, long late, long longestMillis) {}

    /**
     * @param seq the highest number applied
     * @param gone the provider does not keep the next changes any more
     */
    public record Feed(String dataset, long seq, @Nullable Instant asOf, boolean gone) {}

    /**
     * The copy that was opened last.
     *
     * @param purpose FIRST, REBUILD or RECONCILE
     * @param state as a rebuild's: FILLING, LIVE, RETIRED or FAILED
     */
    public record Work(
            String rebuildId,
            String purpose,
            String state,
            Instant openedAt,
            @Nullable Instant endedAt,
            int tries,
            long rows,
            long expectedRows) {}

    public View view() {
        return transactions.call(this::view);
    }

    private View view(Instant now) {
        var found = check.find(now);
        var live = generations.find(generations.live()).orElseThrow();
        var last = generations.last().orElse(live);
        var filled = sources.of(last.number());
        return new View(
                live.number(),
                live.liveAt(),
                progress.asOf().orElse(null),
                progress.parked(),
                new Recent(
                        found.since(),
                        found.measured().changes(),
                        found.measured().late(),
                        found.measured().longestMillis()),
                found.breaches(),
                found.feeds().entrySet().stream()
                        .map(feed -> new Feed(
                                feed.getKey(),
                                feed.getValue().seq(),
                                feed.getValue().asOf(),
                                feed.getValue().gone()))
                        .toList(),
                new Work(
                        last.workKey(),
                        last.purpose().name(),
                        RebuildController.state(last),
                        last.openedAt(),
                        last.endedAt() == null ? last.liveAt() : last.endedAt(),
                        last.tries(),
                        filled.stream()
                                .mapToLong(JdbcGenerationSources.Source::rowsFilled)
                                .sum(),
                        filled.stream()
                                .mapToLong(JdbcGenerationSources.Source::expectedRows)
                                .sum()));
    }
}
