package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.contracts.ChangeEvent;
import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.contracts.ChangePage;
import io.syncline.provider.change.LogInstance.Database;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import io.syncline.provider.testing.RunningProvider.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The change feed over HTTP, and what imports and extracts have to do with it, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FeedContract {

    private static final String HEADER = "id,code,name,continent,wikipedia_link,keywords\n";
    private static final int MOST_WAITING = 3;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private FakePlatform platform;
    private RunningProvider provider;

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
        settings.put("syncline.provider.imports.batch-rows", "7");
        settings.put("syncline.provider.changes.max-waiting", String.valueOf(MOST_WAITING));
        settings.put("syncline.provider.changes.max-page-chars", "20000");
        var columns = Map.of(
                "regions", "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords",
                "countries", "id,code,name,continent,wikipedia_link,keywords",
                "navaids", "id,filename,ident",
                "runways", "id,airport_ref");
        int next = 0;
        for (var name : columns.keySet()) {
            var prefix = "syncline.provider.datasets[" + next++ + "].";
            settings.put(prefix + "name", name);
            settings.put(prefix + "table", name);
            settings.put(prefix + "columns", columns.get(name));
            settings.put(prefix + "key", "id");
            settings.put(prefix + "changes", String.valueOf(!name.equals("runways")));
        }
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

    private static String countries(int from, int to, String name) {
        return IntStream.range(from, to)
                .mapToObj(i -> i + ",C" + i + ",\"" + name + ", " + i + "\",EU,,\n")
                .collect(Collectors.joining("", HEADER, ""));
    }

    private void load(String dataset, String csv) {
        var answer = provider.load(dataset, csv);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private Answer changes(String dataset, String query) {
        return provider.get("/datasets/" + dataset + "/changes" + query);
    }

    private static ChangePage page(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return STRICT.readValue(answer.bytes(), ChangePage.class);
    }

    /** All behind the cursor, until there are so many of them. */
    private List<ChangeEvent> read(String dataset, String cursor, int count) {
        var events = new ArrayList<ChangeEvent>();
        var next = cursor;
        while (events.size() < count) {
            var page = page(changes(dataset, "?limit=200&wait=PT20S&after=" + next));
            assertThat(page.items()).as("after %d of %d", events.size(), count).isNotEmpty();
            events.addAll(page.items());
            next = page.nextCursor();
        }
        assertThat(page(changes(dataset, "?after=" + next)).items()).isEmpty();
        return events;
    }

    /** The cursor behind all that is in the log now. */
    private String end(String dataset) {
        provider.context().getBean(Sequencer.class).number(dataset);
        var waiting = provider.context().getBean(JdbcWaitingChanges.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> waiting.count(1) == 0);
        var feed = provider.context().getBean(ChangeLog.class).feed(dataset);
        return ChangeCursor.after(dataset, feed.last());
    }

    @Test
    void anImportsChangesAreReadOneByOneAndTogetherMakeItsContent() {
        load("countries", countries(0, 30, "a"));
        load("countries", countries(0, 30, "a"));
        var cursor = end("countries");
        load("countries", countries(3, 33, "a").replace("\"a, 5\"", "\"b, 5\""));

        var events = read("countries", cursor, 3 + 1 + 3);

        var first = events.get(0).seq();
        assertThat(events.stream().map(ChangeEvent::seq).toList())
                .isEqualTo(java.util.stream.LongStream.range(first, first + 7)
                        .boxed()
                        .toList());
        assertThat(events.stream().collect(Collectors.groupingBy(ChangeEvent::op, Collectors.counting())))
                .isEqualTo(Map.of(Operation.CREATED, 3L, Operation.UPDATED, 1L, Operation.DELETED, 3L));
        var updated = events.stream()
                .filter(event -> event.op() == Operation.UPDATED)
                .findFirst()
                .orElseThrow();
        assertThat(updated.key()).isEqualTo("5");
        assertThat(updated.table()).isEqualTo("countries");
        assertThat(updated.dataset()).isEqualTo("countries");
        assertThat(updated.source()).isEqualTo(new ChangeEvent.Source("OUTBOX", String.valueOf(updated.seq())));
        assertThat(updated.committedAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(updated.before()).containsEntry("name", "a, 5").containsEntry("keywords", null);
        assertThat(STRICT.<tools.jackson.databind.JsonNode>valueToTree(updated.after()))
                .isEqualTo(provider.get("/datasets/countries/rows/5").json());
        assertThat(events.stream()
                        .filter(event -> event.op() == Operation.DELETED)
                        .map(event ->
                                java.util.Objects.requireNonNull(event.before()).get("name")))
                .containsExactlyInAnyOrder("a, 0", "a, 1", "a, 2");
        assertThat(events.stream().map(ChangeEvent::committedAt).distinct()).hasSize(1);
    }

    @Test
    void anExtractAndTheChangesBehindItsCursorAreComplete() {
        load("regions", regions(0, 20, "a"));
        var manifest = provider.extract("regions", "{\"format\":\"NDJSON\"}");
        load("regions", regions(10, 25, "b"));
        load("regions", regions(10, 24, "c"));

        var cursor = manifest.get("changes").stringValue();
        var rows = new LinkedHashMap<String, Object>();
        for (int i = 0; i < manifest.get("files").size(); i++) {
            provider.file(manifest, i).unzipped().lines().forEach(line -> {
                var row = STRICT.readValue(line, Map.class);
                rows.put(String.valueOf(row.get("id")), row);
            });
        }
        assertThat(rows).hasSize(20);
        var last = page(provider.get("/datasets/regions/changes?limit=1&after=" + end("regions")));
        var next = cursor;
        while (!next.equals(last.nextCursor())) {
            var page = page(changes("regions", "?limit=7&after=" + next));
            for (var event : page.items()) {
                if (event.after() == null) {
                    rows.remove(event.key());
                } else {
                    rows.put(event.key(), event.after());
                }
            }
            next = page.nextCursor();
        }

        assertThat(rows).hasSize(14);
        var again = provider.extract("regions", "{\"format\":\"NDJSON\"}");
        assertThat(provider.file(again, 0)
                        .unzipped()
                        .lines()
                        .map(line -> STRICT.readValue(line, Map.class))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        rows.values().stream().map(row -> (Map<?, ?>) row).toList());
    }

    private static String regions(int from, int to, String name) {
        return IntStream.range(from, to)
                .mapToObj(i -> i + ",R" + i + "," + i + "," + name + ",EU,XX,,\n")
                .collect(Collectors.joining(
                        "", "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords\n", ""));
    }

    @Test
    void aRefusedImportLeavesNoChange() {
        var cursor = end("navaids");

        assertThat(provider.load("navaids", "id,filename,ident\n1,a,b\n2,c,d\n1,e,f\n")
                        .status())
                .isEqualTo(422);

        assertThat(end("navaids")).isEqualTo(cursor);
    }

    @Test
    void aReaderWhoWaitsIsAnsweredWhenAChangeComes() throws Exception {
        load("countries", countries(0, 3, "waiting"));
        var cursor = end("countries");
        var pool = Executors.newCachedThreadPool();
        try {
            var waiting =
                    CompletableFuture.supplyAsync(() -> changes("countries", "?wait=PT50S&after=" + cursor), pool);
            awaitWaiters(1);
            load("countries", countries(0, 4, "waiting"));

            var page = page(waiting.get(20, TimeUnit.SECONDS));
            assertThat(page.items()).extracting(ChangeEvent::key).containsExactly("3");
            awaitWaiters(0);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aReaderIsToldOfWhatAnotherInstanceNumbered() throws Exception {
        load("countries", countries(0, 3, "elsewhere"));
        var cursor = end("countries");
        var sequencer = provider.context().getBean(Sequencer.class);
        var pool = Executors.newCachedThreadPool();
        try {
            var waiting =
                    CompletableFuture.supplyAsync(() -> changes("countries", "?wait=PT50S&after=" + cursor), pool);
            awaitWaiters(1);
            sequencer.stop();
            load("countries", countries(0, 5, "elsewhere"));
            // As another instance's sequencer would, of which nobody here is told.
            assertThat(sequencer.number("countries")).isEqualTo(2);

            assertThat(page(waiting.get(20, TimeUnit.SECONDS)).items()).hasSize(2);
        } finally {
            sequencer.start();
            pool.shutdownNow();
        }
    }

    @Test
    void aPageThatEndsWithTheLogSaysUpToWhenItIsComplete() {
        load("countries", countries(0, 0, ""));
        var cursor = end("countries");
        load("countries", countries(0, 5, "complete"));
        end("countries");

        assertThat(page(changes("countries", "?limit=4&after=" + cursor)).asOf())
                .as("more follows")
                .isNull();
        await().untilAsserted(() -> {
            var page = page(changes("countries", "?limit=5&after=" + cursor));
            assertThat(page.asOf()).isAfter(page.items().get(4).committedAt());
        });
        var clock = provider.context().getBean(DatabaseClock.class);
        var asked = clock.moment();
        var empty = page(changes("countries", "?wait=PT0.4S&after=" + end("countries")));
        assertThat(empty.asOf()).isAfter(asked).isBeforeOrEqualTo(clock.moment());
    }

    @Test
    void aSequencerThatStandsStillIsSeenByItsReaders() {
        load("countries", countries(0, 0, ""));
        var cursor = end("countries");
        var elsewhere = end("regions");
        var sequencer = provider.context().getBean(Sequencer.class);
        var clock = provider.context().getBean(DatabaseClock.class);
        sequencer.stop();
        try {
            load("countries", countries(0, 3, "unseen"));
            var loaded = clock.moment();

            var first = page(changes("countries", "?wait=PT0.4S&after=" + cursor));
            var second = page(changes("countries", "?wait=PT0.4S&after=" + cursor));

            assertThat(first.items()).isEmpty();
            assertThat(second.items()).isEmpty();
            assertThat(first.asOf()).isBefore(loaded);
            assertThat(second.asOf()).isEqualTo(first.asOf());
            assertThat(page(changes("regions", "?wait=PT0.4S&after=" + elsewhere))
                            .asOf())
                    .as("another feed is not held up")
                    .isAfter(loaded);
            sequencer.number("countries");
            await().untilAsserted(() -> {
                var page = page(changes("countries", "?after=" + cursor));
                assertThat(page.items()).hasSize(3);
                assertThat(page.asOf()).isAfter(loaded);
            });
        } finally {
            sequencer.start();
        }
    }

    @Test
    void whatALongTransactionLeftHoldsTheMomentUp() {
        var looks = provider.context().getBean(FeedLooks.class);
        var clock = provider.context().getBean(DatabaseClock.class);
        var sequencer = provider.context().getBean(Sequencer.class);
        end("regions");
        sequencer.stop();
        try {
            var before = looks.look().asOf("regions", Long.MAX_VALUE).orElseThrow();
            // More than are kept until the end of a transaction.
            load("regions", regions(0, 1200, "long " + before));
            var loaded = clock.moment();

            assertThat(looks.look().asOf("regions", Long.MAX_VALUE))
                    .hasValueSatisfying(
                            asOf -> assertThat(asOf).isAfterOrEqualTo(before).isBefore(loaded));
            sequencer.number("regions");
            assertThat(looks.look().asOf("regions", Long.MAX_VALUE))
                    .hasValueSatisfying(asOf -> assertThat(asOf).isAfter(loaded));
        } finally {
            sequencer.start();
        }
    }

    @Test
    void aWaitEndsWithAnEmptyPageAndTheSameCursor() {
        var cursor = end("countries");

        var page = page(changes("countries", "?wait=PT0.2S&after=" + cursor));

        assertThat(page.items()).isEmpty();
        assertThat(page.nextCursor()).isEqualTo(cursor);
        await().until(() -> waiters() == 0);
    }

    @Test
    void onlySoManyMayWait() throws Exception {
        var cursor = end("navaids");
        var pool = Executors.newCachedThreadPool();
        try {
            var waiting = IntStream.range(0, MOST_WAITING)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> changes("navaids", "?wait=PT50S&after=" + cursor), pool))
                    .toList();
            awaitWaiters(MOST_WAITING);

            var refused = changes("navaids", "?wait=PT20S&after=" + cursor);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("too-many-waiting");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(changes("navaids", "?after=" + cursor).status()).isEqualTo(200);
            assertThat(provider.get("/datasets/countries").status()).isEqualTo(200);

            load("navaids", "id,filename,ident\n" + cursor.hashCode() + ",a,b\n");
            for (var one : waiting) {
                assertThat(page(one.get(20, TimeUnit.SECONDS)).items()).isNotEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private int waiters() {
        return provider.context().getBean(FeedWaiters.class).waiting();
    }

    private void awaitWaiters(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> waiters() == count);
    }

    @Test
    void aPageEndsWithItsLimitAndWithItsSize() {
        load("countries", countries(0, 0, ""));
        var cursor = end("countries");
        load("countries", countries(0, 60, "x".repeat(900)));
        end("countries");

        assertThat(page(changes("countries", "?after=" + cursor + "&limit=3")).items())
                .hasSize(3);
        assertThat(page(changes("countries", "?after=" + cursor + "&limit=200")).items())
                .hasSizeBetween(15, 25);
        assertThat(read("countries", cursor, 60)).hasSize(60);
    }

    private double goneOf(String dataset) {
        return provider.context()
                .getBean(MeterRegistry.class)
                .get("syncline.changes.feed.gone")
                .tag("dataset", dataset)
                .counter()
                .count();
    }

    @Test
    void whatIsNoLongerKeptIsGone() {
        load("navaids", "id,filename,ident\nold,a,b\n");
        var cursor = end("navaids");
        load("navaids", "id,filename,ident\nold,a,c\n");
        var kept = end("navaids");
        var clock = provider.context().getBean(DatabaseClock.class);
        provider.context().getBean(LogSweeper.class).sweep(clock.moment(), clock.moment());

        var gone = changes("navaids", "?after=" + cursor + "&wait=PT20S");
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.problem()).isEqualTo("changes-gone");
        assertThat(gone.json().get("detail").stringValue()).contains("extract");
        assertThat(goneOf("navaids")).isEqualTo(1);
        assertThat(changes("navaids", "").status()).isEqualTo(410);
        assertThat(goneOf("navaids")).isEqualTo(1);
        assertThat(changes("navaids", "?after=" + ChangeCursor.after("navaids", 1_000_000))
                        .status())
                .isEqualTo(410);
        assertThat(page(changes("navaids", "?after=" + kept)).items()).isEmpty();
    }

    @Test
    void aFeedIsAskedForInTheRightWay() {
        var countries = end("countries");
        for (var wrong : List.of(
                "?after=x",
                "?after=" + end("regions"),
                "?after=" + countries + "x",
                "?limit=0",
                "?limit=201",
                "?limit=ten",
                "?wait=20",
                "?wait=PT-1S",
                "?wait=PT2M")) {
            var refused = changes("countries", wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.problem()).isEqualTo("invalid-parameter");
        }
        assertThat(changes("countries", "?limit=0&wait=x").codes()).hasSize(2);
        assertThat(changes("no-such", "").problem()).isEqualTo("no-such-dataset");
        assertThat(changes("runways", "").status()).isEqualTo(404);
        assertThat(changes("runways", "").problem()).isEqualTo("no-change-log");
    }

    @Test
    void theFeedNeedsATokenWithItsScope() {
        assertThat(provider.send("GET", "/datasets/countries/changes", null, null)
                        .status())
                .isEqualTo(401);
        assertThat(provider.send("GET", "/datasets/countries/changes", platform.token("triggers:write"), null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void anExtractWithoutALogHasNoCursor() {
        load("runways", "id,airport_ref\n1,2\n");

        assertThat(provider.extract("runways", "{}").get("changes").isNull()).isTrue();
    }
}
