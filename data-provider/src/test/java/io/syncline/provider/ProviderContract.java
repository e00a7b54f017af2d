package io.syncline.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.provider.testing.FakePlatform;
import io.syncline.provider.testing.RunningProvider;
import io.syncline.provider.testing.RunningProvider.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service does over HTTP, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProviderContract {

    private static final String HEADER = "id,code,name,continent,wikipedia_link,keywords\n";

    private Path home;
    private FakePlatform platform;
    private RunningProvider provider;

    record Database(String url, String username, String password) {}

    abstract Database database() throws Exception;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        home = temporary;
        var database = database();
        createGoldenTable(database);
        platform = new FakePlatform();
        var settings = new HashMap<String, String>();
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.username());
        settings.put("spring.datasource.password", database.password());
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.provider.imports.batch-rows", "7");
        settings.put("syncline.provider.imports.max-bytes", "20MB");
        settings.put("syncline.provider.extracts.lease", "1s");
        var columns = Map.of(
                "regions", "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords",
                "countries", "id,code,name,continent,wikipedia_link,keywords",
                "subscribers", "customerID,gender,Churn");
        int next = 0;
        for (var name : columns.keySet()) {
            var prefix = "syncline.provider.datasets[" + next++ + "].";
            settings.put(prefix + "name", name);
            settings.put(prefix + "table", name);
            settings.put(prefix + "columns", columns.get(name));
            settings.put(
                    prefix + "key",
                    columns.get(name).substring(0, columns.get(name).indexOf(',')));
        }
        var tariffs = "syncline.provider.datasets[3].";
        settings.put(tariffs + "name", "tariffs");
        settings.put(tariffs + "table", "golden.tariff");
        settings.put(tariffs + "columns", "plan,since,price,active,changedAt,note");
        settings.put(tariffs + "key", "plan,since");
        var tariffsElsewhere = "syncline.provider.datasets[4].";
        settings.put(tariffsElsewhere + "name", "live-tariffs");
        settings.put(tariffsElsewhere + "table", "golden.tariff");
        settings.put(tariffsElsewhere + "key", "plan,since");
        settings.put(tariffsElsewhere + "written-elsewhere", "true");
        var readings = "syncline.provider.datasets[5].";
        settings.put(readings + "name", "readings");
        settings.put(readings + "table", "golden.reading");
        settings.put(readings + "columns", "place,degrees");
        settings.put(readings + "charset", "windows-1252");
        settings.put(readings + "null-texts", "\\N,NA");
        provider = new RunningProvider(platform, home, settings);
    }

    private static void createGoldenTable(Database database) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("create schema golden");
            statement.execute("""
                    create table golden.tariff (plan varchar(20) not null, since numeric(8) not null, price numeric(12,4),
                        active boolean not null, changed_at timestamp(6) with time zone, note char(5),
                        primary key (plan, since))
                    """);
            statement.execute("create table golden.reading (place varchar(20), degrees numeric(6,2))");
        }
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

    private static void counts(Answer answer, long rows, long inserted, long updated, long deleted, long unchanged) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        var json = answer.json();
        assertThat(List.of(
                        json.get("rows").longValue(),
                        json.get("inserted").longValue(),
                        json.get("updated").longValue(),
                        json.get("deleted").longValue(),
                        json.get("unchanged").longValue()))
                .containsExactly(rows, inserted, updated, deleted, unchanged);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private void empty(String dataset) {
        var header = String.join(
                ",", provider.get("/datasets/" + dataset).json().get("columns").findValuesAsString("name"));
        assertThat(provider.load(dataset, header + "\n").status()).isEqualTo(201);
    }

    private Instant asOf(String dataset) {
        return Instant.parse(provider.get("/datasets/" + dataset)
                .json()
                .get("freshness")
                .get("asOf")
                .stringValue());
    }

    // ---- imports

    @Test
    void anImportWritesOnlyWhatDiffersAndDeletesWhatIsGone() {
        empty("countries");

        counts(provider.load("countries", countries(0, 20, "a")), 20, 20, 0, 0, 0);
        counts(provider.load("countries", countries(0, 20, "a")), 20, 0, 0, 0, 20);
        counts(provider.load("countries", countries(3, 22, "a").replace("\"a, 5\"", "\"b, 5\"")), 19, 2, 1, 3, 16);
        assertThat(provider.get("/datasets/countries/rows/5").json().get("name").stringValue())
                .isEqualTo("b, 5");
        assertThat(provider.get("/datasets/countries/rows/1").status()).isEqualTo(404);
        assertThat(provider.get("/datasets/countries").json().get("rows").longValue())
                .isEqualTo(19);
    }

    @Test
    void asOfRisesWithEachImportAnIdenticalOneIncluded() {
        var times = new ArrayList<Instant>();
        for (int i = 0; i < 5; i++) {
            var answer = provider.load("countries", countries(0, 3, "same"));
            times.add(Instant.parse(answer.json().get("asOf").stringValue()));
            assertThat(answer.json().get("sha256").stringValue())
                    .isEqualTo(sha256(countries(0, 3, "same").getBytes(StandardCharsets.UTF_8)));
        }

        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(asOf("countries")).isEqualTo(times.get(4));
    }

    @Test
    void aFlawedFileIsRefusedWholeWithAllItsLines() {
        provider.load("countries", countries(0, 3, "kept"));

        var refused = provider.load("countries", HEADER + "1,A,x,EU,,\n2,B\n,C,x,EU,,\n4,D,x,EU,,,\n");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("import-rejected");
        assertThat(refused.json().get("errors").findValuesAsString("line")).containsExactly("3", "4", "5");
        assertThat(provider.get("/datasets/countries/rows/1").json().get("name").stringValue())
                .isEqualTo("kept, 1");
    }

    @Test
    void aHeaderThatDoesNotFitIsRefusedWithAllThatIsWrong() {
        var refused = provider.load("countries", "id,code,nom,continent,keywords,id\n");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes())
                .containsExactlyInAnyOrder("column-twice", "column-unknown", "column-missing", "column-missing");
    }

    @Test
    void aKeyThatComesTwiceIsRefusedHoweverFarApart() {
        provider.load("countries", countries(0, 3, "kept"));

        var refused = provider.load("countries", countries(0, 30, "new") + "4,X,x,EU,,\n29,X,x,EU,,\n");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes()).containsExactly("key-twice", "key-twice");
        assertThat(refused.json().get("errors").get(0).get("detail").stringValue())
                .contains("line 6");
        assertThat(provider.get("/datasets/countries").json().get("rows").longValue())
                .isEqualTo(3);
        assertThat(provider.get("/datasets/countries/rows/1").json().get("name").stringValue())
                .isEqualTo("kept, 1");
        assertThat(provider.jdbc()
                        .sql("select count(*) from import_key")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aBodyThatIsNotCsvIsRefusedWithTheLine() {
        var notUtf8 =
                provider.load("countries", "", (HEADER + "1,A,caf\u00e9,EU,,\n").getBytes(StandardCharsets.ISO_8859_1));
        var open = provider.load("countries", HEADER + "1,A,\"x,EU,,\n");

        assertThat(notUtf8.status()).isEqualTo(400);
        assertThat(notUtf8.problem()).isEqualTo("not-csv");
        assertThat(notUtf8.json().get("errors").get(0).get("line").intValue()).isEqualTo(2);
        assertThat(open.status()).isEqualTo(400);
    }

    private Answer loadReadings(String csv) {
        return provider.load("readings", "", csv.getBytes(Charset.forName("windows-1252")));
    }

    @Test
    void aDatasetWithoutAKeyHasItsRowsAsOftenAsTheFileHasThem() {
        loadReadings("place,degrees\n");
        var day = "place,degrees\nZürich,7.50\nZürich,7.5\n€,\\N\nNA,1\n";

        counts(loadReadings(day), 4, 4, 0, 0, 0);
        counts(loadReadings("degrees,place\n1,NA\n7.5,Zürich\nNA,€\n7.5,Zürich\n\u001A"), 4, 0, 0, 0, 4);
        var manifest = provider.extract("readings", "{}");
        assertThat(manifest.get("key").size()).isZero();
        assertThat(provider.file(manifest, 0).unzipped().lines())
                .containsExactlyInAnyOrder("place,degrees", "Zürich,7.5", "Zürich,7.5", "€,", ",1");

        counts(loadReadings(day.replaceFirst("Zürich,7.50\n", "")), 3, 3, 0, 4, 0);
        counts(loadReadings("place,degrees\n€,7\n€,7\n€,7\n"), 3, 3, 0, 3, 0);
        assertThat(provider.get("/datasets/readings/rows/1").status()).isEqualTo(404);
    }

    @Test
    void aFileInAnotherCharsetThanItsDatasetsIsRefusedWithLineAndByte() {
        loadReadings("place,degrees\nkept,1\n");

        var refused = provider.load("readings", "", new byte[] {
            'p', 'l', 'a', 'c', 'e', ',', 'd', 'e', 'g', 'r', 'e', 'e', 's', '\n', (byte) 0x81, ',', '1'
        });
        var named = provider.load("readings", "place,degrees\nx,1\n", "Content-Type", "text/csv; charset=UTF-8");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("not-csv");
        var error = refused.json().get("errors").get(0);
        assertThat(error.get("line").intValue()).isEqualTo(2);
        assertThat(error.get("byte").intValue()).isEqualTo(15);
        assertThat(named.status()).isEqualTo(415);
        assertThat(provider.get("/datasets/readings").json().get("rows").longValue())
                .isEqualTo(1);
    }

    @Test
    void aCompressedBodyIsReadAndABrokenOneRefused() throws IOException {
        var plain = countries(0, 300, "zipped").getBytes(StandardCharsets.UTF_8);
        var zipped = gzip(plain);

        var good = provider.load("countries", "", zipped, "Content-Encoding", "gzip");
        var cut = provider.load(
                "countries", "", java.util.Arrays.copyOf(zipped, zipped.length / 2), "Content-Encoding", "gzip");

        assertThat(good.status()).isEqualTo(201);
        assertThat(good.json().get("sha256").stringValue()).isEqualTo(sha256(plain));
        assertThat(cut.status()).isEqualTo(400);
        assertThat(cut.problem()).isEqualTo("not-gzip");
        assertThat(provider.load("countries", "", plain, "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(400);
        assertThat(provider.load("countries", "", plain, "Content-Encoding", "br")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void aBodyIsBoundedAlsoWhenItIsSmallOnTheWire() throws IOException {
        var bomb = gzip((HEADER + "1,A,x,EU,,\n" + "\n".repeat(21_000_000)).getBytes(StandardCharsets.UTF_8));

        assertThat(provider.load("countries", "", bomb, "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(413);
        assertThat(home.resolve("imports")).isEmptyDirectory();
    }

    @Test
    void anotherMediaTypeIsRefused() {
        var answer = provider.send(
                "POST",
                "/datasets/countries/imports",
                platform.token("triggers:write"),
                "{}".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void anImportUnderTheSameKeyIsDoneOnce() {
        var key = "\"import-" + Instant.now() + "\"";
        var first = provider.load("countries", countries(0, 4, "once"), "Idempotency-Key", key);
        var again = provider.load("countries", countries(0, 4, "once"), "Idempotency-Key", key);
        var other = provider.load("countries", countries(0, 4, "other"), "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void onlyOneImportOfADatasetIsWrittenAtATime() throws Exception {
        try (var connection =
                provider.context().getBean(javax.sql.DataSource.class).getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement(
                    "select as_of from dataset_state where dataset_name = 'regions' for update")) {
                statement.executeQuery();
                var refused = provider.load(
                        "regions", "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords\n");

                assertThat(refused.status()).as(refused.text()).isEqualTo(409);
                assertThat(refused.problem()).isEqualTo("import-in-progress");
                assertThat(refused.header("Retry-After")).isEqualTo("1");
            } finally {
                connection.rollback();
            }
        }
    }

    @Test
    void typedColumnsAndKeysOfSeveralColumnsAreCopiedFaithfully() {
        var header = "plan,since,price,active,changedAt,note\n";
        empty("tariffs");

        counts(
                provider.load(
                        "tariffs",
                        header + "\"a,b\",20260101,12.50,true,2026-01-01T00:00:00.5Z,x\n"
                                + "c,20260102,0007,false,,\n"
                                + "c,20260103,,true,,ab cd\n"),
                3,
                3,
                0,
                0,
                0);
        counts(
                provider.load(
                        "tariffs",
                        header + "\"a,b\",20260101,12.5,true,2026-01-01T00:00:00.500Z,x\n"
                                + "c,20260103,1,true,,ab cd\n"),
                2,
                0,
                1,
                1,
                1);
        var row = provider.get("/datasets/tariffs/rows/a~,b,20260101").json();
        assertThat(row.get("price").decimalValue()).isEqualByComparingTo("12.5");
        assertThat(row.get("active").booleanValue()).isTrue();
        assertThat(row.get("changedAt").stringValue()).isEqualTo("2026-01-01T00:00:00.500Z");
        assertThat(provider.load("tariffs", header + "c,yesterday,x,maybe,now,toolong\n")
                        .codes())
                .containsExactly("content", "content", "content", "content", "content");
        assertThat(provider.file(provider.extract("tariffs", "{}"), 0).unzipped())
                .isEqualTo(header.replace("\n", "\r\n")
                        + "\"a,b\",20260101,12.5,true,2026-01-01T00:00:00.500Z,x\r\n"
                        + "c,20260103,1,true,,ab cd\r\n");
    }

    // ---- trigger messages

    private List<JsonNode> triggersOf(String type) {
        var mapper = new JsonMapper();
        return platform.triggers().stream()
                .map(mapper::readTree)
                .filter(event -> event.get("type").stringValue().equals(type))
                .toList();
    }

    @Test
    void anImportThatAsksForItSendsItsTriggerMessage() {
        var type = "io.syncline.dataset.imported";
        var loaded = provider.load(
                "countries",
                "?trigger=true&subject=2026-07-29",
                countries(0, 3, "triggered").getBytes(StandardCharsets.UTF_8));
        provider.load("countries", "?trigger=true", (HEADER + "1,refused\n").getBytes(StandardCharsets.UTF_8));
        var id = loaded.json().get("messageId").stringValue();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(triggersOf(type))
                        .extracting(event -> event.get("id").stringValue())
                        .contains(id));
        var event = triggersOf(type).stream()
                .filter(one -> one.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(event.get("source").stringValue()).isEqualTo("/provider");
        assertThat(event.get("subject").stringValue()).isEqualTo("2026-07-29");
        assertThat(event.get("data").get("asOf")).isEqualTo(loaded.json().get("asOf"));
        assertThat(triggersOf(type)).hasSize(1);
    }

    @Test
    void aBusinessEventIsStoredAndSentOnce() {
        var body = "{\"type\":\"com.example.day.ready\",\"subject\":\"2026-07-29\",\"data\":{\"files\":5,\"a\":[1]}}";
        var reordered =
                "{\"subject\":\"2026-07-29\",\"data\":{\"a\":[1],\"files\":5},\"type\":\"com.example.day.ready\"}";
        var key = "day-" + Instant.now();

        var first = provider.announce(body, "Idempotency-Key", "\"" + key + "\"");
        var again = provider.announce(reordered, "Idempotency-Key", key);
        var other = provider.announce(body.replace("5", "6"), "Idempotency-Key", key);

        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.status()).isEqualTo(422);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(triggersOf("com.example.day.ready")).hasSize(1));
        var event = triggersOf("com.example.day.ready").get(0);
        assertThat(event.get("id")).isEqualTo(first.json().get("messageId"));
        assertThat(event.get("data").get("files").intValue()).isEqualTo(5);
    }

    @Test
    void anEventIsCheckedWhole() {
        var refused = provider.announce("{\"subject\":7,\"data\":[],\"extra\":1}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes()).containsExactlyInAnyOrder("required", "type", "type", "unknown-member");
        assertThat(provider.announce("{\"type\"").status()).isEqualTo(400);
        assertThat(provider.announce("x".repeat(1_100_000)).status()).isEqualTo(413);
    }

    // ---- extracts

    @Test
    void anExtractIsCutIntoFilesThatTheManifestDescribes() {
        provider.load("countries", countries(100, 125, "cut"));

        var manifest = provider.extract("countries", "{\"rowsPerFile\":10}");

        assertThat(manifest.get("state").stringValue()).isEqualTo("READY");
        assertThat(manifest.get("rows").longValue()).isEqualTo(25);
        assertThat(manifest.get("columns").toString()).contains("wikipedia_link");
        assertThat(manifest.get("key").get(0).stringValue()).isEqualTo("id");
        assertThat(Instant.parse(manifest.get("asOf").stringValue())).isEqualTo(asOf("countries"));
        assertThat(manifest.get("files").findValuesAsString("name"))
                .containsExactly("countries-0001.csv.gz", "countries-0002.csv.gz", "countries-0003.csv.gz");
        assertThat(manifest.get("files").findValuesAsString("rows")).containsExactly("10", "10", "5");
        var all = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            var file = provider.file(manifest, i);
            assertThat(sha256(file.bytes()))
                    .isEqualTo(manifest.get("files").get(i).get("sha256").stringValue());
            assertThat(file.bytes())
                    .hasSize(manifest.get("files").get(i).get("bytes").intValue());
            var text = file.unzipped();
            assertThat(text).startsWith(HEADER.strip() + "\r\n");
            all.append(text.substring(HEADER.length() + 1));
        }
        assertThat(HEADER + all.toString().replace("\r\n", "\n")).isEqualTo(countries(100, 125, "cut"));
    }

    @Test
    void aLineAnswersAsJsonWhenAskedForNdjson() {
        provider.load("countries", HEADER + "1,NA,\"a\"\"b\nc\",, ,\n");

        var manifest = provider.extract("countries", "{\"format\":\"NDJSON\"}");

        assertThat(manifest.get("files").get(0).get("name").stringValue()).isEqualTo("countries-0001.ndjson.gz");
        assertThat(provider.file(manifest, 0).unzipped())
                .isEqualTo("{\"id\":\"1\",\"code\":\"NA\",\"name\":\"a\\\"b\\nc\",\"continent\":null,"
                        + "\"wikipedia_link\":\" \",\"keywords\":null}\n");
    }

    @Test
    void equalContentGivesEqualBytesAndIsCutOnce() {
        provider.load("countries", countries(0, 50, "same"));
        var first = provider.extract("countries", "{}");
        var shared = provider.extract("countries", "{}");
        provider.load("countries", countries(0, 50, "same"));
        var later = provider.extract("countries", "{}");

        assertThat(shared.get("extractId")).isEqualTo(first.get("extractId"));
        assertThat(later.get("extractId")).isNotEqualTo(first.get("extractId"));
        assertThat(later.get("asOf").stringValue())
                .isGreaterThan(first.get("asOf").stringValue());
        assertThat(later.get("files")).isEqualTo(first.get("files"));
    }

    @Test
    void aRepeatedRequestIsGivenTheFirstExtract() {
        provider.load("countries", countries(0, 5, "keyed"));
        var key = "extract-" + Instant.now();

        var first = provider.askExtract("countries", "{\"rowsPerFile\":3}", "Idempotency-Key", key);
        provider.load("countries", countries(0, 6, "keyed"));
        var again = provider.askExtract("countries", "{\"rowsPerFile\":3}", "Idempotency-Key", key);
        var other = provider.askExtract("countries", "{\"rowsPerFile\":4}", "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Location"))
                .isEqualTo("/datasets/countries/extracts/"
                        + first.json().get("extractId").stringValue());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.status()).isEqualTo(422);
    }

    @Test
    void anExtractRequestIsCheckedWhole() {
        var refused = provider.askExtract("countries", "{\"format\":\"XML\",\"rowsPerFile\":0,\"where\":\"1=1\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes()).containsExactlyInAnyOrder("unknown-member", "enum", "type");
    }

    @Test
    void aDatasetWithoutContentHasNoExtract() {
        var refused = provider.askExtract("subscribers", "");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("dataset-empty");
    }

    @Test
    void anEmptyDatasetHasOneFileWithItsColumns() {
        empty("countries");

        var manifest = provider.extract("countries", "{}");

        assertThat(manifest.get("rows").longValue()).isZero();
        assertThat(provider.file(manifest, 0).unzipped()).isEqualTo(HEADER.strip() + "\r\n");
    }

    @Test
    void filesAreServedInPartsAndUnderConditions() {
        provider.load("countries", countries(0, 200, "parts"));
        var manifest = provider.extract("countries", "{}");
        var whole = provider.file(manifest, 0);
        var etag = whole.header("ETag");

        assertThat(whole.status()).isEqualTo(200);
        assertThat(etag).isEqualTo("\"" + sha256(whole.bytes()) + "\"");
        assertThat(whole.header("Repr-Digest"))
                .isEqualTo("sha-256=:"
                        + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256(whole.bytes()))) + ":");
        assertThat(whole.header("Content-Type")).isEqualTo("application/gzip");
        assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(whole.header("Content-Disposition")).matches("attachment; filename=\"[A-Za-z0-9._-]+\"");

        var part = provider.file(manifest, 0, "Range", "bytes=100-199");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("Content-Range")).isEqualTo("bytes 100-199/" + whole.bytes().length);
        assertThat(part.bytes()).isEqualTo(java.util.Arrays.copyOfRange(whole.bytes(), 100, 200));

        assertThat(provider.file(manifest, 0, "Range", "bytes=5-", "If-Range", "\"other\"")
                        .status())
                .isEqualTo(200);
        assertThat(provider.file(manifest, 0, "Range", "bytes=5-", "If-Range", etag)
                        .status())
                .isEqualTo(206);
        var beyond = provider.file(manifest, 0, "Range", "bytes=9999999-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + whole.bytes().length);
        assertThat(provider.file(manifest, 0, "If-None-Match", etag).status()).isEqualTo(304);
        assertThat(provider.file(manifest, 0, "If-Match", "\"other\"").status()).isEqualTo(412);
        var head = provider.send(
                "HEAD",
                "/datasets/countries/extracts/" + manifest.get("extractId").stringValue()
                        + "/files/countries-0001.csv.gz",
                platform.token("data:read"),
                null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(whole.bytes().length));
    }

    @Test
    void aDamagedFileIsAProblemAndTheExtractIsNotGivenToOthers() throws IOException {
        provider.load("countries", countries(0, 60, "damaged"));
        var manifest = provider.extract("countries", "{\"rowsPerFile\":20}");
        var folder = folder("countries", manifest);
        assertThat(provider.file(manifest, 1).status()).isEqualTo(200);
        var second = folder.resolve("countries-0002.csv.gz");
        var bytes = Files.readAllBytes(second);
        bytes[bytes.length / 2] ^= 1;
        Files.write(second, bytes);
        Files.setLastModifiedTime(second, java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
        Files.write(folder.resolve("countries-0001.csv.gz"), new byte[] {1, 2, 3});
        Files.delete(folder.resolve("countries-0003.csv.gz"));

        for (int i = 0; i < 3; i++) {
            var damaged = provider.file(manifest, i);
            assertThat(damaged.status()).isEqualTo(500);
            assertThat(damaged.problem()).isEqualTo("extract-file-damaged");
        }
        assertThat(provider.extract("countries", "{\"rowsPerFile\":20}").get("extractId"))
                .isNotEqualTo(manifest.get("extractId"));
    }

    private Path folder(String dataset, JsonNode manifest) throws IOException {
        try (var folders = Files.list(home.resolve("extracts").resolve(dataset))) {
            return folders.filter(folder -> folder.getFileName()
                            .toString()
                            .startsWith(manifest.get("extractId").stringValue()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void everyExtractIsOneSnapshotWhileImportsGoOn() throws Exception {
        var stop = new AtomicBoolean();
        var versions = new HashMap<Instant, String>();
        var first = provider.load("countries", countries(0, 400, "v0"));
        versions.put(Instant.parse(first.json().get("asOf").stringValue()), "v0");
        var writer = CompletableFuture.runAsync(() -> {
            for (int i = 1; !stop.get(); i++) {
                var name = "v" + i;
                var loaded = provider.load("countries", countries(i % 7, 400 + i % 5, name));
                synchronized (versions) {
                    versions.put(Instant.parse(loaded.json().get("asOf").stringValue()), name);
                }
            }
        });
        var manifests = new ArrayList<JsonNode>();
        for (int i = 0; i < 8; i++) {
            manifests.add(provider.extract("countries", "{\"rowsPerFile\":" + (90 + i) + "}"));
        }
        stop.set(true);
        writer.get(60, java.util.concurrent.TimeUnit.SECONDS);

        var seen = new HashSet<String>();
        for (var manifest : manifests) {
            var version = versions.get(Instant.parse(manifest.get("asOf").stringValue()));
            assertThat(version).isNotNull();
            seen.add(version);
            int number = Integer.parseInt(version.substring(1));
            var ids = new HashSet<String>();
            for (int i = 0; i < manifest.get("files").size(); i++) {
                for (var line :
                        provider.file(manifest, i).unzipped().lines().skip(1).toList()) {
                    assertThat(line).contains("\"" + version + ", ");
                    ids.add(line.substring(0, line.indexOf(',')));
                }
            }
            var expected = number == 0 ? 400 : 400 + number % 5 - number % 7;
            assertThat(ids).hasSize(expected);
            assertThat(manifest.get("rows").intValue()).isEqualTo(expected);
        }
        assertThat(seen).hasSizeGreaterThan(1);
    }

    @Test
    void anExtractWhoseWorkerDiedIsDoneByAnother() throws IOException {
        provider.load("countries", countries(0, 9, "left"));
        var id = "0193aaaa-0000-7000-8000-" + String.format("%012d", System.nanoTime() % 1_000_000_000_000L);
        var now = provider.jdbc()
                .sql("select as_of from dataset_state where dataset_name = 'countries'")
                .query(OffsetDateTime.class)
                .single();
        var orphan = Files.createDirectories(
                home.resolve("extracts").resolve("countries").resolve(id + "-1"));
        Files.writeString(orphan.resolve("countries-0001.csv.gz.part"), "half");
        Files.setLastModifiedTime(
                orphan, java.nio.file.attribute.FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        provider.jdbc()
                .sql("""
                        insert into dataset_extract (extract_id, dataset_name, extract_state, file_format, rows_per_file,
                               as_of, shareable, created_at, expires_at, fence, lease_owner, lease_until)
                        values (:id, 'countries', 'PREPARING', 'CSV', 8, :now, 1, :now, :later, 1, 'dead', :soon)
                        """)
                .param("id", id)
                .param("now", now)
                .param("later", now.plusDays(1))
                .param("soon", now.plusSeconds(2))
                .update();

        var manifest = provider.manifest("countries", id);

        assertThat(manifest.get("state").stringValue()).isEqualTo("READY");
        assertThat(manifest.get("rows").longValue()).isEqualTo(9);
        assertThat(provider.file(manifest, 1).unzipped()).contains("left, 8");
        await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(orphan));
    }

    @Test
    void anExtractThatCannotBeWrittenFailsAndShowsNoFile() throws IOException {
        var header = "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords\n";
        assertThat(provider.load("regions", header + "1,A,,x,EU,DE,,\n").status())
                .isEqualTo(201);
        var place = Files.createDirectories(home.resolve("extracts")).resolve("regions");
        Files.writeString(place, "a file where a folder should be");

        var manifest = provider.extract("regions", "{}");
        Files.delete(place);

        assertThat(manifest.get("state").stringValue()).isEqualTo("FAILED");
        assertThat(manifest.get("error").stringValue()).startsWith("the files could not be written");
        assertThat(manifest.get("error").stringValue()).doesNotContain(home.toString());
        assertThat(manifest.get("files")).isEmpty();
        assertThat(provider.get("/datasets/regions/extracts/"
                                + manifest.get("extractId").stringValue() + "/files/regions-0001.csv.gz")
                        .status())
                .isEqualTo(409);
        assertThat(provider.extract("regions", "{}").get("state").stringValue()).isEqualTo("READY");
    }

    @Test
    void anExtractIsDeletedWhenItsTimeIsOver() throws IOException {
        provider.load("countries", countries(0, 9, "expired"));
        var manifest = provider.extract("countries", "{}");
        var id = manifest.get("extractId").stringValue();
        var folder = folder("countries", manifest);

        provider.jdbc()
                .sql("update dataset_extract set expires_at = created_at where extract_id = :id")
                .param("id", id)
                .update();

        await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(folder));
        assertThat(provider.get("/datasets/countries/extracts/" + id).status()).isEqualTo(404);
    }

    @Test
    void aTableThatIsWrittenElsewhereTakesNoImportsAndEachExtractIsNew() {
        var jdbc = provider.jdbc();
        jdbc.sql("delete from golden.tariff").update();
        jdbc.sql("insert into golden.tariff (plan, since, active) values ('p', 20260101, true)")
                .update();

        var first = provider.extract("live-tariffs", "{}");
        jdbc.sql("insert into golden.tariff (plan, since, active) values ('q', 20260101, true)")
                .update();
        var second = provider.extract("live-tariffs", "{}");

        assertThat(first.get("rows").longValue()).isEqualTo(1);
        assertThat(second.get("rows").longValue()).isEqualTo(2);
        assertThat(second.get("asOf").stringValue())
                .isGreaterThan(first.get("asOf").stringValue());
        assertThat(second.get("columns").get(4).stringValue()).isEqualTo("changed_at");
        assertThat(provider.get("/datasets/live-tariffs").json().get("rows").longValue())
                .isEqualTo(2);
        assertThat(provider.load("live-tariffs", "plan\n").problem()).isEqualTo("written-elsewhere");
    }

    // ---- rows, catalogue

    @Test
    void aRowIsReadByItsKey() {
        provider.load("countries", HEADER + "7,NA,Namibia – Ünï😀,AF, ,\n");

        var row = provider.get("/datasets/countries/rows/7");

        assertThat(row.status()).isEqualTo(200);
        assertThat(row.json().get("code").stringValue()).isEqualTo("NA");
        assertThat(row.json().get("name").stringValue()).isEqualTo("Namibia – Ünï😀");
        assertThat(row.json().get("wikipedia_link").stringValue()).isEqualTo(" ");
        assertThat(row.json().get("keywords").isNull()).isTrue();
        assertThat(provider.get("/datasets/countries/rows/7", "If-None-Match", row.header("ETag"))
                        .status())
                .isEqualTo(304);
        provider.load("countries", HEADER + "7,NA,Namibia,AF,,\n");
        assertThat(provider.get("/datasets/countries/rows/7", "If-None-Match", row.header("ETag"))
                        .status())
                .isEqualTo(200);
        var unknown = provider.get("/datasets/countries/rows/8' or '1'='1".replace(" ", "%20"));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.problem()).isEqualTo("no-such-row");
        assertThat(provider.get("/datasets/tariffs/rows/x,noday").status()).isEqualTo(404);
        assertThat(provider.get("/datasets/tariffs/rows/x").status()).isEqualTo(404);
    }

    @Test
    void theCatalogueShowsEveryDataset() {
        var list = provider.get("/datasets").json();

        assertThat(list.get("items").findValuesAsString("name"))
                .contains("countries", "regions", "subscribers", "tariffs", "live-tariffs");
        var subscribers = provider.get("/datasets/subscribers").json();
        assertThat(subscribers.get("columns").findValuesAsString("name"))
                .containsExactly("customerID", "gender", "Churn");
        assertThat(subscribers.get("rows").isNull()).isTrue();
        assertThat(provider.get("/datasets/unknown").problem()).isEqualTo("no-such-dataset");
    }

    // ---- how the data stand

    private Answer told(String path) {
        return provider.send("GET", path, platform.token("runs:read"), null);
    }

    private JsonNode status(String dataset) {
        return told("/status")
                .json()
                .get("datasets")
                .valueStream()
                .filter(one -> one.get("name").stringValue().equals(dataset))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theStatusTellsHowFreshEachDatasetIsAndHowLookUpsDo() {
        provider.load(
                "regions", "id,code,local_code,name,continent,iso_country,wikipedia_link,keywords\n1,R,,R-1,,,,\n");
        var before = status("regions").get("lookups").get("complete").longValue();
        provider.lookUp("regions", "text/plain", "1\n2\n");

        var regions = status("regions");
        assertThat(regions.get("source").stringValue()).isEqualTo("HERE");
        assertThat(regions.get("rows").longValue()).isEqualTo(1);
        assertThat(Instant.parse(regions.get("asOf").stringValue()))
                .isBeforeOrEqualTo(Instant.now().plusSeconds(60));
        assertThat(regions.get("importedAt").isNull()).isFalse();
        assertThat(regions.get("log").isNull()).isTrue();
        assertThat(regions.get("lookups").get("complete").longValue()).isEqualTo(before + 1);
        assertThat(regions.get("lookups").get("p99Millis").longValue()).isPositive();
        assertThat(status("live-tariffs").get("source").stringValue()).isEqualTo("ELSEWHERE");
        assertThat(status("readings").get("lookups").isNull()).isTrue();
        var all = told("/status");
        assertThat(all.json().get("capture").isNull()).isTrue();
        assertThat(all.json().get("subscriptions").get("items").isEmpty()).isTrue();
        assertThat(all.text()).doesNotContain("R-1");
    }

    @Test
    void extractsAreListedTheNewestFirstWithWhoAskedForThem() {
        provider.load("countries", countries(0, 25, "listed"));
        var first = provider.extract("countries", "{\"rowsPerFile\": 10}")
                .get("extractId")
                .stringValue();
        provider.load("countries", countries(0, 26, "listed"));
        var second = provider.extract("countries", "{\"rowsPerFile\": 10}");

        var page = told("/extracts?dataset=countries&limit=1").json();
        var newest = page.get("items").get(0);
        assertThat(newest.get("extractId")).isEqualTo(second.get("extractId"));
        assertThat(newest.get("state").stringValue()).isEqualTo("READY");
        assertThat(newest.get("requestedBy").stringValue()).isEqualTo("owner");
        assertThat(newest.get("rows").longValue()).isEqualTo(26);
        assertThat(newest.get("files").longValue()).isEqualTo(3);
        assertThat(newest.get("bytes").longValue())
                .isEqualTo(second.get("files")
                        .valueStream()
                        .mapToLong(file -> file.get("bytes").longValue())
                        .sum());
        assertThat(newest.get("expiresAt").isNull()).isFalse();
        var older = told("/extracts?dataset=countries&limit=1&cursor="
                        + page.get("nextCursor").stringValue())
                .json();
        assertThat(older.get("items").get(0).get("extractId").stringValue()).isEqualTo(first);
        assertThat(told("/extracts?limit=200").json().get("items").findValuesAsString("extractId"))
                .contains(first);

        var detail = told("/extracts/" + first).json();
        assertThat(detail.get("files").findValuesAsString("sha256")).hasSize(3);
        assertThat(detail.get("filesAreAll").booleanValue()).isTrue();
        assertThat(told("/extracts/none").problem()).isEqualTo("no-such-extract");
        assertThat(told("/extracts?dataset=none").problem()).isEqualTo("no-such-dataset");
        assertThat(told("/extracts?cursor=x&limit=0").codes()).containsExactly("cursor", "type");
    }

    // ---- who may

    @Test
    void noRouteIsOpenWithoutAGoodTokenOfItsScope() {
        var mappings = provider.context()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values();
        var ours = mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                .filter(route -> route.getValue().getBeanType().getName().startsWith("io.syncline.provider"))
                .toList();
        int walked = 0;
        for (var route : ours) {
            for (var method : route.getKey().getMethodsCondition().getMethods()) {
                for (var pattern : route.getKey().getPatternValues()) {
                    var path = pattern.replaceAll("\\{[^}]+}", "countries");
                    refuses(method.name(), path);
                    walked++;
                }
            }
        }
        assertThat(walked).isEqualTo(27);
        refuses("GET", "/actuator/prometheus");
    }

    private void refuses(String method, String path) {
        var writes = path.endsWith("/imports")
                || path.equals("/events")
                || path.startsWith("/social/")
                || path.startsWith("/subscriptions")
                || path.startsWith("/deliveries");
        var tellsOfData = path.startsWith("/actuator") || path.equals("/status") || path.startsWith("/extracts");
        var scope = writes ? "triggers:write" : tellsOfData ? "runs:read" : "data:read";
        var without = provider.send(method, path, null, null);
        assertThat(without.status()).as(method + " " + path).isEqualTo(401);
        assertThat(without.header("Content-Type")).startsWith("application/problem+json");
        assertThat(provider.send(method, path, "no.token.atall", null).status()).isEqualTo(401);
        for (var attack : platform.attacks(scope)) {
            assertThat(provider.send(method, path, attack.token(), null).status())
                    .as(method + " " + path + " " + attack.name())
                    .isIn(attack.token().length() > 8 * 1024 ? List.of(400, 401, 431) : List.of(401));
        }
        var other = provider.send(method, path, platform.token("config:read", "payload:read"), null);
        assertThat(other.status()).as(method + " " + path).isEqualTo(403);
        assertThat(other.header("Content-Type")).startsWith("application/problem+json");
        var good = provider.send(method, path, platform.token(scope), null).status();
        assertThat(good).as(method + " " + path).isNotIn(401, 403);
        var admin = provider.send(method, path, platform.tokenOf("somebody", "admin"), null);
        assertThat(admin.status()).as(method + " " + path).isNotIn(401, 403);
        if (writes) {
            var foreign = provider.send(method, path, platform.tokenOf("another-upstream", scope), null);
            assertThat(foreign.status()).as(method + " " + path).isEqualTo(403);
        }
    }

    @Test
    void aPathOrMethodThatNobodyDeclaredIsNotFoundRatherThanForbidden() {
        assertThat(provider.get("/nowhere").status()).isEqualTo(404);
        assertThat(provider.get("/datasets/countries/subscriptions").status()).isEqualTo(404);
        var wrong = provider.send("DELETE", "/datasets/countries", platform.token("data:read"), null);
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.header("Allow")).contains("GET");
        assertThat(provider.send("GET", "/nowhere", null, null).status()).isEqualTo(401);
        var refused = provider.get("/datasets/countries/rows/a%2Fb");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void healthAndTheDescriptionArePublic() {
        assertThat(provider.send("GET", "/actuator/health/liveness", null, null).status())
                .isEqualTo(200);
        assertThat(provider.send("GET", "/actuator/health/readiness", null, null)
                        .status())
                .isEqualTo(200);
        var description = provider.send("GET", "/v3/api-docs", null, null);
        assertThat(description.status()).isEqualTo(200);
        assertThat(description.json().get("paths").propertyNames())
                .contains("/datasets/{name}/imports", "/datasets/{name}/extracts/{id}/files/{file}", "/events");
        assertThat(provider.get("/actuator/prometheus").status()).isEqualTo(403);
        assertThat(provider.send("GET", "/actuator/prometheus", platform.token("runs:read"), null)
                        .status())
                .isEqualTo(200);
    }
}
