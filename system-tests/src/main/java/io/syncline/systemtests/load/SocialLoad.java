package io.syncline.systemtests.load;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * People who follow, unfollow, tweet, like and rename themselves through the provider's API, at a fixed rate whatever the
 * answers take (open loop). Each call is a transaction of one change. What they did is kept here, apart from every
 * service: {@link #expected} is the recount.
 */
public final class SocialLoad {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Http provider;
    private final Supplier<String> token;
    private final List<Writer> writers = new ArrayList<>();
    private final int users;

    /**
     * @param users of all writers together
     * @param count of writers; each writes for users of its own, so that none waits for another's rows
     */
    public SocialLoad(String providerUrl, Supplier<String> token, int users, int count) {
        this.provider = new Http(providerUrl);
        this.token = token;
        this.users = users;
        for (int number = 0; number < count; number++) {
            writers.add(new Writer(number, count));
        }
    }

    /**
     * @param changes that were made
     * @param failed calls that made none
     * @param latestMillis by how much the last answered call of all was behind its time at the most
     */
    public record Result(long changes, long failed, double latestMillis) {}

    private static String user(int number) {
        return "load-" + number;
    }

    /** Makes the users; to be called once, before the load. */
    public void createUsers() {
        together(writers.stream()
                .map(writer -> (Callable<Result>) writer::createUsers)
                .toList());
    }

    /** Goes on from where the last run ended. */
    public Result run(int perSecond, Duration span) {
        long gap = 1_000_000_000L * writers.size() / perSecond;
        long begin = System.nanoTime() + 50_000_000;
        int each = (int) (span.toNanos() / gap);
        return together(writers.stream()
                .map(writer ->
                        (Callable<Result>) () -> writer.run(begin + gap * writer.number / writers.size(), gap, each))
                .toList());
    }

    private static Result together(List<Callable<Result>> parts) {
        var threads = Executors.newFixedThreadPool(parts.size());
        try {
            long changes = 0;
            long failed = 0;
            double latest = 0;
            for (var part : threads.invokeAll(parts)) {
                var result = part.get();
                changes += result.changes;
                failed += result.failed;
                latest = Math.max(latest, result.latestMillis);
            }
            return new Result(changes, failed, latest);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a writer broke", broken);
        } finally {
            threads.shutdownNow();
        }
    }

    /** What each user has by what the writers were told to have done; not to be asked while they run. */
    public Map<String, Counts> expected() {
        var counts = new LinkedHashMap<String, Counts>();
        for (int number = 0; number < users; number++) {
            counts.put(user(number), Counts.NONE);
        }
        for (var writer : writers) {
            writer.follows.forEach(follow -> {
                Counts.add(counts, follow.follower, new Counts(0, 1, 0, 0));
                Counts.add(counts, follow.followed, new Counts(0, 0, 1, 0));
            });
            writer.authors.values().forEach(author -> Counts.add(counts, author, new Counts(1, 0, 0, 0)));
            writer.likes.forEach(
                    like -> Counts.add(counts, String.valueOf(writer.authors.get(like.tweet)), new Counts(0, 0, 0, 1)));
        }
        return counts;
    }

    private record Follow(String follower, String followed) {}

    private record Like(String tweet, String user) {}

    private final class Writer {

        private final int number;
        private final List<String> own = new ArrayList<>();
        private final Random random;
        private final Set<Follow> follows = new LinkedHashSet<>();
        private final Map<String, String> authors = new LinkedHashMap<>();
        private final Set<Like> likes = new LinkedHashSet<>();
        private final Deque<String> recent = new ArrayDeque<>();
        private int done;

        Writer(int number, int count) {
            this.number = number;
            this.random = new Random(number);
            for (int user = number; user < users; user += count) {
                own.add(user(user));
            }
        }

        Result createUsers() {
            for (var user : own) {
                var row = Map.of("username", user, "joinedDate", "2026-01-01");
                var answer = answer("PUT", "users/" + user, row);
                // A service that has just started may not have the keys yet by which it checks tokens.
                for (int tries = 1; answer.status() == 503 && tries < 100; tries++) {
                    LockSupport.parkNanos(200_000_000);
                    answer = answer("PUT", "users/" + user, row);
                }
                answer.expect(200, 201);
            }
            return new Result(own.size(), 0, 0);
        }

        Result run(long first, long gap, int count) {
            long failed = 0;
            long latest = 0;
            for (int i = 0; i < count; i++) {
                long due = first + gap * i;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                failed += change() ? 0 : 1;
                latest = Math.max(latest, System.nanoTime() - due);
            }
            return new Result(count - failed, failed, latest / 1e6);
        }

        private boolean change() {
            int turn = done++ % 10;
            return switch (turn) {
                case 0, 2, 4, 6, 8 -> follow();
                case 3, 7 -> unfollow();
                case 1 -> tweet();
                case 5 -> like();
                default -> rename();
            };
        }

        private String any() {
            return own.get(random.nextInt(own.size()));
        }

        private boolean follow() {
            var follow = new Follow(any(), user(random.nextInt(users)));
            while (follow.follower.equals(follow.followed) || follows.contains(follow)) {
                follow = new Follow(any(), user(random.nextInt(users)));
            }
            if (!send("PUT", "follows/" + follow.follower + "/" + follow.followed, Map.of())) {
                return false;
            }
            return follows.add(follow);
        }

        private boolean unfollow() {
            var oldest = follows.iterator().next();
            if (!send("DELETE", "follows/" + oldest.follower + "/" + oldest.followed, Map.of())) {
                return false;
            }
            return follows.remove(oldest);
        }

        private boolean tweet() {
            var tweet = "load-" + number + "-" + done;
            var author = any();
            if (!send("PUT", "tweets/" + tweet, Map.of("authorId", author, "text", "the " + done + "th, said \"ö\""))) {
                return false;
            }
            authors.put(tweet, author);
            recent.addLast(tweet);
            if (recent.size() > 20) {
                recent.removeFirst();
            }
            return true;
        }

        private boolean like() {
            var like = new Like(recent.getLast(), user(random.nextInt(users)));
            return send("PUT", "likes/" + like.tweet + "/" + like.user, Map.of()) && likes.add(like);
        }

        private boolean rename() {
            var user = any();
            return send("PUT", "users/" + user, Map.of("username", user, "name", "name " + done));
        }

        /** Whether a change was made. */
        private boolean send(String method, String path, Map<String, String> row) {
            return answer(method, path, row).status() < 300;
        }

        private Answer answer(String method, String path, Map<String, String> row) {
            return provider.send(
                    method,
                    "/social/" + path,
                    Map.of("Authorization", "Bearer " + token.get(), "Content-Type", "application/json"),
                    method.equals("DELETE") ? new byte[0] : Http.JSON.writeValueAsBytes(row),
                    ANSWER_WITHIN);
        }
    }
}
