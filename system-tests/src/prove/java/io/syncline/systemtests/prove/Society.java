package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.History;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * People at the provider who follow, unfollow, tweet, like and rename themselves at a steady pace, each change until it is
 * answered. Some count in their name how often they took another: what a reader sees of them tells how much of it has arrived.
 */
final class Society {

    static final String DATASET = "users";
    private static final int WRITERS = 2;
    private static final int USERS_OF_WRITER = 15;
    private static final int RECENT = 20;
    private static final long PAUSE_MILLIS = 150;

    private final History history;
    private final Owner owner;
    private final List<Writer> writers;
    private final List<String> tweets = new CopyOnWriteArrayList<>();

    Society(History history, Owner owner, long seed) {
        this.history = history;
        this.owner = owner;
        this.writers = IntStream.range(0, WRITERS)
                .mapToObj(number -> new Writer(number, new Random(seed * WRITERS + number)))
                .toList();
    }

    void start() {
        writers.forEach(writer -> writer.loop.start());
    }

    void stop() {
        writers.forEach(writer -> writer.loop.stop());
    }

    boolean isQuiet() {
        return writers.stream().allMatch(writer -> writer.loop.hasEnded());
    }

    /** Who counts their names. */
    static List<String> counting() {
        return IntStream.range(0, WRITERS).mapToObj(number -> user(number, 0)).toList();
    }

    private static String user(int writer, int number) {
        return "u-" + writer + "-" + number;
    }

    /** Writes for users of its own; follows and likes those of all. */
    private final class Writer {

        private final int number;
        private final Random random;
        private final Loop loop;
        private final Deque<String> follows = new ArrayDeque<>();
        private volatile int made;
        private int done;
        private int names;

        Writer(int number, Random random) {
            this.number = number;
            this.random = random;
            this.loop = new Loop("society " + number, PAUSE_MILLIS, this::next);
        }

        private void next() {
            if (made < USERS_OF_WRITER) {
                put("users/" + user(number, made), Map.of("username", user(number, made), "joinedDate", "2026-01-01"));
                made++;
                return;
            }
            switch (done++ % 6) {
                case 0, 3 -> rename();
                case 1 -> follow();
                case 2 -> tweet();
                case 4 -> like();
                default -> unfollow();
            }
        }

        private String own() {
            return user(number, random.nextInt(USERS_OF_WRITER));
        }

        /** Of the other writers too, so that they meet at one row of the view. */
        private String any() {
            var writer = writers.get(random.nextInt(WRITERS));
            return writer.made < USERS_OF_WRITER ? own() : user(writer.number, random.nextInt(USERS_OF_WRITER));
        }

        private void rename() {
            var user = user(number, 0);
            var version = ++names;
            tell(user, version, "invoke", 0);
            var named = Map.of("username", user, "name", Integer.toString(version), "joinedDate", "2026-01-01");
            if (put("users/" + user, named, status -> tell(user, version, "unknown", status))) {
                tell(user, version, "ok", 200);
            }
        }

        private void follow() {
            var follower = own();
            var followed = any();
            if (!follower.equals(followed)) {
                put("follows/" + follower + "/" + followed, Map.of());
                follows.addLast(follower + "/" + followed);
            }
        }

        private void unfollow() {
            if (follows.size() > RECENT) {
                owner.untilDone(
                        "DELETE", "/social/follows/" + follows.removeFirst(), Map.of(), new byte[0], status -> {});
            }
        }

        private void tweet() {
            var tweet = "t-" + number + "-" + done;
            put("tweets/" + tweet, Map.of("authorId", own(), "text", "the " + done + "th, said \"ö\""));
            tweets.add(tweet);
        }

        private void like() {
            if (!tweets.isEmpty()) {
                put("likes/" + tweets.get(random.nextInt(tweets.size())) + "/" + any(), Map.of());
            }
        }

        private void put(String path, Map<String, String> row) {
            put(path, row, status -> {});
        }

        /** @return whether it was done, and not given up */
        private boolean put(String path, Map<String, String> row, IntConsumer unknown) {
            var done = owner.untilDone(
                    "PUT",
                    "/social/" + path,
                    Map.of("Content-Type", "application/json"),
                    Http.JSON.writeValueAsBytes(row),
                    unknown);
            return done != null;
        }

        private void tell(String user, int version, String outcome, int status) {
            history.add(
                    "driver",
                    "renamed",
                    "outcome",
                    outcome,
                    "status",
                    status == 0 ? null : status,
                    "user",
                    user,
                    "version",
                    version);
        }
    }
}
