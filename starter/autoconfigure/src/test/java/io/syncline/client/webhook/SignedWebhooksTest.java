package io.syncline.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.client.MissingPropertyException;
import io.syncline.outbox.WebhookSigner;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

class SignedWebhooksTest {

    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
    private static final byte[] BODY = "{\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
    private static final String OLD = WebhookSigner.newSecret();
    private static final String NEW = WebhookSigner.newSecret();

    private final AtomicInteger worked = new AtomicInteger();

    private static WebhookProperties properties(List<String> secrets) {
        return new WebhookProperties(secrets, List.of(), Duration.ofMinutes(5), Duration.ofDays(7));
    }

    private static SignedWebhooks verifier(SeenWebhooks seen, Instant now, String... secrets) {
        return new SignedWebhooks(properties(List.of(secrets)), seen, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static SeenWebhooks memory() {
        return new MemorySeenWebhooks(Duration.ofDays(7));
    }

    private static DriverManagerDataSource database() {
        var dataSource = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/outbox/h2/V003__webhook_seen.sql")).execute(dataSource);
        return dataSource;
    }

    private static SeenWebhooks jdbc(DriverManagerDataSource dataSource) {
        return new JdbcSeenWebhooks(dataSource, new JdbcTransactionManager(dataSource), Duration.ofDays(7));
    }

    private static HttpHeaders signed(String id, Instant at, String... secrets) {
        var headers = new HttpHeaders();
        headers.set(WebhookSigner.ID, id);
        headers.set(WebhookSigner.TIMESTAMP, Long.toString(at.getEpochSecond()));
        headers.set(WebhookSigner.SIGNATURE, new WebhookSigner(List.of(secrets)).sign(id, at, BODY));
        return headers;
    }

    @Test
    void eachSignatureAndEachSecretIsTried() {
        assertThat(verifier(memory(), NOW, NEW).verify(signed("a", NOW, NEW, OLD), BODY))
                .isEqualTo("a");
        assertThat(verifier(memory(), NOW, OLD).verify(signed("a", NOW, NEW, OLD), BODY))
                .isEqualTo("a");
        assertThat(verifier(memory(), NOW, NEW, OLD).verify(signed("a", NOW, OLD), BODY))
                .isEqualTo("a");
    }

    @Test
    void whatIsForgedChangedOrOldIsRefusedWith401() {
        var verifier = verifier(memory(), NOW, NEW);
        var other = "{\"id\":\"2\"}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> verifier.once(signed("a", NOW, OLD), BODY, worked::incrementAndGet))
                .isInstanceOfSatisfying(
                        BadWebhookException.class,
                        bad -> assertThat(bad.problem().status()).isEqualTo(401));
        assertThatThrownBy(() -> verifier.once(signed("a", NOW, NEW), other, worked::incrementAndGet))
                .isInstanceOf(BadWebhookException.class);
        for (var away : List.of(Duration.ofSeconds(301), Duration.ofSeconds(-301))) {
            assertThatThrownBy(() -> verifier.verify(signed("a", NOW.plus(away), NEW), BODY))
                    .isInstanceOf(BadWebhookException.class)
                    .hasMessageContaining("clocks");
        }
        assertThat(verifier.verify(signed("a", NOW.minusSeconds(299), NEW), BODY))
                .isEqualTo("a");
        assertThat(worked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {WebhookSigner.ID, WebhookSigner.TIMESTAMP, WebhookSigner.SIGNATURE})
    void aMissingHeaderIsNamed(String name) {
        var headers = signed("a", NOW, NEW);
        headers.remove(name);

        assertThatThrownBy(() -> verifier(memory(), NOW, NEW).verify(headers, BODY))
                .isInstanceOf(BadWebhookException.class)
                .hasMessageContaining(name);
    }

    @Test
    void theWorkIsDoneOnce() {
        for (var seen : List.of(memory(), jdbc(database()))) {
            worked.set(0);
            var headers = signed("a", NOW, NEW);
            assertThat(verifier(seen, NOW, NEW).once(headers, BODY, worked::incrementAndGet))
                    .isTrue();
            assertThat(verifier(seen, NOW, NEW).once(headers, BODY, worked::incrementAndGet))
                    .isFalse();
            assertThat(worked).hasValue(1);
        }
    }

    @Test
    void workThatFailedIsDoneWhenItComesAgain() {
        for (var seen : List.of(memory(), jdbc(database()))) {
            worked.set(0);
            var headers = signed("a", NOW, NEW);
            assertThatThrownBy(() -> verifier(seen, NOW, NEW).once(headers, BODY, () -> {
                        throw new IllegalStateException("as the test wants it");
                    }))
                    .hasMessage("as the test wants it");
            assertThat(verifier(seen, NOW, NEW).once(headers, BODY, worked::incrementAndGet))
                    .isTrue();
            assertThat(worked).hasValue(1);
        }
    }

    @Test
    void anIdIsForgottenAfterItsTime() {
        var database = database();
        for (var seen : List.of(memory(), jdbc(database))) {
            worked.set(0);
            verifier(seen, NOW, NEW).once(signed("a", NOW, NEW), BODY, worked::incrementAndGet);
            var later = NOW.plus(Duration.ofDays(7)).plusSeconds(1);
            verifier(seen, later, NEW).once(signed("b", later, NEW), BODY, worked::incrementAndGet);
            assertThat(verifier(seen, later, NEW).once(signed("a", later, NEW), BODY, worked::incrementAndGet))
                    .isTrue();
        }
    }

    @Test
    void twoAtOnceAreOne() throws Exception {
        var dataSource = database();
        var seen = jdbc(dataSource);
        var begun = new CountDownLatch(2);
        var pool = Executors.newFixedThreadPool(2);
        try {
            var results =
                    pool.invokeAll(List.<Callable<Boolean>>of(() -> taken(seen, begun), () -> taken(seen, begun)));
            int done = 0;
            for (var result : results) {
                done += result.get() ? 1 : 0;
            }
            assertThat(done).isEqualTo(1);
            assertThat(worked).hasValue(1);
            assertThat(new JdbcTemplate(dataSource).queryForObject("select count(*) from webhook_seen", Integer.class))
                    .isEqualTo(1);
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean taken(SeenWebhooks seen, CountDownLatch begun) throws InterruptedException {
        begun.countDown();
        begun.await();
        return verifier(seen, NOW, NEW).once(signed("a", NOW, NEW), BODY, worked::incrementAndGet);
    }

    @Test
    void withoutASecretItSaysWhichPropertyIsMissing() {
        assertThatThrownBy(() -> verifier(memory(), NOW))
                .isInstanceOf(MissingPropertyException.class)
                .hasMessageContaining("syncline.client.webhook.secrets");
    }
}
