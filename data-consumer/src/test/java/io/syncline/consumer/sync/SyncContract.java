package io.syncline.consumer.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.syncline.client.TokenClient;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.FakeProvider.Extract;
import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** What must hold on every database. */
abstract class SyncContract {

    static final List<String> COLUMNS = List.of("id", "code", "name", "continent", "wikipedia_link", "keywords");
    static final Instant MONDAY = Instant.parse("2026-07-27T04:00:00.123456Z");
    static final Instant TUESDAY = MONDAY.plus(Duration.ofDays(1));
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path home;

    final KeptReports reports = new KeptReports();
    final List<SyncEngine> started = new ArrayList<>();
    final Calls faults = new Calls("HTTP");
    FakeProvider provider;
    JdbcTemplate jdbc;

    abstract DataSource dataSource();

    @BeforeEach
    void open() throws Exception {
        provider = new FakeProvider(faults);
        jdbc = new JdbcTemplate(dataSource());
        for (var table : List.of(
                "merge_commit",
                "sync_file",
                "sync_job",
                "dataset_state",
                "consumer_instance",
                "reconcile_row",
                "countries",
                "stage_countries",
                "runways",
                "stage_runways")) {
            jdbc.update("delete from " + table);
        }
    }

    @AfterEach
    void close() {
        started.forEach(SyncEngine::stop);
        provider.close();
    }

    SyncEngine engine(String instance) {
        return engine(instance, Duration.ZERO);
    }

    SyncEngine engine(String instance, Duration reconcileAfter) {
        var properties = new ConsumerProperties(
                provider.url(),
                instance,
                2,
                Duration.ofSeconds(12),
                Duration.ofSeconds(3),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                reconcileAfter,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                3,
                home.resolve("spool-" + instance),
                Duration.ofHours(1),
                100,
                List.of(
                        Plain.dataset("countries", "countries"),
                        Plain.dataset("runways", "runways"),
                        new Dataset("foreign", "foreign", "countries", "id", WINDOWS, List.of("\\N"), false),
                        new Dataset("emptied", "countries", "countries", "id", UTF_8, List.of(), true)));
        var dialect = SqlDialect.of(dataSource());
        var transactions =
                new Transactions(dialect, JdbcClient.create(dataSource()), new JdbcTransactionManager(dataSource()));
        return SyncEngines.create(
                properties,
                new Datasets(properties.datasets()),
                transactions,
                new JdbcTemplate(dataSource()),
                new FixedToken(),
                reports,
                JsonMapper.builder().build());
    }

    SyncEngine running(String instance) {
        return running(instance, Duration.ZERO);
    }

    SyncEngine running(String instance, Duration reconcileAfter) {
        var engine = engine(instance, reconcileAfter);
        started.add(engine);
        engine.start();
        return engine;
    }

    static List<@Nullable String> country(int id, @Nullable String name) {
        return Arrays.asList(Integer.toString(id), "C" + id, name, "EU", null, "a, \"b\"\nc é");
    }

    static List<List<@Nullable String>> countries(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(id -> country(id, "Country " + id))
                .toList();
    }

    static Extract extract(Instant asOf, List<List<@Nullable String>> rows, int files) {
        return FakeProvider.extractOf("countries", asOf, COLUMNS, rows, files);
    }

    StatusReport end(String key) {
        await().atMost(SOON).until(() -> reports.terminal(key) > 0);
        var last = reports.last(key);
        if (last == null) {
            throw new AssertionError("no report of " + key);
        }
        return last;
    }

    long count(String table) {
        Long rows = jdbc.queryForObject("select count(*) from " + table, Long.class);
        return rows == null ? 0 : rows;
    }

    List<Map<String, Object>> targetRows() {
        return jdbc.queryForList(
                "select id, code, name, continent, wikipedia_link, keywords from countries order by id");
    }

    @SuppressWarnings("unchecked")
    static Map<String, List<String>> differences(StatusReport report) {
        return (Map<String, List<String>>) result(report).get("differences");
    }

    static Map<String, @Nullable Object> result(StatusReport report) {
        var result = report.result();
        if (result == null) {
            throw new AssertionError("no result in " + report);
        }
        return result;
    }

    static List<FileReport> files(StatusReport report) {
        var files = report.files();
        if (files == null) {
            throw new AssertionError("no files in " + report);
        }
        return files;
    }

    @Test
    void aDownloadWhoseConnectionEndsHalfWayIsTriedAgain() {
        provider.serve(extract(MONDAY, countries(20), 1));
        // behind the order and the manifest
        faults.failAt(3, Failure.MADE_UNHEARD);

        running("one").accept("run.1", "countries");

        assertThat(end("run.1").status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(faults.struck()).hasValueSatisfying(call -> assertThat(call).contains("/files/"));
        assertThat(provider.downloads()).isEqualTo(2);
    }

    @Test
    void everyFieldOfTheExtractIsInTheTargetAndTheReportBalances() {
        provider.serve(extract(MONDAY, countries(2500), 3));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(report.reconciliation())
                .isEqualTo(new io.syncline.contracts.Reconciliation(2500L, 2500L, 0L, 0L, 0L));
        assertThat(result(report)).containsEntry("inserted", 2500L).containsEntry("asOf", MONDAY.toString());
        assertThat(files(report))
                .hasSize(3)
                .allMatch(file -> file.status() == FileReport.Status.COMPLETED)
                .allMatch(file -> file.expectedRows().equals(file.actualRows()))
                .allMatch(file -> file.expectedChecksum().equals(file.actualChecksum()));
        var seventh = jdbc.queryForMap("select * from countries where id = '7'");
        assertThat(seventh.get("name")).isEqualTo("Country 7");
        assertThat(seventh.get("keywords")).isEqualTo("a, \"b\"\nc é");
        assertThat(seventh.get("wikipedia_link")).isNull();
    }

    @Test
    void theStatusSaysWhatEachCopyHolds() {
        provider.serve(extract(MONDAY, countries(25), 1));
        running("one").accept("run.1", "countries");
        end("run.1");
        var transactions = new Transactions(
                SqlDialect.of(dataSource()), JdbcClient.create(dataSource()), new JdbcTransactionManager(dataSource()));
        var datasets =
                new Datasets(List.of(Plain.dataset("countries", "countries"), Plain.dataset("runways", "runways")));

        var copies = new CopyStatus(datasets, transactions, JdbcClient.create(dataSource())).all();

        assertThat(copies.get(0))
                .returns("/sync/countries", CopyStatus.Copy::path)
                .returns("countries", CopyStatus.Copy::source)
                .returns(MONDAY, CopyStatus.Copy::asOf)
                .returns(25L, CopyStatus.Copy::rows)
                .returns(false, CopyStatus.Copy::isWritten);
        assertThat(copies.get(1)).isEqualTo(new CopyStatus.Copy("/sync/runways", "runways", null, null, false, null));
    }

    @Test
    void theNextDayInsertsUpdatesAndDeletesOnlyWhatChanged() {
        provider.serve(extract(MONDAY, countries(100), 2));
        var engine = running("one");
        engine.accept("run.1", "countries");
        end("run.1");
        var rows = new ArrayList<>(countries(103).subList(2, 103));
        rows.set(0, country(3, "Renamed"));
        rows.set(1, country(4, null));
        provider.serve(extract(TUESDAY, rows, 2));

        engine.accept("run.2", "countries");

        var report = end("run.2");
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(result(report))
                .containsEntry("inserted", 3L)
                .containsEntry("updated", 2L)
                .containsEntry("deleted", 2L)
                .containsEntry("unchanged", 96L);
        assertThat(count("countries")).isEqualTo(101);
        assertThat(jdbc.queryForObject("select name from countries where id = '3'", String.class))
                .isEqualTo("Renamed");
    }

    @Test
    void anIdenticalExtractWritesNothing() {
        provider.serve(extract(MONDAY, countries(50), 2));
        var engine = running("one");
        engine.accept("run.1", "countries");
        end("run.1");
        var before = jdbc.queryForList("select * from countries order by id");
        provider.serve(extract(TUESDAY, countries(50), 2));

        engine.accept("run.2", "countries");

        var report = end("run.2");
        assertThat(result(report)).containsEntry("unchanged", 50L).containsEntry("updated", 0L);
        assertThat(jdbc.queryForList("select * from countries order by id")).isEqualTo(before);
    }

    @Test
    void anOlderExtractIsSkippedWithoutWrites() {
        provider.serve(extract(TUESDAY, countries(50), 1));
        var engine = running("one");
        engine.accept("run.1", "countries");
        end("run.1");
        var before = jdbc.queryForList("select * from countries order by id");
        provider.serve(extract(MONDAY, countries(10), 1));

        engine.accept("run.2", "countries");

        var report = end("run.2");
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(result(report)).containsEntry("skipped", "OLDER_AS_OF");
        assertThat(files(report)).allMatch(file -> file.status() == FileReport.Status.SKIPPED);
        assertThat(report.reconciliation().isBalanced(0)).isTrue();
        assertThat(jdbc.queryForList("select * from countries order by id")).isEqualTo(before);
    }

    @Test
    void aWrongRowCountIsRefusedWithBothNumbersAndNothingBecomesVisible() {
        provider.serve(extract(MONDAY, countries(90), 3)
                .withFile(
                        1,
                        file -> new io.syncline.contracts.ExtractManifest.ExtractFile(
                                file.name(), file.rows() + 5, file.bytes(), file.sha256())));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        var bad = files(report).get(0);
        assertThat(bad.expectedRows()).isEqualTo(35);
        assertThat(bad.actualRows()).isEqualTo(30);
        assertThat(bad.error()).contains("35").contains("30");
        assertThat(count("countries")).isZero();
        assertThat(count("merge_commit")).isZero();
    }

    @Test
    void aWrongChecksumIsRefusedWithBothNumbersAndNothingBecomesVisible() {
        var wrong = "0".repeat(64);
        provider.serve(extract(MONDAY, countries(90), 3)
                .withFile(
                        2,
                        file -> new io.syncline.contracts.ExtractManifest.ExtractFile(
                                file.name(), file.rows(), file.bytes(), wrong)));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        var bad = files(report).get(0);
        assertThat(bad.expectedChecksum()).isEqualTo("sha-256=" + wrong);
        assertThat(bad.actualChecksum()).startsWith("sha-256=").isNotEqualTo(bad.expectedChecksum());
        assertThat(count("countries")).isZero();
    }

    @Test
    void aFileCutInHalfIsRefusedAndAfterCorrectionANewAttemptCompletes() {
        var whole = extract(MONDAY, countries(3000), 3);
        provider.serve(whole.withBytes(0, bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
        var engine = running("one");
        engine.accept("run.1", "countries");
        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        var bad = files(report).get(0);
        assertThat(bad.expectedRows()).isEqualTo(1000);
        assertThat(bad.actualRows()).isLessThan(1000);
        assertThat(bad.actualChecksum()).isNotEqualTo(bad.expectedChecksum());
        assertThat(count("countries")).isZero();
        long before = provider.downloads();

        provider.serve(whole);
        engine.accept("run.2", "countries");

        assertThat(end("run.2").status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(count("countries")).isEqualTo(3000);
        assertThat(provider.downloads() - before)
                .as("files that were good are not downloaded again")
                .isEqualTo(1);
    }

    @Test
    void aKeyTwiceInTheExtractIsNamed() {
        var rows = new ArrayList<>(countries(20));
        rows.set(15, country(3, "Again"));
        provider.serve(extract(MONDAY, rows, 2));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.message()).contains("more than once").contains("3");
        assertThat(count("countries")).isZero();
    }

    @Test
    void aManifestThatNamesAPathForAFileOrAChecksumIsRefusedBeforeAnythingIsFetched() {
        var names = List.of("../../etc/passwd", "/etc/passwd", "..", "a/b", "a\\b", "a\u0000", "");
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            provider.serve(extract(MONDAY, countries(20), 2)
                    .withFile(0, file -> new ExtractFile(name, file.rows(), file.bytes(), file.sha256())));
            running("one").accept("name." + i, "countries");

            assertThat(end("name." + i).message()).as(name).contains("one that is none");
        }
        provider.serve(extract(MONDAY, countries(20), 2)
                .withFile(0, file -> new ExtractFile(file.name(), file.rows(), file.bytes(), "../" + file.sha256())));
        running("one").accept("checksum.1", "countries");

        assertThat(end("checksum.1").message()).contains("no true rows, bytes and sha-256");
        assertThat(provider.requests).noneMatch(request -> request.contains("/files/"));
    }

    @Test
    void aRowThatTheTableCannotHoldIsRefused() {
        var rows = new ArrayList<>(countries(20));
        rows.set(15, country(16, "x".repeat(5000)));
        provider.serve(extract(MONDAY, rows, 2));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        assertThat(count("countries")).isZero();
    }

    /** A file as another program may write it. */
    private static Extract foreignFile(String dataset, byte[] bytes, long rows) {
        var name = dataset + "-0001.csv";
        var file = new ExtractFile(name, rows, bytes.length, FakeProvider.sha256(bytes));
        return new Extract(
                new ExtractManifest(
                        dataset + "-" + FakeProvider.sha256(bytes),
                        dataset,
                        ExtractManifest.State.READY,
                        MONDAY,
                        COLUMNS,
                        List.of("id"),
                        rows,
                        List.of(file),
                        null,
                        null),
                Map.of(name, bytes));
    }

    static Stream<Arguments> strangeFiles() {
        return Stream.of(
                arguments("a byte order mark", "countries", UTF_8, "\uFEFF%s\r\n1,C1,a,,,\r\n", "a"),
                arguments("lines that end in CR alone", "countries", UTF_8, "%s\r1,C1,a,,,\r", "a"),
                arguments("no line end behind the last", "countries", UTF_8, "%s\n1,C1,a,,,", "a"),
                arguments(
                        "quotes and line ends",
                        "countries",
                        UTF_8,
                        "%s\n1,C1,\"\"\"a\"\"\r\nb\rc,\",,,\n",
                        "\"a\"\r\nb\rc,"),
                arguments("0x1A as content", "countries", UTF_8, "%s\n1,C1,a\u001Ab,,,\n", "a\u001Ab"),
                arguments("NA as a text", "countries", UTF_8, "%s\n1,C1,NA,,,\n", "NA"),
                arguments(
                        "a text that means null, where nothing says so",
                        "countries",
                        UTF_8,
                        "%s\n1,C1,\\N,,,\n",
                        "\\N"),
                arguments("a text that means null", "foreign", WINDOWS, "%s\n1,C1,\\N,,,\n", null),
                arguments("Windows-1252", "foreign", WINDOWS, "%s\n1,C1,Caf\u00e9 \u20ac,,,\n", "Caf\u00e9 \u20ac"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangeFiles")
    void aStrangeFileIsLoadedAsItIsMeant(
            String what, String dataset, Charset charset, String text, @Nullable String name) {
        var bytes = text.formatted(String.join(",", COLUMNS)).getBytes(charset);
        provider.serve(foreignFile(dataset, bytes, 1));

        running("one").accept("run.1", dataset);

        var report = end("run.1");
        assertThat(report.status()).as("%s", report).isEqualTo(ReportStatus.COMPLETED);
        assertThat(report.reconciliation()).isEqualTo(new io.syncline.contracts.Reconciliation(1L, 1L, 0L, 0L, 0L));
        assertThat(jdbc.queryForList("select name from countries", String.class))
                .containsExactly(name);
    }

    static Stream<Arguments> unreadableFiles() {
        return Stream.of(
                arguments(
                        "Latin-1 as UTF-8", "countries", "1,C1,b,,,\n2,C2,caf\u00e9,,,\n", "line 3", "byte 66", "(e9)"),
                arguments("what Windows-1252 lacks", "foreign", "1,C1,\u0081,,,\n", "line 2", "byte 53", "(81)"),
                arguments("NUL", "countries", "1,C1,b\0,,,\n", "line 2", "NUL", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadableFiles")
    void bytesThatAreNoTextAreRefusedWithTheirPlace(
            String what, String dataset, String rows, String line, String place, String bytes) {
        var header = String.join(",", COLUMNS) + "\n";
        provider.serve(foreignFile(dataset, (header + rows).getBytes(StandardCharsets.ISO_8859_1), 2));

        running("one").accept("run.1", dataset);

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        assertThat(report.message()).contains(line, place, bytes);
        assertThat(count("countries")).isZero();
    }

    static Stream<Arguments> extractsWithoutRows() {
        return Stream.of(
                arguments("countries", 1, 3, ReportStatus.FAILED, 3),
                arguments("countries", 0, 3, ReportStatus.FAILED, 3),
                arguments("countries", 1, 0, ReportStatus.COMPLETED, 0),
                arguments("emptied", 1, 3, ReportStatus.COMPLETED, 0),
                arguments("emptied", 0, 3, ReportStatus.COMPLETED, 0));
    }

    @ParameterizedTest(name = "{0}, {1} files, {2} rows before")
    @MethodSource("extractsWithoutRows")
    void anExtractWithoutRowsEmptiesATableOnlyWhereThatIsSaid(
            String dataset, int files, int before, ReportStatus status, long after) {
        var engine = running("one");
        provider.serve(extract(MONDAY, countries(before), 1));
        engine.accept("run.1", "emptied");
        end("run.1");
        provider.serve(extract(TUESDAY, List.of(), files));

        engine.accept("run.2", dataset);

        var report = end("run.2");
        assertThat(report.status()).as("%s", report).isEqualTo(status);
        assertThat(count("countries")).isEqualTo(after);
        if (status == ReportStatus.FAILED) {
            assertThat(report.retryable()).isFalse();
            assertThat(report.message()).contains("no rows", "may-empty");
        } else {
            assertThat(report.reconciliation()).isEqualTo(new io.syncline.contracts.Reconciliation(0L, 0L, 0L, 0L, 0L));
        }
    }

    @Test
    void aDatasetThatRefusedToBeEmptiedTakesTheNextExtract() {
        var engine = running("one");
        provider.serve(extract(MONDAY, countries(3), 1));
        engine.accept("run.1", "countries");
        end("run.1");
        provider.serve(extract(TUESDAY, List.of(), 1));
        engine.accept("run.2", "countries");
        end("run.2");
        provider.serve(extract(TUESDAY.plusSeconds(1), countries(4), 1));

        engine.accept("run.3", "countries");

        assertThat(end("run.3").status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(count("countries")).isEqualTo(4);
    }

    @Test
    void anExtractWithoutAKeyIsRefused() {
        provider.serve(extract(MONDAY, countries(2), 1)
                .with(whole -> new ExtractManifest(
                        whole.extractId(),
                        whole.dataset(),
                        whole.state(),
                        whole.asOf(),
                        whole.columns(),
                        List.of(),
                        whole.rows(),
                        whole.files(),
                        null,
                        null)));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        assertThat(report.message()).contains("has no key");
    }

    @Test
    void otherColumnsThanTheTableKeepsAreNamed() {
        provider.serve(FakeProvider.extractOf(
                "countries", MONDAY, List.of("id", "code", "anthem"), List.of(List.of("1", "AD", "x")), 1));

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.message()).contains("anthem").contains("wikipedia_link");
    }

    @Test
    void theSameKeyTwiceIsOneJobAndOneEnd() {
        provider.serve(extract(MONDAY, countries(30), 2));
        var engine = running("one");

        engine.accept("run.1", "countries");
        engine.accept("run.1", "countries");
        end("run.1");
        engine.accept("run.1", "countries");

        assertThat(count("sync_job")).isEqualTo(1);
        assertThat(count("merge_commit")).isEqualTo(2);
        assertThat(reports.terminal("run.1")).isEqualTo(1);
    }

    @Test
    void aProviderThatFailsForAWhileIsAskedAgain() {
        provider.serve(extract(MONDAY, countries(30), 2));
        provider.failNext(3);

        running("one").accept("run.1", "countries");

        assertThat(end("run.1").status()).isEqualTo(ReportStatus.COMPLETED);
    }

    @Test
    void aDatasetThatTheProviderDoesNotHaveFailsForGood() {
        running("one").accept("run.1", "runways");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.FAILED);
        assertThat(report.retryable()).isFalse();
        assertThat(report.message()).contains("404");
    }

    @Test
    void twoInstancesShareTheFilesOfOneJob() {
        provider.serve(extract(MONDAY, countries(4000), 8));
        running("two");

        running("one").accept("run.1", "countries");

        var report = end("run.1");
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        var byInstance = jdbc.queryForList("select instance_id, count(*) as n from merge_commit group by instance_id");
        assertThat(byInstance).hasSize(2).allMatch(row -> ((Number) row.get("n")).intValue() >= 2);
        assertThat(count("merge_commit")).isEqualTo(8);
    }

    @Test
    void theLateMergeOfAFrozenInstanceIsRejected() {
        provider.serve(extract(MONDAY, countries(40), 2));
        var frozen = engine("frozen");
        var other = engine("other");
        frozen.accept("run.1", "countries");
        until(frozen, JobState.MERGING);
        var held = frozen.fileSteps().claim().orElseThrow();
        jdbc.update("update sync_file set lease_until = due_at - interval '1' minute where lease_until is not null");
        until(other, JobState.RECONCILING);
        assertThat(count("merge_commit")).isEqualTo(2);
        var before = jdbc.queryForList("select * from countries order by id");

        frozen.fileSteps().work(held);

        assertThat(jdbc.queryForList("select * from countries order by id")).isEqualTo(before);
        assertThat(jdbc.queryForList("select distinct instance_id from merge_commit", String.class))
                .containsExactly("other");
        until(other, JobState.COMPLETED);
        assertThat(end("run.1").status()).isEqualTo(ReportStatus.COMPLETED);
    }

    @Test
    void theLateStepOfAFrozenJobWorkerIsRejected() {
        provider.serve(extract(MONDAY, countries(40), 2));
        var frozen = engine("frozen");
        var other = engine("other");
        frozen.accept("run.1", "countries");
        until(frozen, JobState.RECONCILING);
        var held = frozen.jobSteps().claim().orElseThrow();
        jdbc.update("update sync_job set lease_until = due_at - interval '1' minute where lease_until is not null");
        until(other, JobState.COMPLETED);

        frozen.jobSteps().work(held);

        assertThat(reports.terminal("run.1")).isEqualTo(1);
    }

    @Test
    void aRowInAnOpenTransactionOfItsHolderIsNotTaken() {
        provider.serve(extract(MONDAY, countries(40), 2));
        var one = engine("one");
        one.accept("run.1", "countries");
        until(one, JobState.MERGING);
        one.fileSteps().claim().orElseThrow();
        one.fileSteps().claim().orElseThrow();

        assertThat(engine("two").fileSteps().claim()).isEmpty();
    }

    @Test
    void changesBetweenMergeAndReconciliationAreFoundWithTheirKeys() {
        provider.serve(extract(MONDAY, countries(2500), 3));
        var engine = engine("one");
        engine.accept("run.1", "countries");
        until(engine, JobState.RECONCILING);
        jdbc.update("update countries set name = 'Tampered' where id = '17'");
        jdbc.update("delete from countries where id = '18'");
        jdbc.update("insert into countries (id, name, row_version, updated_at)"
                + " select 'extra', 'Added', 1, updated_at from countries where id = '1'");

        until(engine, JobState.COMPLETED);

        var report = end("run.1");
        assertThat(report.reconciliation())
                .isEqualTo(new io.syncline.contracts.Reconciliation(2500L, 2500L, 1L, 1L, 1L));
        assertThat(differences(report))
                .containsEntry("missing", List.of("18"))
                .containsEntry("unexpected", List.of("extra"))
                .containsEntry("different", List.of("17"));
    }

    @Test
    void onlyRowsOfBucketsThatDifferAreLaidDown() {
        provider.serve(extract(MONDAY, countries(2500), 3));
        var engine = engine("one");
        engine.accept("run.1", "countries");
        until(engine, JobState.RECONCILING);
        jdbc.update("update countries set name = 'Tampered' where id = '17'");

        until(engine, JobState.COMPLETED);

        assertThat(differences(end("run.1"))).containsEntry("different", List.of("17"));
        assertThat(count("reconcile_row")).isBetween(2L, 50L);
    }

    @Test
    void aFileWhoseStagedRowsWereLostIsNotMergedAndDeletesNothing() {
        provider.serve(extract(MONDAY, countries(50), 2));
        var engine = engine("one");
        engine.accept("run.1", "countries");
        until(engine, JobState.COMPLETED);
        provider.serve(extract(TUESDAY, countries(50), 2));
        engine.accept("run.2", "countries");
        until(engine, "run.2", JobState.MERGING);
        jdbc.update("delete from stage_countries where id = '7'");

        started.add(engine);
        engine.start();

        assertThat(end("run.2").status()).isEqualTo(ReportStatus.FAILED);
        assertThat(count("countries")).isEqualTo(50);
    }

    @Test
    void whatALoaderReadsOtherwiseArrivesAsItIs() {
        var texts = List.of(
                "\\N",
                "\\",
                "a\\tb",
                "a\tb",
                "\\.",
                "a\r\nb\rc\nd",
                "\\x41\\101",
                "'; --",
                "\u0001\u007f",
                "\uD83D\uDE00");
        var rows = IntStream.range(0, texts.size())
                .mapToObj(i -> country(i, texts.get(i)))
                .toList();
        provider.serve(extract(MONDAY, rows, 1));

        running("one").accept("run.1", "countries");

        assertThat(end("run.1").reconciliation().isBalanced(0)).isTrue();
        assertThat(jdbc.queryForList("select name from countries order by id", String.class))
                .isEqualTo(texts);
    }

    @Test
    void rowsThatFillABatchByTheirLengthAreAllStaged() {
        var rows = IntStream.range(0, 700)
                .mapToObj(id -> country(id, "x".repeat(3990)))
                .toList();
        provider.serve(extract(MONDAY, rows, 1));

        running("one").accept("run.1", "countries");

        assertThat(end("run.1").reconciliation().isBalanced(0)).isTrue();
        assertThat(count("countries")).isEqualTo(700);
    }

    @Test
    void aNewAttemptRepairsWhatWasTampered() {
        provider.serve(extract(MONDAY, countries(50), 1));
        var engine = running("one");
        engine.accept("run.1", "countries");
        end("run.1");
        jdbc.update("update countries set name = 'Tampered' where id = '17'");
        jdbc.update("delete from countries where id = '18'");

        engine.accept("run.2", "countries");

        assertThat(result(end("run.2"))).containsEntry("updated", 1L).containsEntry("inserted", 1L);
    }

    @Test
    void stagingAndReconciliationRowsAreGoneWhenTheJobIsOver() {
        provider.serve(extract(MONDAY, countries(50), 2));
        running("one").accept("run.1", "countries");
        end("run.1");

        await().atMost(SOON).until(() -> count("stage_countries") == 0 && count("reconcile_row") == 0);
    }

    @Test
    void oneJobAtATimeWritesATarget() {
        provider.serve(extract(MONDAY, countries(50), 2));
        var engine = engine("one");
        engine.accept("run.1", "countries");
        until(engine, JobState.MERGING);
        provider.serve(extract(TUESDAY, countries(60), 2));
        engine.accept("run.2", "countries");
        engine.workOnAJob();

        running("two");

        end("run.2");
        assertThat(count("countries")).isEqualTo(60);
        assertThat(reports.last("run.1").reconciliation().isBalanced(0)).isTrue();
        assertThat(reports.last("run.2").reconciliation().isBalanced(0)).isTrue();
    }

    private void until(SyncEngine engine, JobState state) {
        until(engine, "run.1", state);
    }

    private void until(SyncEngine engine, String key, JobState state) {
        await().atMost(SOON).until(() -> {
            if (engine.find(key).orElseThrow().state() == state) {
                return true;
            }
            if (!engine.workOnAJob()) {
                engine.workOnAFile();
            }
            return engine.find(key).orElseThrow().state() == state;
        });
    }

    private static final class FixedToken implements TokenClient {
        @Override
        public String accessToken(String... scopes) {
            return "test-token";
        }

        @Override
        public void refused(String accessToken) {}
    }
}
