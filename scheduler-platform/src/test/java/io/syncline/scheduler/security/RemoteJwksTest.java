package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class RemoteJwksTest {

    private static final String ADDRESS = "https://idp.example.com/keys";
    private static final URI KEYS = URI.create(ADDRESS);
    private static final KeyPair PAIR = Jwts.SIG.ES256.keyPair().build();

    private final AtomicLong nanos = new AtomicLong();
    private final FakeRemoteKeys remote = new FakeRemoteKeys();
    private RemoteJwks known;

    @BeforeEach
    void publish() {
        var beans = new StaticListableBeanFactory();
        beans.addBean("remoteKeys", remote);
        known = new RemoteJwks(beans.getBeanProvider(RemoteKeys.class), nanos::get);
        remote.publish(ADDRESS, StrictJwsTest.jwk(PAIR, "one"));
    }

    @AfterEach
    void stop() {
        known.destroy();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void keysAreReadOnceAndStandForFiveMinutes() {
        for (int time = 0; time < 100; time++) {
            assertThat(known.find(KEYS, "one")).isPresent();
        }
        pass(Duration.ofMinutes(4));
        assertThat(known.find(KEYS, "one")).isPresent();

        assertThat(remote.fetches).hasValue(1);
    }

    @Test
    void anUnknownKeyIsAskedForAtMostOnceAMinute() {
        known.find(KEYS, "one");
        remote.publish(ADDRESS, StrictJwsTest.jwk(PAIR, "one"), StrictJwsTest.jwk(PAIR, "two"));

        assertThat(known.find(KEYS, "two")).isEmpty();
        pass(Duration.ofSeconds(61));
        assertThat(known.find(KEYS, "two")).isPresent();
        for (int time = 0; time < 100; time++) {
            assertThat(known.find(KEYS, "three-" + time)).isEmpty();
        }
        assertThat(remote.fetches).hasValue(2);
    }

    @Test
    void aKeyThatItsPublisherTookBackIsGoneAfterAQuarterOfAnHourAtMost() {
        known.find(KEYS, "one");
        remote.publish(ADDRESS, StrictJwsTest.jwk(PAIR, "two"));
        pass(Duration.ofMinutes(15));

        assertThat(known.find(KEYS, "one")).isEmpty();
    }

    @Test
    void knownKeysServeForADayWhileThePublisherDoesNotAnswer() {
        known.find(KEYS, "one");
        remote.fail(ADDRESS);

        pass(Duration.ofHours(23));
        assertThat(known.find(KEYS, "one")).isPresent();
        pass(Duration.ofHours(2));
        assertThatThrownBy(() -> known.find(KEYS, "one"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(503));
    }

    @Test
    void ofManyThatWaitOneAsksAndBeyondFiftyTheNextIsRefusedAtOnce() throws Exception {
        var slow = new CountDownLatch(1);
        remote.slow = slow;
        var many = 80;
        var threads = Executors.newFixedThreadPool(many);
        try {
            var asked = new ArrayList<Future<Boolean>>();
            for (int number = 0; number < many; number++) {
                asked.add(threads.submit((Callable<Boolean>) () -> {
                    try {
                        return known.find(KEYS, "one").isPresent();
                    } catch (ProblemException e) {
                        return false;
                    }
                }));
            }
            // Those that were refused have come back; the others wait for the one fetch.
            while (asked.stream().filter(Future::isDone).count() < many - 50) {
                Thread.onSpinWait();
            }
            slow.countDown();
            var served = 0;
            for (var one : asked) {
                served += one.get(10, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(served).isEqualTo(50);
            assertThat(remote.fetches).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOperatorIsToldWhyAnAddressWillNotDo() {
        var problem = IssuerDocument.invalid();
        known.require(URI.create("https://unapproved.example.com/"), "/jwksUri", problem);

        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/jwksUri");
            assertThat(error.detail()).contains("not approved");
        });
        known.require(KEYS, "/jwksUri", problem);
        assertThat(problem.errors()).hasSize(1);
    }
}
