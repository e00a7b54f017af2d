package io.syncline.consumer.changes;

import io.syncline.consumer.store.JdbcTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far the feeds are, on all instances. */
public class FeedProgress {

    private static final String PROGRESS = """
            select dataset, min(as_of) as as_of, count(*) - count(as_of) as unknown_feeds, max(last_seq) as last_seq,
                   max(gone) as gone
            from change_position where feed like :feeds group by dataset""";

    private static final String PARKED = "select count(*) from parked_change";

    private static final String PARKED_SINCE = "select count(*) from parked_change where parked_at > :since";

    private static final String JUMP = """
            update change_position set feed_cursor = :cursor, last_seq = 0, gone = 0, fence = fence + 1
            where dataset = :dataset and feed = :feed and gone = 1""";

    private final JdbcClient jdbc;
    private final String feeds;
    private final List<String> datasets;

    FeedProgress(JdbcClient jdbc, String feeds, List<String> datasets) {
        this.jdbc = jdbc;
        this.feeds = feeds;
        this.datasets = datasets;
    }

    /**
     * How far the changes of a dataset were applied.
     *
     * @param asOf all that was committed before it is applied; null: not known yet
     * @param seq the highest number applied
     * @param gone the provider does not keep the next changes any more
     */
    public record Progress(@Nullable Instant asOf, long seq, boolean gone) {

        static final Progress NONE = new Progress(null, 0, false);
    }

    public Map<String, Progress> progress() {
        Map<String, Progress> found = new LinkedHashMap<>();
        datasets.forEach(dataset -> found.put(dataset, Progress.NONE));
        jdbc.sql(PROGRESS)
                .param("feeds", feeds)
                .query((row, number) -> {
                    var asOf = row.getInt("unknown_feeds") > 0 ? null : JdbcTimes.instantOrNull(row, "as_of");
                    return Map.entry(
                            row.getString("dataset"),
                            new Progress(asOf, row.getLong("last_seq"), row.getInt("gone") != 0));
                })
                .list()
                .forEach(entry -> found.replace(entry.getKey(), entry.getValue()));
        return found;
    }

    /** All that was committed before it is applied, whatever the dataset; empty while that is not known of each. */
    public Optional<Instant> asOf() {
        var times = new ArrayList<Instant>();
        for (var progress : progress().values()) {
            if (progress.asOf() == null) {
                return Optional.empty();
            }
            times.add(progress.asOf());
        }
        return times.stream().min(Instant::compareTo);
    }

    /** In the caller's transaction. */
    public long parkedSince(Instant since) {
        return jdbc.sql(PARKED_SINCE)
                .param("since", JdbcTimes.toJdbc(since))
                .query(Long.class)
                .single();
    }

    /** Goes on behind a gap that something else has filled; in the caller's transaction. */
    public void jump(String dataset, String cursor) {
        jdbc.sql(JUMP)
                .param("cursor", cursor)
                .param("dataset", dataset)
                .param("feed", feeds)
                .update();
    }

    public long parked() {
        return jdbc.sql(PARKED).query(Long.class).single();
    }
}
