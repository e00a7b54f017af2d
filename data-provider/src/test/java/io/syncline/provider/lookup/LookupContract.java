package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.SqlDialect;
import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import io.syncline.provider.testing.RunningProvider.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Look-ups over HTTP and each strategy on its own, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LookupContract {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int POOL = 5;
    private static final int MOST = 30_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Each caller of the crowd asks for so many; 30000 is the size that the service promises. */
    private static final int IDS_OF_ONE = Integer.getInteger("syncline.lookup.ids", 3_000);

    private static final int CROWD = 20;
    private static final int PEOPLE = CROWD * IDS_OF_ONE;

    private static final List<String> ODD_IDS =
            List.of("ta\tb", "two\nlines", "\\N", "\\.", " ", "a,b~", "Ünï😀", "'); --");

    private FakePlatform platform;
    private RunningProvider provider;

    record Database(String url, String username, String password) {}

    abstract Database database() throws Exception;

    /** Whether rows are sent while the database still looks for others. */
    abstract boolean rowsComeByCursor();

    /** Counts the tables of look-ups that are still there. */
    abstract String temporaryTables();

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        var database = database();
        fill(database);
        platform = new FakePlatform();
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.username());
        settings.put("spring.datasource.password", database.password());
        settings.put("spring.datasource.hikari.maximum-pool-size", String.valueOf(POOL));
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.provider.lookups.at-once", String.valueOf(POOL));
        settings.put("syncline.provider.lookups.waiting", String.valueOf(CROWD));
        settings.put("syncline.provider.lookups.max-wait", "60s");
        settings.put("syncline.provider.lookups.max-bytes", "1MB");
        dataset(settings, 0, "people", "person", "id", "id,name,age,born");
        dataset(settings, 1, "tariffs", "tariff", "plan,since", "plan,since,price");
        dataset(settings, 2, "meters", "meter", "no", "no,place");
        dataset(settings, 3, "airports", "airport", "code", "code,name");
        dataset(settings, 4, "holidays", "holiday", "region,heldOn", "region,heldOn,name");
        dataset(settings, 5, "hours", "hour_mark", "notedAt", "notedAt,load");
        dataset(settings, 6, "broken", "broken_meter", "no", "no,share");
        provider = new RunningProvider(platform, home, settings);
    }

    private static void dataset(
            Map<String, String> settings, int index, String name, String table, String key, String columns) {
        var prefix = "syncline.provider.datasets[" + index + "].";
        settings.put(prefix + "name", name);
        settings.put(prefix + "table", "golden." + table);
        settings.put(prefix + "key", key);
        settings.put(prefix + "columns", columns);
        settings.put(prefix + "written-elsewhere", "true");
    }

    private static void fill(Database database) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("create schema golden");
            statement.execute(
                    "create table golden.person (id varchar(20) primary key, name varchar(200), age integer, born date)");
            statement.execute(
                    "create table golden.tariff (plan varchar(20), since numeric(8), price numeric(12,4), primary key (plan, since))");
            statement.execute("create table golden.meter (no bigint primary key, place varchar(100))");
            statement.execute("create table golden.airport (code char(5) primary key, name varchar(100))");
            statement.execute(
                    "create table golden.holiday (region varchar(10), held_on date, name varchar(100), primary key (region, held_on))");
            statement.execute(
                    "create table golden.hour_mark (noted_at timestamp(6) with time zone primary key, load numeric(10,2))");
            statement.execute(
                    "insert into golden.tariff values ('a,b~', 20260101, 1.5), ('a', 20260101, 2), ('a', 20260201, 3)");
            statement.execute("insert into golden.airport values ('OSL', 'Oslo'), ('LONGX', 'Long')");
            statement.execute("insert into golden.holiday values ('NO', date '2026-05-17', 'Day of the constitution'),"
                    + " ('NO', date '2026-12-25', 'Christmas'), ('SE', date '2026-06-06', 'National day')");
            statement.execute(
                    "insert into golden.hour_mark values (timestamp with time zone '2026-11-20 04:00:00+00:00', 7.25),"
                            + " (timestamp with time zone '2026-11-20 05:00:00+00:00', 8)");
            connection.setAutoCommit(false);
            try (var people = connection.prepareStatement("insert into golden.person values (?, ?, ?, null)");
                    var meters = connection.prepareStatement("insert into golden.meter values (?, ?)")) {
                for (int i = 0; i < PEOPLE; i++) {
                    people.setString(1, person(i));
                    people.setString(2, nameOf(i));
                    people.setInt(3, i % 90);
                    people.addBatch();
                    meters.setLong(1, meter(i));
                    meters.setString(2, "place " + i);
                    meters.addBatch();
                    if (i % 1000 == 999) {
                        people.executeBatch();
                        meters.executeBatch();
                    }
                }
                for (var odd : ODD_IDS) {
                    people.setString(1, odd);
                    people.setString(2, "odd");
                    people.setInt(3, 0);
                    people.addBatch();
                }
                people.executeBatch();
                meters.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
            // The last meter has no share: to read it is an error.
            statement.execute("create view golden.broken_meter as select no, 100 / (no - " + (meter(PEOPLE - 1))
                    + ") as share from golden.meter");
        }
    }

    private static long meter(int number) {
        return 5_000_000_000L + number;
    }

    private static String person(int number) {
        return "P%07d".formatted(number);
    }

    /** Long enough that an answer is far larger than the buffers of a connection. */
    private static String nameOf(int number) {
        return "Person \"" + number + "\", of the – Ünï😀 – " + "x".repeat(100);
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

    private Answer lookUp(String dataset, String contentType, String body, String... headers) {
        return provider.lookUp(dataset, contentType, body, headers);
    }

    private Answer lookUp(String dataset, String contentType, byte[] body, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", contentType));
        all.addAll(List.of(headers));
        return provider.send(
                "POST",
                "/datasets/" + dataset + "/lookups",
                platform.token("data:read"),
                body,
                all.toArray(String[]::new));
    }

    private static List<JsonNode> lines(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().lines().map(JSON::readTree).toList();
    }

    /** The day of a date, which has a time of day where the database speaks as Oracle does. */
    private String day(String day) {
        var dataset = provider.context().getBean(Datasets.class).get("holidays");
        return dataset.key().get(1).type() == ColumnType.DAY ? day : day + "T00:00";
    }

    // ---- the answer

    @Test
    void rowsComeFirstThenUnknownIdsInTheirOrderThenTheCounts() {
        var answer =
                lookUp("people", "application/json", "[\"P0000007\", \"nobody\", \"P0000003\", \"nobody\", \"aaa\"]");

        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        var lines = lines(answer);
        assertThat(lines).hasSize(5);
        assertThat(lines.subList(0, 2).stream().map(row -> row.get("id").stringValue()))
                .containsExactlyInAnyOrder("P0000007", "P0000003");
        assertThat(lines.get(0).propertyNames()).containsExactly("id", "name", "age", "born");
        assertThat(lines.stream()
                        .filter(row -> row.has("name") && row.get("age").intValue() == 7))
                .singleElement()
                .satisfies(row -> assertThat(row.get("name").stringValue()).isEqualTo(nameOf(7)));
        assertThat(lines.get(2)).isEqualTo(JSON.readTree("{\"id\":\"nobody\",\"found\":false}"));
        assertThat(lines.get(3)).isEqualTo(JSON.readTree("{\"id\":\"aaa\",\"found\":false}"));
        assertThat(lines.get(4)).isEqualTo(JSON.readTree("{\"_end\":true,\"rows\":2,\"notFound\":2}"));
        assertThat(answer.text()).endsWith("}\n");
    }

    @Test
    void aRowIsThatOfItsOwnPath() {
        var line = lines(lookUp("people", "text/plain", "P0000042")).get(0);

        assertThat(line)
                .isEqualTo(provider.get("/datasets/people/rows/P0000042").json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json|[\"P0000001\",\"x\"]",
                "application/json;charset=UTF-8|[\"P0000001\" , \"x\"]",
                "application/x-ndjson|\"P0000001\"\n\"x\"\n",
                "application/ndjson|\"P0000001\"\n\"x\"",
                "text/plain|P0000001\r\nx\r\n",
                "text/plain; charset=utf-8|P0000001\nx"
            })
    void idsComeInThreeForms(String formAndBody) {
        var parts = formAndBody.split("\\|", 2);

        var lines = lines(lookUp("people", parts[0], parts[1]));

        assertThat(lines.get(0).get("id").stringValue()).isEqualTo("P0000001");
        assertThat(lines.get(1).get("id").stringValue()).isEqualTo("x");
        assertThat(lines.get(2).get("_end").booleanValue()).isTrue();
    }

    @Test
    void aCompressedBodyIsReadAndABrokenOneRefused() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write("P0000001\nP0000002\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(lines(lookUp("people", "text/plain", bytes.toByteArray(), "Content-Encoding", "gzip")))
                .hasSize(3);
        assertThat(lookUp("people", "text/plain", "no gzip", "Content-Encoding", "gzip")
                        .problem())
                .isEqualTo("not-gzip");
        assertThat(lookUp("people", "text/plain", "x", "Content-Encoding", "br").status())
                .isEqualTo(415);
    }

    @Test
    void csvHasOneWidthAndEndsWithTheCounts() {
        var answer = lookUp("people", "text/plain", "P0000001\n\"no, one\"\n", "Accept", "text/csv");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(answer.text())
                .isEqualTo("_found,_id,id,name,age,born\r\n"
                        + "true,P0000001,P0000001,\"" + nameOf(1).replace("\"", "\"\"") + "\",1,\r\n"
                        + "false,\"\"\"no, one\"\"\",,,,\r\n"
                        + "end,rows=1 notFound=1,,,,\r\n");
        var composite = lookUp("tariffs", "text/plain", "a~,b~~,20260101\n", "Accept", "text/csv;q=0.9, */*;q=0.1");
        assertThat(composite.text()).contains("true,\"a~,b~~,20260101\",\"a,b~\",20260101,1.5\r\n");
    }

    @Test
    void anAnswerOfNoKnownTypeIsRefused() {
        assertThat(lookUp("people", "text/plain", "x", "Accept", "image/png").status())
                .isEqualTo(406);
        assertThat(lookUp("people", "text/plain", "x", "Accept", "application/xml, application/x-ndjson;q=0.5")
                        .status())
                .isEqualTo(200);
        assertThat(lookUp("people", "text/plain", "x", "Accept", "so/wrong/").status())
                .isEqualTo(406);
    }

    @Test
    void keysOfSeveralColumnsAreWrittenAsInPaths() {
        var lines =
                lines(lookUp("tariffs", "application/json", "[\"a~,b~~,20260101\", \"a,20260201\", \"a,20260301\"]"));

        assertThat(lines).hasSize(4);
        assertThat(lines.subList(0, 2).stream()
                        .map(row -> row.get("price")
                                .decimalValue()
                                .stripTrailingZeros()
                                .toPlainString()))
                .containsExactlyInAnyOrder("1.5", "3");
        assertThat(lines.get(2).get("id").stringValue()).isEqualTo("a,20260301");
    }

    @Test
    void twoWritingsOfOneNumberAreOneId() {
        var lines = lines(lookUp(
                "meters",
                "application/json",
                "[5000000001, \"5000000001\", \"05000000001\", 5000000001.0, 1e30, 1.5, \"-7\"]"));

        assertThat(lines).hasSize(5);
        assertThat(lines.get(0).get("place").stringValue()).isEqualTo("place 1");
        assertThat(lines.subList(1, 4).stream().map(line -> line.get("id").stringValue()))
                .containsExactly("1e30", "1.5", "-7");
        assertThat(lines.get(4).get("notFound").intValue()).isEqualTo(3);
    }

    @Test
    void idsThatTheTableCannotHoldAreNotFound() {
        var lines =
                lines(lookUp("people", "application/json", "[\"" + "y".repeat(4000) + "\", \"\\\\\", \"a\\tb\\nc\"]"));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(3).get("notFound").intValue()).isEqualTo(3);
        assertThat(lines(lookUp("holidays", "text/plain", "NO," + day("+999999-01-01")))
                        .get(0)
                        .get("found")
                        .booleanValue())
                .isFalse();
    }

    // ---- what is refused

    @Test
    void badIdsAreToldWithTheirPlaces() {
        var refused =
                lookUp("meters", "application/json", "[7, \"seven\", null, {\"id\": [1]}, true, \"\", [2], \"8\"]");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("invalid-ids");
        assertThat(places(refused)).containsExactly(2, 3, 4, 6);
        var typed = lookUp("meters", "application/json", "[7, \"seven\", \"\", \"1e999999999\"]");
        assertThat(typed.status()).isEqualTo(400);
        assertThat(typed.json().get("index").intValue()).isEqualTo(1);
        assertThat(places(typed)).containsExactly(1, 2, 3);
        assertThat(places(lookUp("tariffs", "text/plain", "a,1\na\na,b,c\n\na,x")))
                .containsExactly(1, 2, 3, 4);
        assertThat(places(lookUp("people", "application/x-ndjson", "\"a\"\nb\n\"c\" \"d\"\n\n7")))
                .containsExactly(1, 2, 3);
        assertThat(places(lookUp("people", "application/json", "[\"a\\u0000\", \"\\ud800\", \"ok\"]")))
                .containsExactly(0, 1);
        assertThat(places(lookUp("people", "text/plain", "z".repeat(4001)))).containsExactly(0);
    }

    private static List<Integer> places(Answer refused) {
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        var places = new ArrayList<Integer>();
        refused.json().get("errors").forEach(error -> {
            places.add(error.get("index").intValue());
            assertThat(error.get("pointer").stringValue())
                    .isEqualTo("/" + error.get("index").intValue());
        });
        return places;
    }

    @Test
    void aBodyThatIsNoneIsRefused() {
        assertThat(lookUp("people", "application/json", "[\"a\"").problem()).isEqualTo("not-json");
        assertThat(lookUp("people", "application/json", "[\"a\"] 7").problem()).isEqualTo("not-json");
        assertThat(lookUp("people", "application/json", "").status()).isIn(400, 422);
        assertThat(lookUp("people", "application/json", "{\"ids\": [\"a\"]}").status())
                .isEqualTo(422);
        assertThat(lookUp("people", "application/json", "[]").status()).isEqualTo(422);
        assertThat(lookUp("people", "text/plain", "").status()).isEqualTo(422);
        assertThat(lookUp("people", "application/x-ndjson", "").status()).isEqualTo(422);
        for (var type : List.of("text/plain", "application/json", "application/x-ndjson")) {
            assertThat(lookUp("people", type, new byte[] {'[', '"', (byte) 0xc3, '"', ']'})
                            .status())
                    .as(type)
                    .isEqualTo(400);
        }
        assertThat(lookUp("people", "text/csv", "a").status()).isEqualTo(415);
        assertThat(lookUp("people", "text/plain; charset=iso-8859-1", "a").status())
                .isEqualTo(415);
        assertThat(lookUp("unknown", "text/plain", "a").problem()).isEqualTo("no-such-dataset");
        assertThat(provider.get("/datasets/people/lookups").status()).isEqualTo(405);
    }

    @Test
    void moreIdsOrBytesThanAllowedAreRefused() {
        var most = IntStream.range(0, MOST).mapToObj(i -> "x" + i).collect(Collectors.joining("\n"));

        assertThat(lines(lookUp("people", "text/plain", most))
                        .get(MOST)
                        .get("notFound")
                        .intValue())
                .isEqualTo(MOST);
        var over = lookUp("people", "text/plain", most + "\nx");
        assertThat(over.status()).isEqualTo(413);
        assertThat(over.problem()).isEqualTo("too-many-ids");
        assertThat(over.json().get("limit").intValue()).isEqualTo(MOST);
        assertThat(lookUp("people", "text/plain", "x".repeat(1024 * 1024 + 1)).problem())
                .isEqualTo("body-too-large");
    }

    // ---- the strategies

    @ParameterizedTest
    @EnumSource(StrategyName.class)
    void eachStrategyFindsTheSameRowsOrSaysThatItCannot(StrategyName name) throws Exception {
        var dialect = provider.context().getBean(SqlDialect.class);
        var strategies = new Strategies(dialect, new Tuning(7, 100, 1.1, Duration.ofSeconds(20)));
        var asked = new HashMap<String, List<String>>();
        var people = new ArrayList<>(ODD_IDS);
        IntStream.range(ODD_IDS.size(), 50).forEach(i -> people.add(person(i * 3)));
        asked.put("people", people);
        asked.put(
                "meters",
                IntStream.range(0, 50)
                        .mapToObj(i -> String.valueOf(5_000_000_000L + i * 3))
                        .toList());
        asked.put("tariffs", List.of("a~,b~~,20260101", "a,20260201", "a,20260202"));
        asked.put("airports", List.of("OSL", "LONGX", "XYZ"));
        asked.put("holidays", List.of("NO," + day("2026-12-25"), "SE," + day("2026-06-06"), "SE," + day("2026-05-17")));
        asked.put("hours", List.of("2026-11-20T04:00:00Z", "2026-11-20T04:30:00Z"));
        var expected = Map.of("people", 50, "meters", 50, "tariffs", 2, "airports", 2, "holidays", 2, "hours", 1);
        int done = 0;
        for (var entry : asked.entrySet()) {
            var dataset = provider.context().getBean(Datasets.class).get(entry.getKey());
            var keys = AskedKeys.of(dataset, entry.getValue());
            if (strategies.refusal(name, dataset, keys.size()).isEmpty()) {
                assertThat(found(strategies, name, dataset, keys))
                        .as(name + " of " + entry.getKey())
                        .hasSize(expected.get(entry.getKey()));
                done++;
            } else {
                assertThat(strategies.refusal(name, dataset, keys.size()).orElseThrow())
                        .isNotBlank();
            }
        }
        var copies = name == StrategyName.TABLE_COPY || name == StrategyName.TABLE_COPY_ANALYZE;
        assertThat(done)
                .isEqualTo(
                        name == StrategyName.ARRAY ? 4 : copies && dialect != SqlDialect.POSTGRESQL ? 0 : asked.size());
        assertThat(provider.jdbc().sql(temporaryTables()).query(Integer.class).single())
                .isZero();
    }

    private Set<String> found(
            Strategies strategies, StrategyName name, io.syncline.provider.dataset.Dataset dataset, AskedKeys keys)
            throws Exception {
        var found = new HashSet<String>();
        try (var connection = provider.context().getBean(DataSource.class).getConnection()) {
            int isolation = connection.getTransactionIsolation();
            strategies.inSnapshot(connection, () -> {
                assertThat(connection.getTransactionIsolation())
                        .isEqualTo(provider.context().getBean(SqlDialect.class).snapshotIsolation());
                strategies.get(name).find(connection, dataset, keys.comparable(), row -> {
                    var id = new ArrayList<String>();
                    for (int place : dataset.keyPositions()) {
                        id.add(dataset.columns().get(place).type().read(row, place + 1));
                    }
                    var key = id.size() == 1 ? id.get(0) : io.syncline.provider.dataset.RowId.write(id);
                    if (keys.find(key)) {
                        found.add(key);
                    }
                });
            });
            assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            assertThat(connection.getAutoCommit()).isTrue();
        }
        return found;
    }

    // ---- what does not come to its end

    @Test
    void anErrorInMidAnswerEndsItWithoutTheLastLine() throws IOException, InterruptedException {
        var ids = IntStream.range(PEOPLE - 2_500, PEOPLE)
                .mapToObj(i -> String.valueOf(meter(i)))
                .collect(Collectors.joining("\n"));
        if (!rowsComeByCursor()) {
            assertThat(lookUp("broken", "text/plain", ids).problem()).isEqualTo("internal-error");
            return;
        }
        try (var body = stream("broken", ids)) {
            var text = new ByteArrayOutputStream();
            assertThatThrownBy(() -> body.transferTo(text)).isInstanceOf(IOException.class);
            assertThat(text.toString(StandardCharsets.UTF_8))
                    .startsWith("{\"no\":")
                    .doesNotContain("_end");
        }
        assertThat(lines(lookUp("broken", "text/plain", String.valueOf(meter(0)))))
                .hasSize(2);
    }

    @Test
    void aCallerThatHangsUpInMidAnswerFreesItsConnectionAtOnce() throws Exception {
        var pool = provider.context().getBean(DataSource.class).unwrap(HikariDataSource.class);
        int all = Math.min(PEOPLE, MOST);
        var body = IntStream.range(0, all).mapToObj(LookupContract::person).collect(Collectors.joining("\n"));
        var server = URI.create(provider.url());
        try (var socket = new Socket()) {
            // So small that the answer cannot leave the service before it is read.
            socket.setReceiveBufferSize(4 * 1024);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            socket.getOutputStream()
                    .write(("POST /datasets/people/lookups HTTP/1.1\r\nHost: " + server.getAuthority()
                                    + "\r\nAuthorization: Bearer " + platform.token("data:read")
                                    + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            // Those of the service's own loops come and go; the answer's stays.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 1);
        }

        await().atMost(Duration.ofSeconds(10))
                .until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        awaitMeters(meters -> assertThat(meters).contains("outcome=\"cut_off\""));
    }

    @Test
    void lookUpsAreCountedAndDescribed() {
        lookUp("airports", "text/plain", "OSL\nXXX");

        awaitMeters(meters -> assertThat(meters)
                .containsPattern(
                        "syncline_lookups_seconds_count\\{dataset=\"airports\",outcome=\"complete\",strategy=\"[a-z_]+\"}")
                .contains("syncline_lookup_ids_total{dataset=\"airports\",found=\"true\"}")
                .contains("syncline_lookup_ids_total{dataset=\"airports\",found=\"false\"}"));
        var described =
                provider.send("GET", "/v3/api-docs", null, null).json().at("/paths/~1datasets~1{name}~1lookups/post");
        assertThat(described.at("/requestBody/content").propertyNames())
                .containsExactlyInAnyOrder("application/json", "application/x-ndjson", "text/plain");
        assertThat(described.at("/responses/200/content").propertyNames())
                .containsExactlyInAnyOrder("application/x-ndjson", "text/csv");
    }

    /** A look-up is counted once its caller has the answer. */
    private void awaitMeters(Consumer<String> expected) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> expected.accept(scrape()));
    }

    private String scrape() {
        return provider.send("GET", "/actuator/prometheus", platform.token("runs:read"), null)
                .text();
    }

    // ---- many at once

    @Test
    void twentyLookUpsOverFiveConnectionsNeverMixAndLeaveNothingBehind() throws Exception {
        var pool = provider.context().getBean(DataSource.class).unwrap(HikariDataSource.class);
        var callers = Executors.newFixedThreadPool(CROWD);
        try {
            var work = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CROWD; i++) {
                int first = i * IDS_OF_ONE;
                work.add(i % 3 == 0 ? () -> hangUp(first) : () -> takeAll(first));
            }
            for (var caller : callers.invokeAll(work, LONGEST.toSeconds() * 3, TimeUnit.SECONDS)) {
                caller.get();
            }
        } finally {
            callers.shutdownNow();
        }
        await().atMost(LONGEST).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        var held = new ArrayList<Connection>();
        try {
            for (int i = 0; i < POOL; i++) {
                var connection = pool.getConnection();
                held.add(connection);
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
                try (var statement = connection.createStatement();
                        var count = statement.executeQuery(temporaryTables())) {
                    count.next();
                    assertThat(count.getInt(1)).isZero();
                }
            }
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
    }

    private Void takeAll(int first) {
        var ids = IntStream.range(first, first + IDS_OF_ONE)
                .mapToObj(LookupContract::person)
                .collect(Collectors.toCollection(ArrayList::new));
        ids.add("nobody" + first);
        var answer = lookUp("people", "text/plain", String.join("\n", ids.subList(1, ids.size())));
        var lines = lines(answer);
        assertThat(lines).hasSize(IDS_OF_ONE + 1);
        var seen = new HashSet<String>();
        for (var line : lines.subList(0, IDS_OF_ONE - 1)) {
            var id = line.get("id").stringValue();
            int number = Integer.parseInt(id.substring(1));
            assertThat(number).isBetween(first + 1, first + IDS_OF_ONE - 1);
            assertThat(line.get("name").stringValue()).isEqualTo(nameOf(number));
            assertThat(seen.add(id)).isTrue();
        }
        assertThat(lines.get(IDS_OF_ONE - 1).get("id").stringValue()).isEqualTo("nobody" + first);
        assertThat(lines.get(IDS_OF_ONE).get("rows").intValue()).isEqualTo(IDS_OF_ONE - 1);
        return null;
    }

    private Void hangUp(int first) throws IOException, InterruptedException {
        var ids = IntStream.range(first, first + IDS_OF_ONE)
                .mapToObj(LookupContract::person)
                .collect(Collectors.joining("\n"));
        try (var body = stream("people", ids)) {
            assertThat(new String(body.readNBytes(100), StandardCharsets.UTF_8)).startsWith("{\"id\":\"P");
        }
        return null;
    }

    /** The answer as it comes in; closing it closes the connection. */
    private InputStream stream(String dataset, String ids) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(provider.url() + "/datasets/" + dataset + "/lookups"))
                .header("Authorization", "Bearer " + platform.token("data:read"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(ids))
                .build();
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    }
}
