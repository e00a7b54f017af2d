package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Whoever owns data at the provider, and says the same again until it is answered. */
final class Owner {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final Http provider;
    private final Supplier<PlatformApi> freshClient;
    private volatile PlatformApi client;
    private volatile boolean givenUp;

    /** @param freshClient one without a token that may have ended */
    Owner(String provider, Supplier<PlatformApi> freshClient) {
        this.provider = new Http(provider);
        this.freshClient = freshClient;
        this.client = freshClient.get();
    }

    /**
     * Until the provider has done it, which includes that what is to be deleted is not there.
     *
     * @param headers besides the token
     * @param unknown is told of each time that it was not done, or nobody can say so, with the status of the answer; 0: there was none
     * @return null once everything is given up
     */
    Answer untilDone(String method, String path, Map<String, String> headers, byte[] body, IntConsumer unknown) {
        for (int tries = 0; !givenUp; tries++) {
            int status = 0;
            try {
                var answer = send(method, path, headers, body);
                status = answer.status();
                if (status / 100 == 2 || status == 404 && method.equals("DELETE")) {
                    return answer;
                }
            } catch (RuntimeException noAnswer) {
                // Told as such.
            }
            unknown.accept(status);
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(Math.min(LONGEST_PAUSE_MILLIS, 50L << Math.min(5, tries))));
        }
        return null;
    }

    /** @throws RuntimeException if there is no answer */
    Answer send(String method, String path, Map<String, String> headers, byte[] body) {
        var all = new HashMap<>(headers);
        all.put("Authorization", "Bearer " + token());
        var answer = provider.send(method, path, all, body, ANSWER_WITHIN);
        if (answer.status() == 401) {
            client = freshClient.get();
        }
        return answer;
    }

    String token() {
        return client.token();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** From now on nothing is said again. */
    void giveUp() {
        givenUp = true;
    }
}
