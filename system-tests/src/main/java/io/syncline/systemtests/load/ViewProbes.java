package io.syncline.systemtests.load;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Readers who follow somebody at the provider and read the consumer's view until it shows that, time and again, at fixed
 * times. They know nothing of how a change gets there.
 */
public final class ViewProbes {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Http provider;
    private final List<Http> consumers;
    private final Supplier<String> token;
    private final int probers;
    private final int[] made;

    /** @param consumerUrls of the instances, asked in turn */
    public ViewProbes(String providerUrl, List<String> consumerUrls, Supplier<String> token, int probers) {
        this.provider = new Http(providerUrl);
        this.consumers = consumerUrls.stream().map(Http::new).toList();
        this.token = token;
        this.probers = probers;
        this.made = new int[probers];
    }

    /**
     * A change and its first sight.
     *
     * @param key of the change's row
     * @param present whether the row was there after the change
     * @param number of the change among those of its key, from 1 on
     * @param seenAt when the first answer that shows it was there
     */
    public record Probe(String key, boolean present, int number, Instant sentAt, Instant answeredAt, Instant seenAt) {}

    private static String follower(int prober) {
        return "probe-" + prober;
    }

    private static String followed(int prober) {
        return "probed-" + prober;
    }

    /** Makes the users; to be called once. */
    public void createUsers() {
        for (int prober = 0; prober < probers; prober++) {
            for (var user : List.of(follower(prober), followed(prober))) {
                write("PUT", "users/" + user, Map.of("username", user)).expect(201);
            }
        }
    }

    /**
     * @param every between two changes of one prober; all together make {@code probers} changes in that time
     * @param longest after so long without a sight the run ends with an exception
     */
    public List<Probe> run(Duration every, Duration span, Duration longest) {
        long begin = System.nanoTime();
        var threads = Executors.newFixedThreadPool(probers);
        try {
            var parts = new ArrayList<Callable<List<Probe>>>();
            for (int i = 0; i < probers; i++) {
                int prober = i;
                long first = begin + every.toNanos() * prober / probers;
                parts.add(() -> probe(prober, first, every.toNanos(), begin + span.toNanos(), longest));
            }
            var all = new ArrayList<Probe>();
            for (var part : threads.invokeAll(parts)) {
                all.addAll(part.get());
            }
            return all;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a prober broke", broken);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Probe> probe(int prober, long first, long every, long end, Duration longest) {
        var path = "follows/" + follower(prober) + "/" + followed(prober);
        var probes = new ArrayList<Probe>();
        boolean present = followers(prober) > 0;
        for (long due = first; due < end; due += every) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            present = !present;
            var sentAt = Instant.now();
            write(present ? "PUT" : "DELETE", path, Map.of()).expect(201, 204);
            var answeredAt = Instant.now();
            long wanted = present ? 1 : 0;
            while (followers(prober) != wanted) {
                if (Duration.between(answeredAt, Instant.now()).compareTo(longest) > 0) {
                    throw new IllegalStateException("the view did not show %s of %s within %s"
                            .formatted(present ? "the making" : "the end", path, longest));
                }
                LockSupport.parkNanos(2_000_000);
            }
            probes.add(new Probe(
                    follower(prober) + "," + followed(prober),
                    present,
                    ++made[prober],
                    sentAt,
                    answeredAt,
                    Instant.now()));
        }
        return probes;
    }

    private long followers(int prober) {
        var answer = consumers
                .get(prober % consumers.size())
                .send(
                        "GET",
                        "/users/" + followed(prober),
                        Map.of("Authorization", "Bearer " + token.get()),
                        new byte[0],
                        ANSWER_WITHIN);
        return switch (answer.status()) {
            case 404 -> 0;
            case 503 -> -1; // not yet in a state to say
            default -> Counts.of(answer.expect(200).json()).followers();
        };
    }

    private Answer write(String method, String path, Map<String, String> row) {
        return provider.send(
                method,
                "/social/" + path,
                Map.of("Authorization", "Bearer " + token.get(), "Content-Type", "application/json"),
                method.equals("DELETE") ? new byte[0] : Http.JSON.writeValueAsBytes(row),
                ANSWER_WITHIN);
    }
}
