package io.syncline.provider.social;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.ChangeEvent;
import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.contracts.ChangePage;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import io.syncline.provider.testing.RunningProvider.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Writing people, tweets, follows and likes over HTTP on the default datasets, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SocialContract {

    private static final JsonMapper JSON = JsonMapper.shared();

    private FakePlatform platform;
    private RunningProvider provider;

    record Database(String url, String username, String password) {}

    abstract Database database() throws Exception;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        var database = database();
        platform = new FakePlatform();
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.username());
        settings.put("spring.datasource.password", database.password());
        settings.put("syncline.database.migrate", "true");
        provider = new RunningProvider(platform, home, settings);
    }

    @AfterAll
    void stop() {
        if (provider != null) {
            provider.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    private Answer put(String path, String json) {
        return provider.send(
                "PUT",
                "/social" + path,
                platform.token("triggers:write"),
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    private Answer delete(String path) {
        return provider.send("DELETE", "/social" + path, platform.token("triggers:write"), null);
    }

    private void user(String id) {
        assertThat(put("/users/" + id, "{\"username\":\"name-" + id + "\"}").status())
                .isEqualTo(201);
    }

    /** The next changes of a dataset that have to do with this id. */
    private List<ChangeEvent> changes(String dataset, String id, int count) {
        var events = new ArrayList<ChangeEvent>();
        var after = "";
        while (events.size() < count) {
            var answer = provider.get("/datasets/" + dataset + "/changes?limit=200&wait=PT20S" + after);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            var page = JSON.readValue(answer.bytes(), ChangePage.class);
            assertThat(page.items())
                    .as("%d of %d changes", events.size(), count)
                    .isNotEmpty();
            page.items().stream()
                    .filter(event -> List.of(event.key().split(",")).contains(id))
                    .forEach(events::add);
            after = "&after=" + page.nextCursor();
        }
        return events;
    }

    @Test
    void aUserIsPutReadAndDeleted() {
        var created = put("/users/u1", """
                {"username": "ada", "name": "Ada \\u00e9", "description": "d", "location": "London",
                 "webPageUrl": "https://example.com", "joinedDate": "2009-03-21", "profileImageUrl": "p",
                 "backgroundImageUrl": "b"}
                """);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(provider.get("/datasets/users/rows/u1").json()).isEqualTo(created.json());
        var same = put("/users/u1", created.text().replace("\"userId\":\"u1\",", ""));
        assertThat(same.status()).isEqualTo(200);
        assertThat(put("/users/u1", "{\"username\": \"ada\"}")
                        .json()
                        .get("joinedDate")
                        .stringValue())
                .isEqualTo("2009-03-21");
        assertThat(delete("/users/u1").status()).isEqualTo(204);
        assertThat(delete("/users/u1").problem()).isEqualTo("no-such-row");
        assertThat(provider.get("/datasets/users/rows/u1").status()).isEqualTo(404);

        var changes = changes("users", "u1", 3);
        assertThat(changes)
                .extracting(ChangeEvent::op)
                .containsExactly(Operation.CREATED, Operation.UPDATED, Operation.DELETED);
        assertThat(changes.get(1).after()).containsEntry("location", null).containsEntry("username", "ada");
        assertThat(changes.get(2).before()).isEqualTo(changes.get(1).after());
    }

    @Test
    void aUserWithoutADayJoinsToday() {
        user("today");

        assertThat(LocalDate.parse(provider.get("/datasets/users/rows/today")
                        .json()
                        .get("joinedDate")
                        .stringValue()))
                .isBetween(LocalDate.now(ZoneOffset.UTC).minusDays(1), LocalDate.now(ZoneOffset.UTC));
    }

    @Test
    void followsAndLikesAreWrittenOnceHoweverOftenTheyAreSent() {
        user("a1");
        user("a2");
        assertThat(put("/follows/a1/a2", "{}").status()).isEqualTo(201);
        assertThat(put("/follows/a1/a2", "{}").status()).isEqualTo(200);
        assertThat(put("/tweets/at1", "{\"authorId\":\"a2\",\"text\":\"hello\",\"createdAt\":\"2017-10-16T22:59:00Z\"}")
                        .status())
                .isEqualTo(201);
        assertThat(put("/likes/at1/a1", "{\"likedAt\":\"2017-10-17T00:00:00.123456789Z\"}")
                        .status())
                .isEqualTo(201);
        var again = put("/likes/at1/a1", "{}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json())
                .isEqualTo(provider.get("/datasets/likes/rows/at1,a1").json());
        assertThat(again.json().get("likedAt").stringValue()).isEqualTo("2017-10-17T00:00:00.123456Z");
        assertThat(delete("/likes/at1/a1").status()).isEqualTo(204);
        assertThat(delete("/follows/a1/a2").status()).isEqualTo(204);

        assertThat(changes("follows", "a1", 2))
                .hasSize(2)
                .allMatch(event -> event.key().equals("a1,a2"));
        var likes = changes("likes", "at1", 2);
        assertThat(likes).extracting(ChangeEvent::op).containsExactly(Operation.CREATED, Operation.DELETED);
        assertThat(likes.get(0).after()).containsEntry("authorId", "a2");
    }

    @Test
    void aDeletedUserTakesAlongWhatHangsOnItEachWithItsOwnChange() {
        var others = IntStream.range(0, 7).mapToObj(i -> "d" + i).toList();
        user("gone");
        others.forEach(this::user);
        for (var other : others) {
            assertThat(put("/follows/gone/" + other, "{}").status()).isEqualTo(201);
            assertThat(put("/follows/" + other + "/gone", "{}").status()).isEqualTo(201);
        }
        put("/tweets/gone-1", "{\"authorId\":\"gone\",\"text\":\"one\"}");
        put("/tweets/gone-2", "{\"authorId\":\"gone\",\"text\":\"two\"}");
        put("/tweets/kept", "{\"authorId\":\"d0\",\"text\":\"three\"}");
        for (var tweet : List.of("gone-1", "gone-2", "kept")) {
            assertThat(put("/likes/" + tweet + "/gone", "{}").status()).isEqualTo(201);
            assertThat(put("/likes/" + tweet + "/d1", "{}").status()).isEqualTo(201);
        }

        assertThat(delete("/users/gone").status()).isEqualTo(204);

        assertThat(provider.jdbc()
                        .sql("select count(*) from follow where follower_id = 'gone' or followed_id = 'gone'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(provider.get("/datasets/likes/rows/kept,d1").status()).isEqualTo(200);
        assertThat(changes("follows", "gone", 28)).hasSize(28);
        assertThat(ended("follows", "gone", 28)).hasSize(14);
        assertThat(ended("tweets", "gone-1", 2)).containsExactly("gone-1");
        assertThat(ended("tweets", "gone-2", 2)).containsExactly("gone-2");
        assertThat(ended("likes", "gone-1", 4)).containsExactlyInAnyOrder("gone-1,gone", "gone-1,d1");
        assertThat(ended("likes", "kept", 3)).containsExactly("kept,gone");
        assertThat(ended("users", "gone", 2)).containsExactly("gone");
    }

    private List<String> ended(String dataset, String id, int count) {
        return changes(dataset, id, count).stream()
                .filter(event -> event.op() == Operation.DELETED)
                .map(ChangeEvent::key)
                .toList();
    }

    @Test
    void whatRefersToNothingIsRefusedAndLeavesNoChange() {
        user("r1");

        assertThat(put("/follows/r1/nobody", "{}").problem()).isEqualTo("reference-missing");
        assertThat(put("/tweets/rt", "{\"authorId\":\"nobody\",\"text\":\"x\"}").problem())
                .isEqualTo("reference-missing");
        assertThat(put("/likes/no-tweet/r1", "{}").problem()).isEqualTo("no-such-tweet");
        assertThat(put("/users/r2", "{\"username\":\"name-r1\"}").problem()).isEqualTo("username-taken");
        put("/tweets/rt", "{\"authorId\":\"r1\",\"text\":\"x\"}");
        user("r3");
        assertThat(put("/tweets/rt", "{\"authorId\":\"r3\",\"text\":\"x\"}").problem())
                .isEqualTo("author-differs");
        assertThat(changes("tweets", "rt", 1)).hasSize(1);
    }

    @Test
    void inputIsCheckedWhole() {
        var refused = put("/users/bad", "{\"username\":7,\"joinedDate\":\"yesterday\",\"admin\":true}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes()).containsExactlyInAnyOrder("type", "type", "unknown-member");
        assertThat(put("/users/a%20b", "{\"username\":\"x\"}").status()).isEqualTo(400);
        assertThat(put("/follows/x/x", "{}").status()).isEqualTo(422);
        assertThat(put("/tweets/t", "{}").codes()).containsExactly("required", "required");
        assertThat(put("/likes/t/u", "{\"likedAt\":\"now\"}").status()).isEqualTo(422);
        assertThat(put("/users/bad", "[").status()).isEqualTo(400);
    }

    @Test
    void importsDoNotReachTheseTables() {
        assertThat(provider.load("follows", "followerId,followedId,followedAt\n")
                        .problem())
                .isEqualTo("written-elsewhere");
    }

    @Test
    void writersOfOneRowAtOnceAllEndWithAnAnswer() throws Exception {
        user("w1");
        user("w2");
        var pool = Executors.newFixedThreadPool(8);
        try {
            var work = IntStream.range(0, 40)
                    .mapToObj(i -> (Callable<Integer>) () -> i % 3 == 0
                            ? delete("/follows/w1/w2").status()
                            : put("/follows/w1/w2", "{}").status())
                    .toList();
            for (var answer : pool.invokeAll(work)) {
                assertThat(answer.get()).isIn(200, 201, 204, 404);
            }
        } finally {
            pool.shutdownNow();
        }
        var chain = changes("follows", "w1", 1);
        Map<String, Object> row = null;
        for (var event : chain) {
            assertThat(event.before()).isEqualTo(row);
            row = event.after();
        }
    }
}
