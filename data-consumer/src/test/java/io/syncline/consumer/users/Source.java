package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A provider's tables and the log of what happened to them, and a recount that shares nothing with the view. */
public final class Source {

    public static final Instant BEGINNING = Instant.parse("2026-11-20T06:00:00Z");

    private final Map<String, Map<String, Map<String, @Nullable String>>> tables = new TreeMap<>();
    private final Map<String, Long> seqs = new HashMap<>();
    private final List<Change> log = new ArrayList<>();
    private Supplier<Instant> clock = () -> BEGINNING.plus(Duration.ofMillis(log.size()));

    public Source() {
        for (var table : List.of("users", "tweets", "follows", "likes")) {
            tables.put(table, new TreeMap<>());
        }
    }

    /** Has changes committed at the time of this machine from now on. */
    public void inRealTime() {
        clock = () -> Instant.ofEpochMilli(System.currentTimeMillis());
    }

    /** A history of so many steps; the same seed gives the same one. */
    public static Source random(Random random, int users, int steps) {
        var source = new Source();
        for (int i = 0; i < steps; i++) {
            var user = "u" + random.nextInt(users);
            var other = "u" + random.nextInt(users);
            var tweet = "t" + random.nextInt(users * 2);
            switch (random.nextInt(9)) {
                case 0, 1 -> source.user(user, "Name " + random.nextInt(100));
                case 2 -> source.tweet(tweet, user);
                case 3, 4 -> source.follow(user, other);
                case 5 -> source.like(tweet, user, other);
                case 6 -> source.unfollow(user, other);
                case 7 -> source.anyDeleted(random, List.of("tweets", "follows", "likes"));
                default -> {
                    if (random.nextInt(5) == 0) {
                        source.anyDeleted(random, List.of("users"));
                    } else {
                        source.anyDeleted(random, List.of("likes", "follows"));
                    }
                }
            }
        }
        return source;
    }

    public void user(String id, String name) {
        put("users", id, Map.of("userid", id, "username", id + "-name", "name", name, "joineddate", "2020-01-01"));
    }

    public void tweet(String id, String author) {
        put("tweets", id, Map.of("tweetid", id, "authorid", author));
    }

    public void follow(String follower, String followed) {
        put("follows", follower + "," + followed, Map.of("followerid", follower, "followedid", followed));
    }

    public void unfollow(String follower, String followed) {
        delete("follows", follower + "," + followed);
    }

    public void like(String tweet, String user, String author) {
        put("likes", tweet + "," + user, Map.of("tweetid", tweet, "userid", user, "authorid", author));
    }

    public void delete(String table, String key) {
        var row = table(table).remove(key);
        if (row != null) {
            // As some feeds do, a deleted row comes without its fields.
            log(table, key, false, Map.of());
        }
    }

    private void anyDeleted(Random random, List<String> of) {
        var table = of.get(random.nextInt(of.size()));
        var keys = List.copyOf(table(table).keySet());
        if (!keys.isEmpty()) {
            delete(table, keys.get(random.nextInt(keys.size())));
        }
    }

    private void put(String table, String key, Map<String, @Nullable String> row) {
        table(table).put(key, row);
        log(table, key, true, row);
    }

    public Map<String, Map<String, @Nullable String>> table(String name) {
        var table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException(name);
        }
        return table;
    }

    private void log(String dataset, String key, boolean present, Map<String, @Nullable String> row) {
        long seq = seqs.merge(dataset, 1L, Long::sum);
        log.add(new Change(dataset, seq, key, present, row, clock.get()));
    }

    public List<Change> log() {
        return log;
    }

    public List<Change> log(String dataset) {
        return log.stream().filter(change -> change.dataset().equals(dataset)).toList();
    }

    public long seq(String dataset) {
        return seqs.getOrDefault(dataset, 0L);
    }

    /** What the view must say of everybody who is known: name, tweets, following, followers, likes. */
    public Map<String, List<Object>> expected() {
        Map<String, List<Object>> expected = new TreeMap<>();
        table("users")
                .forEach((id, row) -> expected.put(
                        id,
                        new ArrayList<>(List.of(
                                String.valueOf(row.get("name")),
                                count("tweets", "authorid", id),
                                count("follows", "followerid", id),
                                count("follows", "followedid", id),
                                count("likes", "authorid", id)))));
        return expected;
    }

    private long count(String table, String field, String id) {
        return table(table).values().stream()
                .filter(row -> id.equals(row.get(field)))
                .count();
    }
}
