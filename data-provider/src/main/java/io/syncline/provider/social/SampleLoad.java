package io.syncline.provider.social;

import io.syncline.provider.store.DatabaseClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Loads published data: a graph of who follows whom, both ways, and tweets that are dealt to its users in turn. Rows that
 * are there already are left alone, so a load that was cut short can be begun again.
 */
@Component
class SampleLoad {

    private static final DateTimeFormatter TWEETED = DateTimeFormatter.ofPattern("M/d/yy H:mm");
    private static final List<String> TWEET_FILES = List.of("BarackObama", "realDonaldTrump");

    /** The likes of one tweet begin with another user than those of the next. */
    private static final int LIKERS_APART = 31;

    private final SocialRows rows;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final SampleProperties properties;

    SampleLoad(SocialRows rows, DatabaseClock clock, TransactionTemplate transaction, SampleProperties properties) {
        this.rows = rows;
        this.clock = clock;
        this.transaction = transaction;
        this.properties = properties;
    }

    /** @return rows that were made, by dataset; without those that were there already */
    Map<String, Long> run(Path folder, BooleanSupplier wanted) {
        var counts = new TreeMap<String, Long>();
        var users = users(folder, counts, wanted);
        follows(folder, users.size(), counts, wanted);
        tweets(folder, users, counts, wanted);
        return counts;
    }

    /** Adds rows in transactions of their own. */
    private final class Adder implements AutoCloseable {

        private final SocialTable table;
        private final Map<String, Long> counts;
        private final BooleanSupplier wanted;
        private final List<@Nullable String[]> batch = new ArrayList<>();

        Adder(SocialTable table, Map<String, Long> counts, BooleanSupplier wanted) {
            this.table = table;
            this.counts = counts;
            this.wanted = wanted;
            counts.putIfAbsent(table.dataset(), 0L);
        }

        /** @return whether the load goes on */
        boolean add(@Nullable String... row) {
            batch.add(row);
            if (batch.size() == SocialRows.AT_ONCE) {
                write();
            }
            return wanted.getAsBoolean();
        }

        private void write() {
            if (!batch.isEmpty()) {
                Integer added = transaction.execute(status -> rows.add(table, batch));
                counts.merge(table.dataset(), added == null ? 0L : added, Long::sum);
                batch.clear();
            }
        }

        @Override
        public void close() {
            write();
        }
    }

    /** @return their ids in the order of the file */
    private List<String> users(Path folder, Map<String, Long> counts, BooleanSupplier wanted) {
        var file = folder.resolve("github-follow-graph/git_target.csv.gz");
        var today = clock.now().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        var ids = new ArrayList<String>();
        try (var adder = new Adder(SocialTable.USERS, counts, wanted)) {
            SampleFile.read(file, StandardCharsets.UTF_8, List.of("id", "name", "ml_target"), record -> {
                if (ids.size() == properties.maxUsers()) {
                    return false;
                }
                ids.add(record.get("id"));
                var name = record.get("name");
                return adder.add(record.get("id"), name, name, null, null, null, today, null, null);
            });
        }
        return ids;
    }

    private void follows(Path folder, int users, Map<String, Long> counts, BooleanSupplier wanted) {
        var file = folder.resolve("github-follow-graph/git_edges.csv.gz");
        var now = clock.now().truncatedTo(ChronoUnit.MICROS).toString();
        try (var adder = new Adder(SocialTable.FOLLOWS, counts, wanted)) {
            SampleFile.read(file, StandardCharsets.UTF_8, List.of("id_1", "id_2"), record -> {
                var one = record.get("id_1");
                var other = record.get("id_2");
                // The users' ids are their places in the file, from 0.
                return Integer.parseInt(one) >= users
                        || Integer.parseInt(other) >= users
                        || adder.add(one, other, now) && adder.add(other, one, now);
            });
        }
    }

    private void tweets(Path folder, List<String> users, Map<String, Long> counts, BooleanSupplier wanted) {
        var now = clock.now().truncatedTo(ChronoUnit.MICROS).toString();
        var likes = new ArrayList<Liked>();
        int[] place = {0};
        try (var adder = new Adder(SocialTable.TWEETS, counts, wanted)) {
            for (var name : TWEET_FILES) {
                var file = folder.resolve("tweets-538/" + name + ".csv.gz");
                int[] ofFile = {0};
                SampleFile.read(
                        file,
                        properties.tweetsCharset(),
                        List.of("created_at", "text", "url", "replies", "retweets", "favorites", "user"),
                        record -> {
                            if (ofFile[0]++ == properties.maxTweets()) {
                                return false;
                            }
                            var author = users.get(place[0]++ % users.size());
                            var tweet = tweet(file, record, author);
                            likes.add(new Liked(String.valueOf(tweet[0]), author, favorites(file, record)));
                            return adder.add(tweet);
                        });
            }
        }
        try (var adder = new Adder(SocialTable.LIKES, counts, wanted)) {
            for (int i = 0; i < likes.size() && wanted.getAsBoolean(); i++) {
                var liked = likes.get(i);
                long count = Math.min(liked.favorites(), Math.min(properties.maxLikes(), users.size()));
                for (int k = 0; k < count; k++) {
                    var user = users.get((int) (((long) i * LIKERS_APART + k) % users.size()));
                    adder.add(liked.tweetId(), user, liked.authorId(), now);
                }
            }
        }
    }

    private record Liked(String tweetId, String authorId, long favorites) {}

    private static @Nullable String[] tweet(Path file, CSVRecord record, String author) {
        var url = record.get("url");
        try {
            var at = LocalDateTime.parse(record.get("created_at"), TWEETED).toInstant(ZoneOffset.UTC);
            return new @Nullable String[] {
                url.substring(url.lastIndexOf('/') + 1), author, record.get("text"), url, at.toString()
            };
        } catch (DateTimeException wrong) {
            throw new BadSampleException(file, line(record), "no time: " + record.get("created_at"));
        }
    }

    private static long favorites(Path file, CSVRecord record) {
        try {
            return Long.parseLong(record.get("favorites"));
        } catch (NumberFormatException wrong) {
            throw new BadSampleException(file, line(record), "no number: " + record.get("favorites"));
        }
    }

    private static long line(CSVRecord record) {
        return record.getRecordNumber() + 1;
    }
}
