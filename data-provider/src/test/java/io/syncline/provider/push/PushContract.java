package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.outbox.WebhookSigner;
import io.syncline.outbox.WebhookSigner.Verdict;
import io.syncline.provider.change.LogInstance.Database;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import io.syncline.provider.testing.RunningProvider.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Subscriptions over HTTP, from a change to the subscriber's server, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PushContract {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HEADER = "id,code,name,continent,wikipedia_link,keywords\n";

    private FakePlatform platform;
    private RunningProvider provider;
    private FakeEndpoint endpoint;
    private Path home;
    private int rounds;

    abstract Database database() throws Exception;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        this.home = home;
        var database = database();
        platform = new FakePlatform();
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.username());
        settings.put("spring.datasource.password", database.password());
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.provider.push.allow-http", "true");
        settings.put("syncline.provider.push.allowed-networks", "127.0.0.0/8");
        settings.put("syncline.provider.push.schedule", "50ms,100ms,150ms");
        settings.put("syncline.provider.push.batch", "7");
        settings.put("syncline.provider.datasets[0].name", "countries");
        settings.put("syncline.provider.datasets[0].table", "countries");
        settings.put("syncline.provider.datasets[0].columns", "id,code,name,continent,wikipedia_link,keywords");
        settings.put("syncline.provider.datasets[0].key", "id");
        settings.put("syncline.provider.datasets[0].changes", "true");
        provider = new RunningProvider(platform, home, settings);
    }

    @AfterAll
    void stop() {
        if (provider != null) {
            provider.close();
        }
        platform.close();
    }

    @BeforeEach
    void open() throws Exception {
        load(HEADER);
        endpoint = new FakeEndpoint();
    }

    @AfterEach
    void forget() {
        provider.jdbc().sql("delete from push_cursor").update();
        provider.jdbc().sql("delete from push_subscription").update();
        endpoint.close();
    }

    private Answer put(String key, String json, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return provider.send(
                "PUT",
                "/subscriptions/" + key,
                platform.token("triggers:write"),
                json.getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    private Answer get(String path) {
        return provider.send("GET", path, platform.token("triggers:write"), null);
    }

    private Answer replay(String json, String... headers) {
        return provider.send(
                "POST",
                "/deliveries/replay",
                platform.token("triggers:write"),
                json.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    private String wish(String more) {
        return "{\"dataset\":\"countries\",\"endpoint\":\"" + endpoint.url() + "\"" + more + "}";
    }

    private String subscribe(String key) {
        var answer = put(key, wish(""));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("secret").stringValue();
    }

    /** Changes each of so many rows once. */
    private void change(int rows) {
        int round = ++rounds;
        load(IntStream.rangeClosed(1, rows)
                .mapToObj(id -> id + ",C" + id + ",of round " + round + ",EU,,\n")
                .collect(Collectors.joining("", HEADER, "")));
    }

    /** On return the changes have their numbers. */
    private void load(String csv) {
        var answer = provider.load("countries", csv);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        await().atMost(SOON)
                .until(() -> provider.jdbc()
                                .sql("select count(*) from change_waiting")
                                .query(Integer.class)
                                .single()
                        == 0);
    }

    private void taken(int calls) {
        await().atMost(SOON).until(() -> endpoint.taken().size() >= calls);
    }

    private List<Long> numbers(String key) {
        return endpoint.taken().stream()
                .filter(call -> call.key().equals(key))
                .map(call -> call.event().get("data").get("seq").longValue())
                .toList();
    }

    @Test
    void aChangeIsPushedSignedAsTheFeedHasIt() {
        var secret = subscribe("first");

        change(10);
        taken(10);

        var feed = provider.get("/datasets/countries/changes?limit=200").text();
        for (var call : endpoint.taken()) {
            assertThat(call.verdict(secret)).isEqualTo(Verdict.GENUINE);
            assertThat(call.header("content-type")).isEqualTo("application/cloudevents+json");
            var event = call.event();
            assertThat(event.get("specversion").stringValue()).isEqualTo("1.0");
            assertThat(event.get("id").stringValue()).isEqualTo(call.header(WebhookSigner.ID));
            assertThat(event.get("data").get("id").stringValue()).isEqualTo(call.header(WebhookSigner.ID));
            var body = new String(call.body(), StandardCharsets.UTF_8);
            assertThat(feed).contains(body.substring(body.indexOf("\"data\":") + 7, body.length() - 1));
        }
        assertThat(provider.jdbc()
                        .sql("select sealed_secret from push_subscription")
                        .query(String.class)
                        .single())
                .doesNotContain(secret.substring(6));
    }

    @Test
    void aSubscriptionIsEditedOnlyByWhoKnowsItsVersion() {
        var made = put("known", wish(",\"secret\":\"" + WebhookSigner.newSecret() + "\""));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().has("secret")).isFalse();
        assertThat(made.json().get("ordered").booleanValue()).isTrue();

        assertThat(put("known", wish("")).status()).isEqualTo(428);
        assertThat(put("known", wish(""), "If-None-Match", "*").status()).isEqualTo(412);
        assertThat(put("known", wish(""), "If-Match", "\"7\"").status()).isEqualTo(412);
        assertThat(put("other", wish(""), "If-Match", "\"1\"").status()).isEqualTo(412);
        var edited = put("known", wish(",\"ordered\":false"), "If-Match", made.header("ETag"));
        assertThat(edited.status()).isEqualTo(200);
        assertThat(edited.json().has("secret")).isFalse();
        assertThat(get("/subscriptions/known").json().get("ordered").booleanValue())
                .isFalse();

        var token = platform.token("triggers:write");
        assertThat(provider.send("DELETE", "/subscriptions/known", token, null).status())
                .isEqualTo(428);
        assertThat(provider.send("DELETE", "/subscriptions/known", token, null, "If-Match", edited.header("ETag"))
                        .status())
                .isEqualTo(204);
        assertThat(get("/subscriptions/known").problem()).isEqualTo("no-such-subscription");
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndStrangersAreRefused() {
        var wrong = put(
                "wrong",
                "{\"dataset\":\"nothing\",\"endpoint\":\"ftp://user@10.0.0.1\",\"ordered\":1,\"secret\":\"short\",\"why\":1}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.codes()).containsExactlyInAnyOrder("unknown-member", "unknown", "endpoint", "type", "type");
        assertThat(put("wrong", "{\"dataset\":\"countries\",\"endpoint\":\"https://10.0.0.1/hook\"}")
                        .codes())
                .containsExactly("endpoint");
        assertThat(put("Wrong", wish("")).status()).isEqualTo(422);

        var stranger = platform.tokenOf("somebody", "triggers:write");
        assertThat(provider.send("GET", "/subscriptions/any", stranger, null).problem())
                .isEqualTo("not-an-owner");
        assertThat(provider.send("GET", "/deliveries", stranger, null).problem())
                .isEqualTo("not-an-owner");
        assertThat(provider.send("GET", "/deliveries", platform.tokenOf("somebody", "admin"), null)
                        .status())
                .isEqualTo(200);
        assertThat(provider.send("GET", "/deliveries", platform.token("data:read"), null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void duringARotationBothSecretsSign() {
        var first = subscribe("rotated");
        var rotated = put(
                "rotated",
                wish(",\"rotateSecret\":true"),
                "If-Match",
                get("/subscriptions/rotated").header("ETag"));
        var second = rotated.json().get("secret").stringValue();
        assertThat(second).isNotEqualTo(first);
        assertThat(rotated.json().get("earlierSecretUntil").isNull()).isFalse();

        change(1);
        taken(1);

        var call = endpoint.taken().get(0);
        assertThat(call.verdict(first)).isEqualTo(Verdict.GENUINE);
        assertThat(call.verdict(second)).isEqualTo(Verdict.GENUINE);

        provider.jdbc()
                .sql("update push_subscription set earlier_until = created_at")
                .update();
        change(1);
        taken(2);
        assertThat(endpoint.taken().get(1).verdict(first)).isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
        assertThat(endpoint.taken().get(1).verdict(second)).isEqualTo(Verdict.GENUINE);
    }

    @Test
    void aSecondRotationLeavesTheSecretThatIsInUseItsTime() {
        var first = subscribe("hurried");
        var second = rotate("hurried");
        var third = rotate("hurried");

        change(1);
        taken(1);

        var call = endpoint.taken().get(0);
        for (var secret : List.of(first, second, third)) {
            assertThat(call.verdict(secret)).isEqualTo(Verdict.GENUINE);
        }

        provider.jdbc()
                .sql("update push_old_secret set works_until = (select created_at from push_subscription)")
                .update();
        change(1);
        taken(2);
        assertThat(endpoint.taken().get(1).verdict(first)).isEqualTo(Verdict.NO_MATCHING_SIGNATURE);
        assertThat(endpoint.taken().get(1).verdict(second)).isEqualTo(Verdict.GENUINE);

        rotate("hurried");
        assertThat(provider.jdbc()
                        .sql("select count(*) from push_old_secret")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        provider.jdbc().sql("delete from push_subscription").update();
        assertThat(provider.jdbc()
                        .sql("select count(*) from push_old_secret")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private String rotate(String key) {
        return put(
                        key,
                        wish(",\"rotateSecret\":true"),
                        "If-Match",
                        get("/subscriptions/" + key).header("ETag"))
                .json()
                .get("secret")
                .stringValue();
    }

    @Test
    void allAreListedByKeyWithTheirStateAndWhy() {
        for (var key : List.of("c-third", "a-first", "b-second")) {
            subscribe(key);
        }
        var subscriptions = provider.context().getBean(JdbcSubscriptions.class);
        subscriptions.disable(
                subscriptions.byKey("b-second").orElseThrow().id(),
                "no success since then",
                Instant.parse("2026-11-20T08:00:00Z"));
        change(2);
        taken(4);

        var first = get("/subscriptions?limit=2").json();
        var second = get("/subscriptions?limit=2&cursor="
                        + first.get("nextCursor").stringValue())
                .json();

        assertThat(first.get("items").size()).isEqualTo(2);
        assertThat(first.get("items").get(0).get("key").stringValue()).isEqualTo("a-first");
        assertThat(first.get("items").get(0).get("state").stringValue()).isEqualTo("ACTIVE");
        assertThat(first.get("items").get(0).has("secret")).isFalse();
        var disabled = first.get("items").get(1);
        assertThat(disabled.get("key").stringValue()).isEqualTo("b-second");
        assertThat(disabled.get("state").stringValue()).isEqualTo("DISABLED");
        assertThat(disabled.get("disabledBecause").stringValue()).isEqualTo("no success since then");
        assertThat(disabled.get("unstored").longValue()).isEqualTo(2);
        assertThat(second.get("items").size()).isEqualTo(1);
        assertThat(second.get("items").get(0).get("key").stringValue()).isEqualTo("c-third");
        assertThat(second.get("items").get(0).get("unstored").longValue()).isZero();
        assertThat(second.get("nextCursor").isNull()).isTrue();
        assertThat(get("/subscriptions?limit=0&cursor=X").codes()).containsExactlyInAnyOrder("type", "cursor");
        assertThat(provider.send("GET", "/subscriptions", platform.tokenOf("somebody", "triggers:write"), null)
                        .problem())
                .isEqualTo("not-an-owner");

        var gauges = provider.context().getBean(PushGauges.class);
        gauges.refresh();
        assertThat(gauge("syncline.push.active", "a-first")).isEqualTo(1);
        assertThat(gauge("syncline.push.active", "b-second")).isZero();
        assertThat(gauge("syncline.push.unstored", "b-second")).isEqualTo(2);
    }

    private double gauge(String name, String subscription) {
        return provider.context()
                .getBean(MeterRegistry.class)
                .get(name)
                .tag("subscription", subscription)
                .gauge()
                .value();
    }

    @Test
    void whatWaitsIsCountedAndAPendingDeliveryTellsHowManyItBlocks() {
        subscribe("overloaded");
        // Everything for it pauses, and nothing is given up.
        endpoint.answer(call -> 429);
        change(2);
        change(2);
        change(2);
        await().atMost(SOON).until(() -> pending("overloaded").size() == 6);
        var gauges = provider.context().getBean(PushGauges.class);
        gauges.refresh();

        assertThat(gauge("syncline.push.pending", "overloaded")).isEqualTo(6);
        assertThat(gauge("syncline.push.oldest.pending.age", "overloaded")).isBetween(0.0, 60.0);
        var blocks = new HashMap<String, List<Long>>();
        pending("overloaded")
                .forEach(item -> blocks.computeIfAbsent(item.get("key").stringValue(), key -> new ArrayList<>())
                        .add(item.get("blocks").longValue()));
        // The newest first.
        assertThat(blocks).isEqualTo(Map.of("1", List.of(0L, 1L, 2L), "2", List.of(0L, 1L, 2L)));

        endpoint.answer(call -> 200);
        taken(6);
        await().atMost(SOON).until(() -> pending("overloaded").isEmpty());
        gauges.refresh();
        assertThat(gauge("syncline.push.pending", "overloaded")).isZero();
        get("/deliveries?subscription=overloaded")
                .json()
                .get("items")
                .forEach(item -> assertThat(item.get("blocks").longValue()).isZero());
    }

    private List<JsonNode> pending(String subscription) {
        var items = new ArrayList<JsonNode>();
        get("/deliveries?state=PENDING&subscription=" + subscription)
                .json()
                .get("items")
                .forEach(items::add);
        return items;
    }

    @Test
    void aStartWithANewerKeySealsTheSecretsAnew(@TempDir Path elsewhere) throws Exception {
        var first = subscribe("resealed");
        var second = rotate("resealed");
        var third = rotate("resealed");
        var subscriptions = provider.context().getBean(JdbcSubscriptions.class);
        var oldSecrets = provider.context().getBean(JdbcOldSecrets.class);
        var old = Files.readString(home.resolve("push.key"));
        var young = Base64.getEncoder().encodeToString(new byte[32]);

        new Resealing(subscriptions, oldSecrets, SecretSealTest.seal(elsewhere, young + "," + old)).start();

        var stored = subscriptions.byKey("resealed").orElseThrow();
        var youngAlone = SecretSealTest.seal(elsewhere, young);
        assertThat(youngAlone.open(stored.sealedSecret(), stored.id())).isEqualTo(third);
        assertThat(youngAlone.open(String.valueOf(stored.earlierSecret()), stored.id()))
                .isEqualTo(second);
        var oldest = oldSecrets.all();
        assertThat(oldest).hasSize(1);
        assertThat(youngAlone.open(oldest.get(0).sealedSecret(), stored.id())).isEqualTo(first);
        new Resealing(subscriptions, oldSecrets, youngAlone).start();
        assertThat(subscriptions.byKey("resealed")).contains(stored);
        assertThat(oldSecrets.all()).isEqualTo(oldest);
    }

    @Test
    void whatFailsIsTriedAgainInTheOrderOfItsKey() {
        subscribe("stubborn");
        endpoint.redirectTo(endpoint.url() + "/elsewhere");
        // A redirect is a failure too.
        endpoint.answer(call -> call == 0 ? 503 : call == 1 ? 302 : 200);

        change(4);
        change(4);
        change(4);
        taken(12);

        for (int row = 1; row <= 4; row++) {
            assertThat(numbers(String.valueOf(row))).isSorted().hasSize(3);
        }
        var ids = endpoint.calls().stream()
                .map(call -> call.header(WebhookSigner.ID))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(ids).hasSizeLessThan(endpoint.calls().size());
        assertThat(endpoint.taken().stream().map(call -> call.header(WebhookSigner.ID)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aDeadDeliveryIsListedAndSentAgain() {
        subscribe("dying");
        endpoint.answer(call -> 500);
        change(3);
        await().atMost(SOON)
                .until(() -> get("/deliveries?subscription=dying&state=DEAD")
                                .json()
                                .get("items")
                                .size()
                        == 3);

        var page = get("/deliveries?subscription=dying&state=DEAD&limit=2").json();
        assertThat(page.get("items").size()).isEqualTo(2);
        var rest = get("/deliveries?subscription=dying&limit=2&cursor="
                        + page.get("nextCursor").stringValue())
                .json();
        assertThat(rest.get("items").size()).isEqualTo(1);
        assertThat(rest.get("nextCursor").isNull()).isTrue();
        var dead = rest.get("items").get(0);
        assertThat(dead.get("attempts").intValue()).isEqualTo(4);
        assertThat(dead.get("lastCause").stringValue()).contains("500");

        endpoint.answer(call -> 200);
        var one = replay("{\"deliveryId\":\"" + dead.get("deliveryId").stringValue() + "\"}");
        assertThat(one.status()).as(one.text()).isEqualTo(202);
        taken(1);
        var all = "{\"subscription\":\"dying\",\"deadSince\":\"2020-01-01T00:00:00Z\"}";
        assertThat(replay(all, "Idempotency-Key", "\"again\"")
                        .json()
                        .get("replayed")
                        .intValue())
                .isEqualTo(2);
        assertThat(replay(all, "Idempotency-Key", "\"again\"")
                        .json()
                        .get("replayed")
                        .intValue())
                .isEqualTo(2);
        taken(3);
        await().atMost(SOON)
                .until(() -> get("/deliveries?subscription=dying&state=DELIVERED")
                                .json()
                                .get("items")
                                .size()
                        == 3);

        assertThat(get("/deliveries?state=LOST&limit=0&cursor=x").codes())
                .containsExactlyInAnyOrder("type", "type", "cursor");
        assertThat(replay("{}").status()).isEqualTo(422);
        assertThat(replay("{\"deliveryId\":\"none\"}").problem()).isEqualTo("no-such-delivery");
    }

    @Test
    void theLogIsToldAgainFromACursorWithTheSameIds() {
        change(2);
        var before = provider.get("/datasets/countries/changes?limit=200").json();
        while (before.get("items").size() == 200) {
            before = provider.get("/datasets/countries/changes?limit=200&after="
                            + before.get("nextCursor").stringValue())
                    .json();
        }
        subscribe("again");
        change(2);
        taken(2);

        var answer = replay("{\"subscription\":\"again\",\"after\":\""
                + before.get("nextCursor").stringValue() + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        taken(4);

        var times = endpoint.taken().stream()
                .collect(Collectors.groupingBy(call -> call.header(WebhookSigner.ID), Collectors.counting()));
        assertThat(times.values()).containsExactly(2L, 2L);
        assertThat(replay("{\"subscription\":\"again\",\"after\":\"nonsense\"}").status())
                .isEqualTo(422);
    }

    @Test
    void anEndpointThatIsGoneDisablesAndAnEditEnables() {
        subscribe("gone");
        endpoint.answer(call -> 410);
        change(1);
        await().atMost(SOON)
                .until(() -> "DISABLED"
                        .equals(get("/subscriptions/gone").json().get("state").stringValue()));
        change(1);
        endpoint.answer(call -> 200);
        assertThat(replay("{\"subscription\":\"gone\",\"deadSince\":\"2020-01-01T00:00:00Z\"}")
                        .problem())
                .isEqualTo("subscription-disabled");

        put("gone", wish(""), "If-Match", get("/subscriptions/gone").header("ETag"));

        // What came while it was disabled waited in the log.
        taken(1);
        assertThat(get("/subscriptions/gone").json().get("state").stringValue()).isEqualTo("ACTIVE");
    }

    @Test
    void theStatusTellsHowFarASubscriptionIsAndNeitherItsSecretNorItsAddress() {
        var secret = subscribe("watched");
        endpoint.answer(call -> 500);
        change(3);

        var status = await().atMost(SOON)
                .until(
                        () -> provider.send("GET", "/status", platform.token("runs:read"), null),
                        answer ->
                                answer.json().at("/subscriptions/items/0/dead").asLong() == 3);

        var one = status.json().at("/subscriptions/items/0");
        assertThat(one.get("key").stringValue()).isEqualTo("watched");
        assertThat(one.get("host").stringValue()).isEqualTo("127.0.0.1");
        assertThat(one.get("active").booleanValue()).isTrue();
        assertThat(one.get("pending").longValue()).isZero();
        assertThat(one.get("failingSince").isNull()).isFalse();
        assertThat(one.get("deadSince").isNull()).isFalse();
        assertThat(status.text()).doesNotContain(secret.substring(6), endpoint.url());
        var log = status.json().at("/datasets/0/log");
        assertThat(log.get("recording").booleanValue()).isTrue();
        assertThat(log.get("lastChangeAt").isNull()).isFalse();
        assertThat(log.get("waitingSince").isNull()).isTrue();
        var reader = log.get("readers").get(0);
        assertThat(reader.get("reader").stringValue()).isEqualTo("push");
        assertThat(reader.get("lastSeq")).isEqualTo(log.get("lastSeq"));
        assertThat(reader.get("behind").longValue()).isZero();
    }

    @Test
    void fiveDaysWithoutSuccessDisable() {
        subscribe("failing");
        endpoint.answer(call -> 500);
        change(1);
        await().atMost(SOON)
                .until(() -> !get("/subscriptions/failing")
                        .json()
                        .get("failingSince")
                        .isNull());
        await().atMost(SOON)
                .until(() -> get("/deliveries?subscription=failing&state=DEAD")
                                .json()
                                .get("items")
                                .size()
                        == 1);
        assertThat(get("/subscriptions/failing").json().get("state").stringValue())
                .isEqualTo("ACTIVE");
        provider.jdbc()
                .sql(
                        "update push_subscription set failing_since = timestamp with time zone '2020-01-01 00:00:00+00:00'")
                .update();

        change(1);

        await().atMost(SOON)
                .until(() -> "DISABLED"
                        .equals(get("/subscriptions/failing")
                                .json()
                                .get("state")
                                .stringValue()));
        assertThat(get("/subscriptions/failing").json().get("disabledBecause").stringValue())
                .contains("no success since 2020-01-01");
    }
}
