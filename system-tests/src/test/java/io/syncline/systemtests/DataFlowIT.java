package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.csv.CsvTable.Difference;
import io.syncline.systemtests.demo.AirportsDaily;
import io.syncline.systemtests.demo.Day;
import io.syncline.systemtests.demo.ProviderApi;
import io.syncline.systemtests.load.CallFile;
import io.syncline.systemtests.load.Counts;
import io.syncline.systemtests.load.ScrapedHistogram;
import io.syncline.systemtests.load.SocialLoad;
import io.syncline.systemtests.load.SubscriberFile;
import io.syncline.systemtests.load.Subscribers;
import io.syncline.systemtests.load.ViewProbes;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Provider, platform and two consumers in their own JVMs over one PostgreSQL: what arrives, what is refused, and what a
 * killed consumer leaves behind. The order saves starts: the last three tests end consumers.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DataFlowIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    /** Two million of each by {@code -Dsyncline.enrichment.subscribers} and {@code -Dsyncline.enrichment.calls}. */
    private static final int SUBSCRIBERS = Integer.getInteger("syncline.enrichment.subscribers", 2_000);

    private static final int MOST_IMPORTED = 100_000;
    private static final int CALLS = Integer.getInteger("syncline.enrichment.calls", 3_000);
    private static final String[] CONSUMER_SETTINGS = {
        "syncline.consumer.lease=PT5S",
        "syncline.consumer.renew-every=PT1S",
        "syncline.consumer.share-grace=PT5S",
        "syncline.consumer.changes.poll-wait=PT0.5S",
        "syncline.consumer.view.freshness-most=PT4S",
        "syncline.consumer.view.check-over=PT5S",
        "syncline.consumer.view.measure-every=PT1S"
    };

    @TempDir
    private static Path home;

    private static Stack stack;
    private static PlatformApi platform;
    private static ProviderApi provider;
    private static TamperingProxy proxy;
    private static PlatformChannel told;
    private static SpanCollector spans;
    private static ServiceProcess providerProcess;
    private static String consumerSecret;
    private static final int[] CONSUMER_PORTS = {Ports.anyFree(), Ports.anyFree()};
    private static final ServiceProcess[] CONSUMERS = new ServiceProcess[2];

    @BeforeAll
    static void start() {
        stack = Stack.onPostgres(home);
        spans = new SpanCollector();
        Stack.ready(stack.startNode("syncline.alerts.group-wait=1s", tracing()));
        platform = stack.platform();
        told = new PlatformChannel();
        told.putTo(platform);
        var providerSecret = platform.createClient("data-provider", "data-provider", List.of("triggers:write"));
        platform.put(
                "/api/v1/systems/data-consumer",
                AirportsDaily.system(
                        List.of("http://127.0.0.1:" + CONSUMER_PORTS[0], "http://127.0.0.1:" + CONSUMER_PORTS[1])));
        consumerSecret =
                platform.createClient("data-consumer", "data-consumer", List.of("callbacks:write", "data:read"));
        platform.put("/api/v1/groups/" + AirportsDaily.GROUP, AirportsDaily.group());
        var settings = new ArrayList<>(List.of("syncline.provider.extracts.rows-per-file=2000"));
        settings.addAll(FollowGraph.settings());
        settings.add(tracing());
        providerProcess = stack.startProvider(providerSecret, settings.toArray(String[]::new));
        proxy = new TamperingProxy(providerProcess.url());
        provider = new ProviderApi(providerProcess.url(), platform::token);
        Stack.ready(startConsumer(0));
        Stack.ready(providerProcess);
        Stack.ready(startConsumer(1));
    }

    private static String tracing() {
        return "syncline.tracing.endpoint=" + spans.url();
    }

    private static ServiceProcess startConsumer(int number, String... settings) {
        var all = new ArrayList<>(List.of(CONSUMER_SETTINGS));
        all.add("syncline.consumer.provider-url=" + proxy.url());
        all.add("syncline.consumer.instance-id=consumer-" + (number + 1));
        all.add(tracing());
        all.addAll(List.of(settings));
        CONSUMERS[number] = stack.startConsumer(
                "consumer-" + (number + 1), CONSUMER_PORTS[number], consumerSecret, all.toArray(String[]::new));
        return CONSUMERS[number];
    }

    @Test
    @Order(0)
    void theCatalogueAndTheProviderNameTheSameMetersWithTheSameLabels() {
        var http = new Http(proxy.url());
        var authorization = Map.of("Authorization", "Bearer " + platform.token(), "Content-Type", "application/json");
        http.send(
                        "POST",
                        "/datasets/countries/lookups",
                        authorization,
                        "[1]".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(20))
                .expect(200);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(MeterCatalogue.differences(
                                MeterCatalogue.Service.DATA_PROVIDER,
                                http.send(
                                                "GET",
                                                "/actuator/prometheus",
                                                authorization,
                                                new byte[0],
                                                Duration.ofSeconds(20))
                                        .expect(200)
                                        .text()))
                        .isEmpty());
    }

    @AfterEach
    void spoilNothing() {
        proxy.spoilNothing();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        told.close();
        stack.close();
        spans.close();
    }

    private static void social(String method, String path, Map<String, String> row) {
        new Http(proxy.url())
                .send(
                        method,
                        "/social/" + path,
                        Map.of("Authorization", "Bearer " + platform.token(), "Content-Type", "application/json"),
                        method.equals("DELETE") ? new byte[0] : Http.JSON.writeValueAsBytes(row),
                        Duration.ofSeconds(20))
                .expect(200, 201, 204);
    }

    private static Answer atConsumer(int number, String method, String path) {
        return new Http("http://127.0.0.1:" + CONSUMER_PORTS[number])
                .send(
                        method,
                        path,
                        Map.of("Authorization", "Bearer " + platform.token()),
                        new byte[0],
                        Duration.ofSeconds(20));
    }

    /** Tweets, following, followers and likes, as both consumers tell them. */
    private static void awaitCounts(String userId, long... counts) {
        for (int number = 0; number < CONSUMERS.length; number++) {
            int consumer = number;
            await().atMost(SOON).untilAsserted(() -> {
                var answer = atConsumer(consumer, "GET", "/users/" + userId);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(List.of(
                                answer.json().path("tweetCount").asLong(),
                                answer.json().path("followingCount").asLong(),
                                answer.json().path("followerCount").asLong(),
                                answer.json().path("likeCount").asLong()))
                        .containsExactly(counts[0], counts[1], counts[2], counts[3]);
                assertThat(answer.header("Syncline-As-Of")).isNotEmpty();
            });
        }
    }

    @Test
    @Order(1)
    void whatPeopleDoAtTheProviderIsToldByBothConsumersAndByAViewThatIsRebuilt() {
        social("PUT", "users/ann", Map.of("username", "ann", "name", "Ann", "joinedDate", "2026-01-01"));
        social("PUT", "users/bob", Map.of("username", "bob", "joinedDate", "2026-01-02"));
        social("PUT", "follows/ann/bob", Map.of());
        social("PUT", "follows/bob/ann", Map.of());
        social("PUT", "tweets/t1", Map.of("authorId", "ann", "text", "good morning"));
        social("PUT", "likes/t1/bob", Map.of());
        awaitCounts("ann", 1, 1, 1, 1);
        awaitCounts("bob", 0, 1, 1, 0);
        social("DELETE", "follows/bob/ann", Map.of());
        awaitCounts("ann", 1, 1, 0, 1);

        var begun = atConsumer(0, "POST", "/users/rebuilds").expect(201);
        await().atMost(SOON)
                .until(() -> atConsumer(1, "GET", begun.header("Location"))
                        .json()
                        .path("state")
                        .asString()
                        .equals("LIVE"));

        awaitCounts("ann", 1, 1, 0, 1);
        social("DELETE", "likes/t1/bob", Map.of());
        awaitCounts("ann", 1, 1, 0, 0);
        awaitCounts("bob", 0, 0, 1, 0);
    }

    @Test
    @Order(1)
    void whatManyPeopleDoAtOnceIsCountedAndHowLongItTookIsMeasured() {
        var load = new SocialLoad(providerProcess.url(), platform::token, 40, 4);
        var probes = new ViewProbes(
                providerProcess.url(),
                Arrays.stream(CONSUMERS).map(ServiceProcess::url).toList(),
                platform::token,
                2);
        load.createUsers();
        probes.createUsers();
        var before = freshness();

        var probing = CompletableFuture.supplyAsync(
                () -> probes.run(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60)));
        var done = load.run(60, Duration.ofSeconds(3));
        var seen = probing.join();
        awaitAsOf("load-0", Instant.now());

        assertThat(done.failed()).isZero();
        assertThat(seen)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(probe -> assertThat(probe.seenAt()).isAfter(probe.sentAt()));
        // The view says that it has all of it: it is read once.
        for (int consumer = 0; consumer < CONSUMERS.length; consumer++) {
            var answers = new HashMap<String, Counts>();
            for (var user : load.expected().keySet()) {
                answers.put(
                        user,
                        Counts.of(atConsumer(consumer, "GET", "/users/" + user)
                                .expect(200)
                                .json()));
            }
            assertThat(answers).isEqualTo(load.expected());
        }
        var measured = freshness().since(before);
        assertThat(measured.count())
                .as("each change is measured by whichever consumer applied it")
                .isBetween(done.changes(), done.changes() + seen.size() + 100);
        assertThat(measured.quantile(0.5)).isPositive();
        for (var name : List.of("syncline_view_lag_seconds", "syncline_view_parked_changes")) {
            assertThat(scrape(0).lines().filter(line -> line.startsWith(name + " ")))
                    .singleElement()
                    .satisfies(line -> assertThat(Double.parseDouble(line.split(" ")[1]))
                            .isBetween(0.0, name.contains("lag") ? 60.0 : 0.0));
        }
    }

    private static String scrape(int consumer) {
        return atConsumer(consumer, "GET", "/actuator/prometheus").expect(200).text();
    }

    /** Of both consumers together. */
    private static ScrapedHistogram freshness() {
        return ScrapedHistogram.of(scrape(0) + scrape(1), "syncline_view_freshness_seconds");
    }

    /** Until both consumers say, beside a user, that they have all that was committed before. */
    private static void awaitAsOf(String userId, Instant moment) {
        for (int number = 0; number < CONSUMERS.length; number++) {
            int consumer = number;
            await().atMost(SOON).untilAsserted(() -> {
                var answer = atConsumer(consumer, "GET", "/users/" + userId);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Syncline-As-Of")).isNotEmpty();
                assertThat(Instant.parse(answer.header("Syncline-As-Of"))).isAfterOrEqualTo(moment);
            });
        }
    }

    @Test
    @Order(1)
    void aFeedThatStandsStillFailsTheScheduledCheckAndPeopleAreToldUntilItFlows() throws Exception {
        applyUserViewFile();
        await("a check of a fresh view").atMost(SOON).until(() -> checks("COMPLETED") > 0);

        JsonNode alert;
        try (var held = stack.database("provider")) {
            held.setAutoCommit(false);
            try (var statement = held.createStatement()) {
                // As a sequencer that hangs: nobody gives numbers to the changes of this dataset.
                statement.execute("select 1 from change_feed where dataset_name = 'users' for update");
            }
            social("PUT", "users/held-up", Map.of("username", "held-up"));

            await("the check fails").atMost(SOON).until(() -> checks("FAILED") > 0);
            await("people are told")
                    .atMost(SOON)
                    .until(() -> !messages("FAILED").isEmpty());
            alert = platform.get("/api/v1/alerts?group=user-view-check&condition=FAILED")
                    .expect(200)
                    .json()
                    .at("/items/0");
            assertThat(atConsumer(0, "GET", "/users/held-up").status()).isEqualTo(404);
            held.rollback();
        }
        var failed = platform.run(platform.get("/api/v1/runs?group=user-view-check&state=FAILED")
                .expect(200)
                .json()
                .at("/items/0/runId")
                .asString());
        assertThat(task(failed, "check").path("cause").asString()).isEqualTo("REPORTED_FAILED");
        assertThat(task(failed, "check").path("message").asString()).contains("the changes of users are read up to");
        assertThat(task(failed, "check").path("attempt").asInt())
                .as("not tried again")
                .isEqualTo(1);

        var alertId = alert.path("alertId").asString();
        await("it is over, and people are told of that too")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(told.messagesOf(alertId))
                        .last()
                        .satisfies(message ->
                                assertThat(message.path("type").asString()).isEqualTo("io.syncline.alert.resolve")));
        assertThat(atConsumer(0, "GET", "/users/held-up").status()).isEqualTo(200);
        platform.post("/api/v1/groups/user-view-check/pause", Map.of("reason", "the tests go on"))
                .expect(200);
    }

    private static int checks(String state) {
        return platform.get("/api/v1/runs?group=user-view-check&state=" + state)
                .expect(200)
                .json()
                .path("items")
                .size();
    }

    private static List<JsonNode> messages(String condition) {
        var alert = platform.get("/api/v1/alerts?group=user-view-check&condition=" + condition)
                .expect(200)
                .json()
                .at("/items/0/alertId")
                .asString("");
        return told.messagesOf(alert);
    }

    /** The file of deploy/config, with the addresses and the channel of this test, and a check every other second. */
    private static void applyUserViewFile() throws IOException {
        var file = Files.readString(Project.root().resolve("deploy/config/user-view.yaml"));
        for (int i = 0; i < CONSUMER_PORTS.length; i++) {
            file = replaced(
                    file, "https://consumer-" + (i + 1) + ".example.com", "http://127.0.0.1:" + CONSUMER_PORTS[i]);
        }
        file = replaced(file, "channels: [data-owners]", "channels: [" + PlatformChannel.KEY + "]");
        file = replaced(file, "cron: \"0 * * * * ?\"", "cron: \"0/2 * * * * ?\"");
        var headers = Map.of("Content-Type", "application/yaml");
        var body = file.getBytes(StandardCharsets.UTF_8);
        var plan = platform.send("POST", "/api/v1/config/plan", headers, body)
                .expect(200)
                .json();
        platform.send(
                        "POST",
                        "/api/v1/config/apply?reason=begin&planHash="
                                + plan.path("planHash").asString(),
                        headers,
                        body)
                .expect(200);
    }

    private static String replaced(String text, String part, String by) {
        assertThat(text).contains(part);
        return text.replace(part, by);
    }

    @Test
    @Order(1)
    void everyCountOfThePublishedGraphIsThatOfItsFile() throws Exception {
        var graph = FollowGraph.read();
        try (var connection = stack.database("provider");
                var statement = connection.createStatement()) {
            await("the provider has loaded it").atMost(FollowGraph.WITHIN).until(() -> {
                try (var row = statement.executeQuery("select count(*) from follow where follower_id ~ '^[0-9]+$'")) {
                    row.next();
                    return row.getLong(1) == graph.follows();
                }
            });
        }
        awaitAsOf("0", Instant.now());

        var counted = new HashMap<String, Counts>();
        try (var connection = stack.database("consumer");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select u.user_id, u.following_count, u.follower_count from user_view u
                        join live_view l on l.generation = u.generation where u.user_id ~ '^[0-9]+$'""")) {
            while (rows.next()) {
                counted.put(rows.getString(1), new Counts(0, rows.getLong(2), rows.getLong(3), 0));
            }
        }
        assertThat(counted).hasSize(graph.users());
        assertThat(counted).isEqualTo(graph.counts());
        var first = Counts.of(atConsumer(1, "GET", "/users/" + graph.mostFollowed())
                .expect(200)
                .json());
        var expected = graph.counts().get(graph.mostFollowed());
        assertThat(List.of(first.following(), first.followers()))
                .containsExactly(expected.following(), expected.followers());
        if (graph.isWhole()) {
            assertThat(graph.mostFollowed()).isEqualTo("31890");
            assertThat(List.of(first.following(), first.followers())).containsExactly(9_458L, 9_458L);
        }
    }

    @Test
    @Order(1)
    void threePublishedDaysArriveFieldByFieldWithTheChangesOfTheirReadme() throws Exception {
        var days = SampleData.airportDays();
        Map<String, CsvTable> before = Map.of();
        for (var day : days) {
            var tables = new HashMap<String, CsvTable>();
            day.files().forEach((dataset, file) -> {
                provider.load(dataset, file);
                tables.put(dataset, CsvTable.read(file, "id"));
            });
            var writesToNavaids = writes("navaids");
            provider.announce(AirportsDaily.TYPE, day.date());
            var run = awaitRun(AirportsDaily.GROUP, day.date(), Duration.ofMinutes(3));

            assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("COMPLETED");
            for (var dataset : Day.DATASETS) {
                var result = task(run, dataset).path("result");
                var wrote = new Difference(
                        result.path("inserted").asInt(-1),
                        result.path("deleted").asInt(-1),
                        result.path("updated").asInt(-1));
                assertThat(wrote)
                        .as(day.date() + " " + dataset)
                        .isEqualTo(tables.get(dataset).since(before.get(dataset)));
                assertTargetEquals(dataset, tables.get(dataset));
            }
            var balance = task(run, AirportsDaily.PUBLISH).path("reconciliation");
            assertThat(balance.path("expectedRows").asLong(-1)).isPositive();
            assertThat(balance.path("actualRows")).isEqualTo(balance.path("expectedRows"));
            new Publication(home.resolve("publish").resolve(day.date())).assertCounts(tables);
            if (day.date().equals("2026-08-21")) {
                assertThat(writes("navaids"))
                        .as("writes for a byte-identical file")
                        .isEqualTo(writesToNavaids);
            }
            before = tables;
        }
        assertThat(days).extracting(Day::date).containsExactly("2026-07-29", "2026-07-30", "2026-08-21");
    }

    @Test
    @Order(1)
    void callsOfAnInboxAreEnrichedWithSubscribersAndDirtyLinesAreRejected() throws Exception {
        var calls = new EnrichedCalls(home);
        var subscribers = loadSubscribers();
        CallFile.write(calls.inbox().resolve("generated.csv.gz"), CALLS, SUBSCRIBERS);

        var run = enrich("2026-11-20", calls.named("generated.csv.gz", CALLS));

        assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("COMPLETED");
        var asked = new HashSet<String>();
        long clocks = 0;
        long noCalls = 0;
        for (int i = 0; i < CALLS; i++) {
            clocks += i % CallFile.HUNDRED == CallFile.CLOCK_NOT_SET ? 1 : 0;
            noCalls += i % CallFile.HUNDRED == CallFile.NO_CALL ? 1 : 0;
            if (i % CallFile.HUNDRED != CallFile.CLOCK_NOT_SET && i % CallFile.HUNDRED != CallFile.NO_CALL) {
                asked.add(Subscribers.number(i % SUBSCRIBERS));
                asked.add(
                        i % CallFile.HUNDRED == CallFile.TO_NOBODY
                                ? "157"
                                : Subscribers.number(SUBSCRIBERS - 1 - i % SUBSCRIBERS));
            }
        }
        var manifest = calls.manifest("2026-11-20");
        assertThat(manifest.path("reasons").path("clock-not-set").asLong()).isEqualTo(clocks);
        assertThat(manifest.path("reasons").path("column-count").asLong()).isEqualTo(noCalls);
        assertThat(manifest.path("ids").path("asked").asLong()).isEqualTo(asked.size());
        assertThat(manifest.path("ids").path("notFound").asLong()).isEqualTo(1);
        var balance = task(run, "work").path("reconciliation");
        assertThat(balance.path("expectedRows").asLong()).isEqualTo(CALLS);
        assertThat(balance.path("actualRows").asLong()).isEqualTo(CALLS);
        for (var row : calls.rows("2026-11-20", manifest.path("files").get(0))) {
            int line = Integer.parseInt(row.get(1)) - 1;
            var owner = subscribers.row(subscribers.given() + line % SUBSCRIBERS);
            assertThat(row.get(2)).isEqualTo(Subscribers.number(line % SUBSCRIBERS));
            assertThat(row.get(5)).isEqualTo(Integer.toString(CallFile.seconds(line)));
            assertThat(row.get(8)).isEqualTo("true");
            assertThat(row.get(9)).isEqualTo(owner[Subscribers.COLUMNS.indexOf("gender")]);
            assertThat(row.get(13)).isEqualTo(owner[Subscribers.COLUMNS.indexOf("Contract")]);
            assertThat(row.get(15)).isEqualTo(row.get(3).equals("157") ? "false" : "true");
        }
    }

    @Test
    @Order(1)
    void thePublishedCallsAreEnrichedToTheLastLine() throws Exception {
        var published = SampleData.calls();
        var calls = new EnrichedCalls(home);
        loadSubscribers();
        Files.copy(published, calls.inbox().resolve("calls.csv.gz"));

        var run = enrich("2011-02-28", calls.named("calls.csv.gz", 13_035));

        assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("COMPLETED");
        var manifest = calls.manifest("2011-02-28");
        assertThat(manifest.path("reasons").toString()).isEqualTo("{\"clock-not-set\":31}");
        assertThat(manifest.path("ids").toString()).isEqualTo("{\"asked\":705,\"found\":643,\"notFound\":62}");
        assertThat(manifest.path("seconds").path("seconds").toString())
                .isEqualTo("{\"source\":780321,\"enriched\":779141,\"rejected\":1180}");
        var rows = calls.rows("2011-02-28");
        assertThat(rows)
                .hasSize(13_004)
                .allSatisfy(row -> assertThat(row.get(8)).isEqualTo("true"));
        assertThat(rows.stream().filter(row -> "true".equals(row.get(15)))).hasSize(12_466);

        var late = enrich("2011-03-01", calls.named("calls.csv.gz", 13_036));

        assertThat(late.path("state").asString()).isEqualTo("FAILED");
        assertThat(task(late, "work").path("files").toString())
                .contains("13036")
                .contains("13035");
        assertThat(home.resolve("enriched/calls/2011-03-01/manifest.json")).doesNotExist();
    }

    /** Those whose numbers the published calls have come first. */
    private static Subscribers loadSubscribers() throws Exception {
        var published = SampleData.folder().resolve("nodobo-cdr/calls.csv.gz");
        var given = Files.exists(published) ? EnrichedCalls.numbers(published) : List.<String>of();
        var subscribers = EnrichedCalls.subscribers(given);
        var file = home.resolve("subscribers.csv.gz");
        if (!Files.exists(file)) {
            SubscriberFile.write(file, subscribers, given.size() + SUBSCRIBERS);
            if (SUBSCRIBERS <= MOST_IMPORTED) {
                provider.load("subscribers", file);
            } else {
                copySubscribers(file);
            }
            putSingle("calls", "/sync/enrichments/calls");
        }
        return subscribers;
    }

    /** As an owner of the table fills it with more rows than one import takes. */
    private static void copySubscribers(Path file) throws IOException, SQLException {
        try (var connection = stack.database("provider");
                var rows = new GZIPInputStream(Files.newInputStream(file));
                var statement = connection.createStatement()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy subscribers from stdin with (format csv, header)", rows);
            statement.execute("analyze subscribers");
        }
    }

    private static JsonNode enrich(String day, Map<String, Object> file) {
        var event = Documents.event("calls-" + day, "calls.ready", day);
        event.put("data", Map.of("files", List.of(file)));
        platform.trigger(event).expect(202);
        return awaitRun("calls", day, SOON.plusMillis(CALLS));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("a wrong row count", "the manifest says 41 rows, the file has 40", (Consumer<
                                TamperingProxy>)
                        p -> p.spoilManifests("countries", manifest -> {
                            var file = (ObjectNode) manifest.path("files").get(0);
                            file.put("rows", file.path("rows").asLong() + 1);
                            return manifest.put("rows", manifest.path("rows").asLong() + 1);
                        })),
                Arguments.of("a wrong checksum", "sha-256=0{64}.*sha-256=(?!0{64})[0-9a-f]{64}", (Consumer<
                                TamperingProxy>)
                        p -> p.spoilManifests("countries", manifest -> {
                            ((ObjectNode) manifest.path("files").get(0)).put("sha256", "0".repeat(64));
                            return manifest;
                        })),
                Arguments.of(
                        "a file cut in half",
                        "the manifest says \\d+ bytes and 40 rows, \\d+ bytes and",
                        (Consumer<TamperingProxy>) p -> p.spoilFiles("countries", TamperingProxy::firstHalf)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    @Order(2)
    void aFaultyExtractIsNotVisibleAndAfterCorrectionOnlyWhatFailedIsDoneAgain(
            String fault, String bothNumbers, Consumer<TamperingProxy> spoil) throws SQLException {
        var group = "fault-" + Integer.toHexString(fault.hashCode());
        Documents.putGroup(
                platform,
                group,
                Map.of(
                        "interval", "PT1S",
                        "retry", Map.of("maxAttempts", 1),
                        "reconciliation", Map.of("required", true)),
                List.of(
                        Map.of("key", "good", "mode", "ASYNC", "system", "data-consumer", "path", "/sync/regions"),
                        Map.of("key", "bad", "mode", "ASYNC", "system", "data-consumer", "path", "/sync/countries")));
        provider.load("regions", csv("regions", REGIONS, 30, fault));
        provider.load("countries", csv("countries", COUNTRIES, 40, fault));
        var before = content("countries");
        proxy.spoilNothing();
        spoil.accept(proxy);
        var accepted = platform.trigger(Documents.event(group, group + ".ready", "2026-11-20"))
                .expect(202);
        var runId = accepted.json().path("runs").get(0).path("runId").asString();

        var failed = Waiting.forEnd(platform, runId, SOON);

        assertThat(failed.path("state").asString()).as(failed.toPrettyString()).isEqualTo("FAILED");
        assertThat(task(failed, "good").path("state").asString()).isEqualTo("COMPLETED");
        assertThat(task(failed, "bad").path("state").asString()).isEqualTo("FAILED");
        assertThat(task(failed, "bad").path("files").toString()).containsPattern(bothNumbers);
        assertThat(content("countries")).as("nothing of it is visible").isEqualTo(before);
        var callsOfGood = task(failed, "good").path("calls").size();

        proxy.spoilNothing();
        platform.post("/api/v1/runs/" + runId + "/actions/rerun-failed", Map.of("reason", "the extract was corrected"))
                .expect(200);
        var repaired = Waiting.forEnd(platform, runId, SOON);

        assertThat(repaired.path("state").asString())
                .as(repaired.toPrettyString())
                .isEqualTo("COMPLETED");
        assertThat(task(repaired, "good").path("calls")).hasSize(callsOfGood);
        assertThat(content("countries")).hasSize(40).isNotEqualTo(before);
    }

    @Test
    @Order(2)
    void oneTraceGoesFromTheProviderThroughThePlatformToAConsumerAndBack() {
        provider.load("runways", csv("runways", RUNWAYS, 20, "traced"));
        platform.put(
                "/api/v1/groups/traced",
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        "traced",
                        "triggers",
                        List.of(Map.of("source", AirportsDaily.SOURCE, "type", "traced.ready")),
                        "tasks",
                        List.of(Map.of("key", "work", "system", "data-consumer", "path", "/sync/runways"))));
        var trace = "7bf92f3577b34da6a3ce929d0e0e4737";
        var state = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

        new Http(providerProcess.url())
                .send(
                        "POST",
                        "/events",
                        Map.of(
                                "Authorization",
                                "Bearer " + platform.token(),
                                "Content-Type",
                                "application/json",
                                "traceparent",
                                "00-" + trace + "-00f067aa0ba902b7-01",
                                "tracestate",
                                state),
                        """
                        {"type": "traced.ready", "subject": "2026-11-21"}""".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(20))
                .expect(200, 201, 202);
        assertThat(awaitRun("traced", "2026-11-21", SOON).path("state").asString())
                .isEqualTo("COMPLETED");

        await().atMost(SOON).untilAsserted(() -> {
            var told = spans.ofTrace(trace);
            var event = theOne(told, "syncline-provider", "POST /events");
            assertThat(event.parentId()).isEqualTo("00f067aa0ba902b7");
            var sent = theOne(told, "syncline-provider", "send trigger");
            assertThat(sent.parentId()).isEqualTo(event.spanId());
            assertThat(sent.kind()).isEqualTo(3);
            var trigger = theOne(told, "syncline-scheduler", "POST /api/v1/triggers");
            assertThat(trigger.parentId()).isEqualTo(sent.spanId());
            var calls = of(told, "syncline-scheduler", "call data-consumer");
            assertThat(calls).isNotEmpty().allMatch(call -> call.parentId().equals(trigger.spanId()));
            var asked = of(told, "syncline-consumer", "POST /sync");
            assertThat(asked)
                    .hasSameSizeAs(calls)
                    .allSatisfy(one -> assertThat(ids(calls)).contains(one.parentId()));
            var reports = of(told, "syncline-consumer", "send callback");
            assertThat(reports)
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(ids(asked)).contains(one.parentId()));
            assertThat(of(told, "syncline-scheduler", "POST /api/v1/task-runs/{taskRunId}/callbacks"))
                    .hasSameSizeAs(reports)
                    .allSatisfy(one -> assertThat(ids(reports)).contains(one.parentId()));
            assertThat(told).allSatisfy(span -> assertThat(span.traceState()).isEqualTo(state));
        });
    }

    private static SpanCollector.Span theOne(List<SpanCollector.Span> spans, String service, String name) {
        var found = of(spans, service, name);
        assertThat(found).as(service + " " + name).hasSize(1);
        return found.get(0);
    }

    private static List<SpanCollector.Span> of(List<SpanCollector.Span> spans, String service, String name) {
        return spans.stream()
                .filter(span -> span.service().contains(service) && span.name().startsWith(name))
                .toList();
    }

    private static List<String> ids(List<SpanCollector.Span> spans) {
        return spans.stream().map(SpanCollector.Span::spanId).toList();
    }

    @Test
    @Order(3)
    void aConsumerKilledWhileItStagesCostsOnlyTheFilesThatItHeld() throws Exception {
        // Twelve files, so that each of the four workers stages some one after the other.
        var file = csv("runways", RUNWAYS, 24_000, "killed");
        provider.load("runways", file);
        putSingle("killed", "/sync/runways");
        try (var connection = stack.database("consumer");
                var statement = connection.createStatement()) {
            // A file's rows lie in the staging table for a while before it counts as staged.
            statement.execute("""
                    create function slow_stage() returns trigger language plpgsql as $$
                    begin perform pg_sleep(1.0); return new; end $$""");
            statement.execute("""
                    create trigger slow_stage before update on sync_file for each row
                    when (old.state = 'STAGING' and new.state = 'STAGED') execute function slow_stage()""");
            platform.trigger(Documents.event("killed-1", "killed.ready", "2026-11-20"))
                    .expect(202);
            await("consumer 1 has staged a file, and rows of another one of its own lie there")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(30))
                    .until(() -> count(connection, STAGED_BY, "consumer-1") >= 1
                            && count(connection, UNFINISHED_ROWS_OF, "consumer-1") == 2_000);
            CONSUMERS[0].kill();
            var job = newestJob(connection);
            var before = claims(connection, job);
            var held = files(connection, STAGING_BY_FIRST, job);
            assertThat(held).as("one for each of its two workers at most").hasSizeBetween(1, 2);
            var stagedBefore = files(connection, STAGED, job);
            statement.execute("drop trigger slow_stage on sync_file");

            var run = awaitRun("killed", "2026-11-20", SOON);

            assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("COMPLETED");
            var after = claims(connection, job);
            // One claim to merge each; one more to stage, for those alone that were not staged.
            stagedBefore.forEach(name -> assertThat(after.get(name))
                    .as("%s was staged before and is not staged again", name)
                    .isEqualTo(before.get(name) + 1));
            assertThat(after.entrySet().stream()
                            .filter(claimed -> claimed.getValue() > 2)
                            .map(Map.Entry::getKey))
                    .as("files that were begun more than once")
                    .isNotEmpty()
                    .isSubsetOf(held);
            assertThat(task(run, "work")
                            .path("reconciliation")
                            .path("different")
                            .asLong(-1))
                    .isZero();
            assertTargetEquals("runways", CsvTable.read(file, "id"));
        } finally {
            try (var connection = stack.database("consumer");
                    var statement = connection.createStatement()) {
                statement.execute("drop trigger if exists slow_stage on sync_file");
            }
            if (!CONSUMERS[0].isAlive()) {
                CONSUMERS[0].startAgain();
                Stack.ready(CONSUMERS[0]);
            }
        }
    }

    /** How often each file of a job was claimed, in whatever step. */
    private static Map<String, Long> claims(Connection connection, String job) throws SQLException {
        var claims = new HashMap<String, Long>();
        try (var statement = connection.prepareStatement("select file_name, fence from sync_file where job_id = ?")) {
            statement.setString(1, job);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    claims.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return claims;
    }

    private static List<String> files(Connection connection, String sql, String job) throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, job);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    @Test
    @Order(4)
    void twoConsumersShareAJobOfEightFilesAndTheSecondEndsItWhenTheFirstIsKilled() throws Exception {
        var file = csv("runways", RUNWAYS, 16_000, "shared");
        provider.load("runways", file);
        putSingle("shared", "/sync/runways");
        try (var connection = stack.database("consumer");
                var statement = connection.createStatement()) {
            // Slows each merge down, so that there is a moment in which a consumer has merged some and holds others.
            statement.execute("""
                    create function slow_merge() returns trigger language plpgsql as $$
                    begin perform pg_sleep(1.0); return new; end $$""");
            statement.execute(
                    "create trigger slow_merge before insert on merge_commit for each row execute function slow_merge()");
        }
        try (var connection = stack.database("consumer")) {
            platform.trigger(Documents.event("shared-1", "shared.ready", "2026-11-20"))
                    .expect(202);
            await("one consumer has merged two files and holds another")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(30))
                    .until(() -> count(connection, MERGED_BY, "consumer-1") >= 2
                            && count(connection, HELD_BY, "consumer-1") >= 1);
            CONSUMERS[0].kill();

            var run = awaitRun("shared", "2026-11-20", SOON);

            assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("COMPLETED");
            assertThat(count(connection, MERGED_BY, "consumer-1")).isGreaterThanOrEqualTo(2);
            assertThat(count(connection, MERGED_BY, "consumer-2")).isGreaterThanOrEqualTo(2);
            var job = newestJob(connection);
            assertThat(count(connection, "select count(*) from merge_commit where job_id = ?", job))
                    .isEqualTo(8);
            assertThat(count(connection, "select count(distinct file_name) from merge_commit where job_id = ?", job))
                    .isEqualTo(8);
            assertTargetEquals("runways", CsvTable.read(file, "id"));
        } finally {
            try (var connection = stack.database("consumer");
                    var statement = connection.createStatement()) {
                statement.execute("drop trigger slow_merge on merge_commit");
            }
        }
    }

    @Test
    @Order(5)
    void whatIsChangedBetweenMergeAndReconciliationIsReportedByKey() throws Exception {
        CONSUMERS[1].close();
        Stack.ready(startConsumer(1, "syncline.consumer.reconcile-after=PT4S"));
        provider.load("regions", csv("regions", REGIONS, 500, "reconciled"));
        putSingle("tampered", "/sync/regions");
        platform.trigger(Documents.event("tampered-1", "tampered.ready", "2026-11-20"))
                .expect(202);
        try (var connection = stack.database("consumer")) {
            await("the merge is done and the reconciliation waits")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> count(
                                    connection,
                                    "select count(*) from sync_job where state = 'RECONCILING' and dataset = ?",
                                    "regions")
                            == 1);
            try (var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("update regions set name = 'tampered' where id = '7'"))
                        .isEqualTo(1);
                assertThat(statement.executeUpdate("delete from regions where id = '9'"))
                        .isEqualTo(1);
                statement.executeUpdate("""
                        insert into regions (id, code, name, row_version, updated_at)
                        values ('999999', 'XX', 'nobody sent this', 1, now())""");
            }
        }

        var run = awaitRun("tampered", "2026-11-20", SOON);

        assertThat(run.path("state").asString()).as(run.toPrettyString()).isEqualTo("FAILED");
        var task = task(run, "work");
        assertThat(task.path("cause").asString()).isEqualTo("RECONCILIATION_MISMATCH");
        var balance = task.path("reconciliation");
        assertThat(balance.path("expectedRows").asLong()).isEqualTo(500);
        assertThat(balance.path("different").asLong()).isEqualTo(1);
        assertThat(balance.path("missing").asLong()).isEqualTo(1);
        assertThat(balance.path("unexpected").asLong()).isEqualTo(1);
        var differences = task.path("result").path("differences").toString();
        assertThat(differences).contains("\"7\"", "\"9\"", "\"999999\"");
    }

    private static final String MERGED_BY = "select count(*) from merge_commit where instance_id = ? and job_id ="
            + " (select job_id from sync_job order by created_at desc fetch first 1 rows only)";
    private static final String HELD_BY =
            "select count(*) from sync_file where state = 'MERGING' and lease_owner = ? and lease_until > now()";
    private static final String STAGED_BY =
            "select count(*) from sync_file where state = 'STAGED' and lease_owner = ? and job_id ="
                    + " (select job_id from sync_job order by created_at desc fetch first 1 rows only)";
    private static final String UNFINISHED_ROWS_OF = """
            select coalesce(max(staged), 0) from (
              select count(*) as staged from stage_runways s join sync_file f on f.job_id = s.job_id and f.file_no = s.file_no
              where f.state = 'STAGING' and f.lease_owner = ? group by s.job_id, s.file_no) unfinished""";
    private static final String STAGING_BY_FIRST =
            "select file_name from sync_file where job_id = ? and state = 'STAGING' and lease_owner = 'consumer-1'";
    private static final String STAGED = "select file_name from sync_file where job_id = ? and state = 'STAGED'";
    private static final String REGIONS = "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords";
    private static final String COUNTRIES = "id,code,name,continent,wikipedia_link,keywords";
    private static final String RUNWAYS =
            "id,airport_ref,airport_ident,length_ft,width_ft,surface,lighted,closed,le_ident,le_latitude_deg,le_longitude_deg,le_elevation_ft,le_heading_degT,le_displaced_threshold_ft,he_ident,he_latitude_deg,he_longitude_deg,he_elevation_ft,he_heading_degT,he_displaced_threshold_ft";

    /** A file of {@code rows} rows whose text holds {@code mark}, so that files of different tests differ. */
    private static Path csv(String name, String header, int rows, String mark) {
        var text = new StringBuilder(header).append('\n');
        var width = header.split(",").length;
        for (int i = 1; i <= rows; i++) {
            text.append(i);
            for (int column = 1; column < width; column++) {
                text.append(column == 1 ? ",\"%s, é %d\"".formatted(mark, i) : ",");
            }
            text.append('\n');
        }
        try {
            var file =
                    home.resolve("%s-%d.csv.gz".formatted(name, text.toString().hashCode()));
            try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            return file;
        } catch (IOException trouble) {
            throw new java.io.UncheckedIOException(trouble);
        }
    }

    private static void putSingle(String group, String path) {
        Documents.putGroup(
                platform,
                group,
                Map.of(
                        "interval",
                        "PT1S",
                        "retry",
                        Map.of("maxAttempts", 1),
                        "reconciliation",
                        Map.of("required", true)),
                List.of(Map.of("key", "work", "mode", "ASYNC", "system", "data-consumer", "path", path)));
    }

    private static JsonNode awaitRun(String group, String businessKey, Duration atMost) {
        await("a run of " + group)
                .atMost(atMost)
                .until(() -> platform.newestRun(group, businessKey).isPresent());
        var runId = platform.newestRun(group, businessKey)
                .orElseThrow()
                .path("runId")
                .asString();
        return Waiting.forEnd(platform, runId, atMost);
    }

    private static JsonNode task(JsonNode run, String key) {
        for (var task : run.path("taskRuns")) {
            if (task.path("task").asString("").equals(key)) {
                return task;
            }
        }
        throw new AssertionError("no task " + key + " in " + run);
    }

    private static void assertTargetEquals(String dataset, CsvTable source) throws SQLException {
        var target = content(dataset);
        assertThat(target).as(dataset).hasSameSizeAs(source.rows());
        source.rows().forEach((key, row) -> {
            var held = target.get(key);
            if (!row.equals(held)) {
                throw new AssertionError("%s %s: file %s, target %s".formatted(dataset, key, row, held));
            }
        });
    }

    /** The target table's rows by id, without the columns that are the consumer's own. */
    private static Map<String, List<String>> content(String dataset) throws SQLException {
        var content = new LinkedHashMap<String, List<String>>();
        try (var connection = stack.database("consumer");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select * from " + dataset.replace('-', '_'))) {
            var columns = rows.getMetaData();
            while (rows.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    if (!List.of("row_version", "updated_at").contains(columns.getColumnName(i))) {
                        row.add(rows.getString(i));
                    }
                }
                content.put(rows.getString("id"), row);
            }
        }
        return content;
    }

    /** Inserts, updates and deletes that PostgreSQL itself has counted for a table. */
    private static long writes(String dataset) throws SQLException {
        try (var connection = stack.database("consumer");
                var statement = connection.createStatement()) {
            // The counters reach the view a moment after the transaction.
            statement.execute("select pg_sleep(1.5)");
            try (var rows = statement.executeQuery(
                    "select n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables where schemaname = 'consumer' and relname = '%s'"
                            .formatted(dataset.replace('-', '_')))) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static long count(Connection connection, String sql, String argument) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static String newestJob(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select job_id from sync_job order by created_at desc fetch first 1 rows only")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
