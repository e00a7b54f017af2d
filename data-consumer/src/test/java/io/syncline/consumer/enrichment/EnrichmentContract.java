package io.syncline.consumer.enrichment;

import static io.syncline.consumer.enrichment.CallFiles.GOOD;
import static io.syncline.consumer.enrichment.CallFiles.kept;
import static io.syncline.consumer.enrichment.CallFiles.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.client.SyncResult;
import io.syncline.client.TokenClient;
import io.syncline.client.WorkTakenOverException;
import io.syncline.consumer.csv.FileForm;
import io.syncline.consumer.csv.OutputFolder;
import io.syncline.consumer.csv.PackedCsv.Written;
import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.enrichment.EnrichedManifest.AskedIds;
import io.syncline.consumer.enrichment.EnrichedManifest.Sum;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.store.SqlDialect;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** What an enrichment does, on every database. */
abstract class EnrichmentContract {

    private static final String DAY = "2026-11-20";
    private static final String DIRTY = """
            07610039694,07434677419,Incoming,211,Wed Sep 15 19:17:44 +0100 2010
            07641036117,01666472054,Outgoing,31,Mon Feb 11 07:18:23 +0000 1980
            07610039694,157,Outgoing,0,Wed Sep 15 20:00:00 +0000 2010
            no call at all
            07641036117,07610039694,Outgoing,many,Wed Sep 15 20:00:00 +0000 2010
            00761,07641036117,Missed,0,Wed Sep 15 21:00:00 +0000 2010
            """;

    @TempDir
    Path home;

    private final JsonMapper json = JsonMapper.builder().build();
    private FakeLookUps provider;
    private JdbcTemplate jdbc;

    abstract DataSource dataSource();

    @BeforeEach
    void open() throws IOException {
        provider = new FakeLookUps();
        jdbc = new JdbcTemplate(dataSource());
        for (var table : List.of("enrichment_job", "enrichment_id", "enrichment_profile")) {
            jdbc.update("delete from " + table);
        }
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void goodLinesAreWrittenWithWhatIsKnownAndBadOnesAreRejectedWithTheirNumber() throws Exception {
        provider.has("07610039694");
        provider.has("07641036117");
        var file = put("calls.csv.gz", DIRTY, 6);

        var done = completed(enrich(both(), "1", file));

        assertThat(done.reconciliation()).isEqualTo(new Reconciliation(6L, 6L, 0L, 0L, 0L));
        var manifest = manifest();
        assertThat(done.result()).containsEntry("manifest", manifest);
        assertThat(done.files())
                .containsExactly(new FileReport(
                        "calls.csv.gz",
                        FileReport.Status.COMPLETED,
                        6L,
                        6L,
                        "sha-256=" + file.sha256(),
                        "sha-256=" + file.sha256(),
                        null));
        assertThat(manifest.columns())
                .containsExactly(
                        "source_file",
                        "source_line",
                        "owner",
                        "other",
                        "direction",
                        "seconds",
                        "called",
                        "called_utc",
                        "owner_found",
                        "owner_gender",
                        "owner_Contract",
                        "other_found",
                        "other_gender",
                        "other_Contract");
        assertThat(rows(manifest.files()))
                .containsExactly(
                        row(
                                "1",
                                "07610039694",
                                "07434677419",
                                "Incoming",
                                "211",
                                "Wed Sep 15 19:17:44 +0100 2010",
                                "2010-09-15T18:17:44Z",
                                "true",
                                "g07610039694",
                                "Two \"year\", é",
                                "false",
                                null,
                                null),
                        row(
                                "3",
                                "07610039694",
                                "157",
                                "Outgoing",
                                "0",
                                "Wed Sep 15 20:00:00 +0000 2010",
                                "2010-09-15T20:00:00Z",
                                "true",
                                "g07610039694",
                                "Two \"year\", é",
                                "false",
                                null,
                                null),
                        row(
                                "6",
                                "00761",
                                "07641036117",
                                "Missed",
                                "0",
                                "Wed Sep 15 21:00:00 +0000 2010",
                                "2010-09-15T21:00:00Z",
                                "false",
                                null,
                                null,
                                "true",
                                "g07641036117",
                                "Two \"year\", é"));
        assertThat(rows(List.of(manifest.rejects())))
                .containsExactly(
                        row(
                                "2",
                                "clock-not-set",
                                "called",
                                "07641036117,01666472054,Outgoing,31,Mon Feb 11 07:18:23 +0000 1980"),
                        row("4", "column-count", null, "no call at all"),
                        row(
                                "5",
                                "impossible-duration",
                                "seconds",
                                "07641036117,07610039694,Outgoing,many,Wed Sep 15 20:00:00 +0000 2010"));
        assertThat(manifest.reasons())
                .isEqualTo(Map.of("clock-not-set", 1L, "column-count", 1L, "impossible-duration", 1L));
        assertThat(manifest.ids()).isEqualTo(new AskedIds(5, 2, 3));
        assertThat(manifest.seconds()).isEqualTo(Map.of("seconds", new Sum(242, 211, 31)));
        assertThat(provider.asked).hasSize(1);
        assertThat(provider.asked.get(0))
                .containsExactlyInAnyOrder("07610039694", "07434677419", "157", "00761", "07641036117");
        assertNothingIsLeft();
    }

    @Test
    void aLineWithAnUnknownSubscriberIsRejectedWhereTheColumnSaysSo() throws Exception {
        provider.has("07610039694");
        var enrichment = CallFiles.enrichment(false, List.of(rejected("owner"), kept("other")), 30_000, 1, 100_000);

        var done = completed(enrich(enrichment, "1", put("calls.csv", DIRTY, 6)));

        assertThat(done.reconciliation()).isEqualTo(new Reconciliation(6L, 6L, 0L, 0L, 0L));
        assertThat(manifest().reasons()).containsEntry("unknown-subscriber", 1L);
        assertThat(rows(List.of(manifest().rejects())))
                .anySatisfy(row -> assertThat(row)
                        .containsExactly(
                                "calls.csv",
                                "6",
                                "unknown-subscriber",
                                "owner",
                                "00761,07641036117,Missed,0,Wed Sep 15 21:00:00 +0000 2010"));
        assertThat(manifest().seconds()).isEqualTo(Map.of("seconds", new Sum(242, 211, 31)));
    }

    @Test
    void filesAreSplitAndSeveralSourcesKeepTheirOrder() throws Exception {
        var enrichment = CallFiles.enrichment(true, List.of(kept("owner")), 3, 1, 1_200);
        var first = put("b.csv.gz", "owner,other,direction,seconds,called\n" + calls(2_500), 2_500);
        var second = put("a.csv", "owner,other,direction,seconds,called\r\n" + GOOD, 1);

        completed(enrich(enrichment, "1", first, second));

        assertThat(manifest().files()).extracting(Written::rows).containsExactly(1_200L, 1_200L, 101L);
        var rows = rows(manifest().files());
        assertThat(rows.get(0)).startsWith("b.csv.gz", "2", "070000000");
        assertThat(rows.get(2_500)).startsWith("a.csv", "2", "07610039694");
        assertThat(provider.asked).allSatisfy(ids -> assertThat(ids).hasSizeLessThanOrEqualTo(3));
        for (var file : manifest().files()) {
            var bytes = Files.readAllBytes(folder().path(file.name()));
            assertThat(file.bytes()).isEqualTo(bytes.length);
            assertThat(file.sha256()).isEqualTo(CallFiles.sha256(bytes));
            assertThat(file.name()).contains(file.sha256().substring(0, 12));
        }
    }

    @Test
    void anEmptyFileGivesFilesOfHeadersAlone() throws Exception {
        var done = completed(enrich(both(), "1", put("calls.csv.gz", "", 0)));

        assertThat(done.reconciliation()).isEqualTo(new Reconciliation(0L, 0L, 0L, 0L, 0L));
        assertThat(manifest().files()).extracting(Written::rows).containsExactly(0L);
        assertThat(manifest().ids()).isEqualTo(new AskedIds(0, 0, 0));
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void theSameCallAgainGivesTheSameBytes() throws Exception {
        provider.has("07610039694");
        var file = put("calls.csv.gz", DIRTY, 6);
        enrich(both(), "1", file);
        var first = contents();

        enrich(both(), "1", file);
        enrich(both(), "2", file);

        assertThat(contents()).isEqualTo(first);
    }

    @Test
    void aProcessThatDiesAtAnyStepIsFollowedByOneThatEndsTheWorkWithTheSameBytes() throws Exception {
        for (int i = 0; i < 20; i += 2) {
            provider.has("07000000" + i);
        }
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner")), 10, 1, 1_000);
        var file = put("calls.csv.gz", calls(2_100), 2_100);
        var whole = new KeptWork("whole", CallFiles.request(DAY, CallFiles.data(file)), step -> {});
        enrich(enrichment, whole);
        var expected = contents();
        var published = manifestBytes();
        assertThat(whole.steps).hasSizeGreaterThan(7);

        for (int dying = 0; dying < whole.steps.size(); dying++) {
            provider.asked.clear();
            Files.delete(home.resolve("enriched/calls/" + DAY + "/manifest.json"));
            var step = whole.steps.get(dying);
            int at = dying;
            var key = "dies-" + dying;
            var counted = new int[1];
            Consumer<String> die = now -> {
                if (counted[0]++ == at) {
                    throw new ProcessDied();
                }
            };
            var first = new KeptWork(key, CallFiles.request(DAY, CallFiles.data(file)), die);
            assertThatThrownBy(() -> enrich(enrichment, first)).as(step).isInstanceOf(ProcessDied.class);
            assertThat(folder().manifest()).as("half of it is not published").isEmpty();

            enrich(enrichment, new KeptWork(key, CallFiles.request(DAY, CallFiles.data(file)), any -> {}));

            assertThat(manifestBytes()).as(step).isEqualTo(published);
            assertThat(contents()).as(step).isEqualTo(expected);
            assertThat(provider.asked.stream().mapToInt(List::size).sum())
                    .as("what was told is not asked for again")
                    .isEqualTo(20);
        }
        assertNothingIsLeft();
    }

    @Test
    void whoLostTheWorkIsRefusedAtItsNextWrite() throws Exception {
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner")), 5, 1, 1_000);
        var file = put("calls.csv.gz", calls(1_000), 1_000);
        var other = new KeptWork("1", CallFiles.request(DAY, CallFiles.data(file)), step -> {});
        var taken = new boolean[1];
        var loser = new KeptWork("1", CallFiles.request(DAY, CallFiles.data(file)), step -> {
            if (step.endsWith("ids") && !taken[0]) {
                taken[0] = true;
                enrich(enrichment, other);
            }
        });

        assertThatThrownBy(() -> enrich(enrichment, loser)).isInstanceOf(WorkTakenOverException.class);

        assertThat(manifest().files()).extracting(Written::rows).containsExactly(1_000L);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeLookUps.Fault.class,
            names = {"REFUSED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anAnswerThatIsNotWholeIsAskedForAgain(FakeLookUps.Fault fault) throws Exception {
        provider.has("07610039694");
        provider.failNext(fault);
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner"), kept("other")), 30_000, 2, 100_000);

        completed(enrich(enrichment, "1", put("calls.csv.gz", DIRTY, 6)));

        assertThat(provider.asked).hasSize(2);
        assertThat(manifest().ids()).isEqualTo(new AskedIds(5, 1, 4));
    }

    @Test
    void lookUpsThatGoOnFailingEndTheWorkForAnotherAttemptAndPublishNothing() throws Exception {
        provider.failNext(FakeLookUps.Fault.NO_LAST_LINE);
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner")), 30_000, 1, 100_000);

        var cutOff = failed(enrich(enrichment, "1", put("calls.csv.gz", DIRTY, 6)));

        assertThat(cutOff.message()).contains("cut off").contains("last line is missing");
        assertThat(cutOff.retryable()).isTrue();
        assertThat(folder().manifest()).isEmpty();
        assertNothingIsLeft();

        provider.failNext(FakeLookUps.Fault.REFUSED);
        var refused = failed(enrich(both(), "2", put("calls.csv.gz", DIRTY, 6)));
        assertThat(refused.message()).contains("look up 5 ids in subscribers").contains("413");
        assertThat(refused.retryable()).isFalse();
    }

    @Test
    void aFieldThatTheProviderDoesNotHaveIsNamed() throws Exception {
        provider.has("07610039694");
        var form = both();
        var wrong = new Enrichment(
                form.key(),
                form.columns(),
                false,
                form.charset(),
                form.dataset(),
                form.keyField(),
                List.of("gender", "shoeSize"),
                form.lookUps(),
                100,
                5,
                100);

        var failed = failed(enrich(wrong, "1", put("calls.csv.gz", DIRTY, 6)));

        assertThat(failed.message()).isEqualTo("the rows of subscribers have no field shoeSize");
        assertThat(failed.retryable()).isFalse();
    }

    @Test
    void aSourceThatIsNotWhatWasAnnouncedIsRefusedWithBothNumbers() throws Exception {
        var file = put("calls.csv.gz", DIRTY, 7);
        var rows = failed(enrich(both(), "1", file));
        assertThat(rows.message()).isEqualTo("calls.csv.gz: 7 rows are announced, the file has 6");
        assertThat(rows.retryable()).isFalse();
        assertThat(rows.files()).singleElement().satisfies(report -> {
            assertThat(report.expectedRows()).isEqualTo(7);
            assertThat(report.actualRows()).isEqualTo(6);
        });

        var missing = failed(enrich(both(), "2", new ExtractFile("late.csv.gz", 1, 1, "0".repeat(64))));
        assertThat(missing.message()).isEqualTo("the inbox has no file late.csv.gz");
        assertThat(missing.retryable()).isTrue();

        var checksum = failed(enrich(both(), "3", new ExtractFile(file.name(), 6, file.bytes(), "0".repeat(64))));
        assertThat(checksum.message()).contains("the checksum is not the one announced");
        assertThat(checksum.retryable()).isFalse();
        assertThat(checksum.files().get(0).actualChecksum()).isEqualTo("sha-256=" + file.sha256());

        var growing = failed(enrich(both(), "4", new ExtractFile(file.name(), 6, file.bytes() + 1, file.sha256())));
        assertThat(growing.message()).contains("bytes are announced, the inbox has " + file.bytes());
        assertThat(growing.retryable()).isTrue();

        var packed = CallFiles.pack(DIRTY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var half = put("half.csv.gz", Arrays.copyOf(packed, packed.length / 2), 6);
        assertThat(failed(enrich(both(), "5", half)).message()).startsWith("half.csv.gz is no readable gzip file");

        Files.createSymbolicLink(home.resolve("inbox/link.csv.gz"), home.resolve("inbox/calls.csv.gz"));
        var link = failed(enrich(both(), "6", new ExtractFile("link.csv.gz", 6, file.bytes(), file.sha256())));
        assertThat(link.message()).isEqualTo("the inbox has no file link.csv.gz");
        assertThat(folder().manifest()).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void aSourceThatIsReplacedWhileItIsReadIsNoticed() throws Exception {
        var file = put("calls.csv", calls(1_000), 1_000);
        var work = new KeptWork("1", CallFiles.request(DAY, CallFiles.data(file)), step -> {
            if (step.endsWith("ids")) {
                replace(file.name(), calls(1_000).replace("Incoming", "Outgoing"));
            }
        });

        var failed = failed(enrich(both(), work));

        assertThat(failed.message()).contains("calls.csv");
        assertThat(folder().manifest()).isEmpty();
    }

    @Test
    void whatIsWrittenWrongIsFoundAndNotPublished() throws Exception {
        var file = put("calls.csv", "07,08,Missed,5,Wed Sep 15 20:00:00 +0000 2010\n".repeat(4), 4);
        var inbox = new Inbox(home.resolve("inbox"));
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner")), 5, 1, 1_000);
        var good = List.of("07", "08", "Missed", "5", "Wed Sep 15 20:00:00 +0000 2010", "t", "false", "", "");
        EnrichedOutput.Files written;
        try (var output = new EnrichedOutput(enrichment, folder())) {
            output.enriched(numbered("1", good));
            output.enriched(numbered("1", good)); // twice
            var changed = new ArrayList<>(good);
            changed.set(3, "6");
            output.enriched(numbered("3", changed)); // line 2 is missing, and this one differs
            output.enriched(numbered("4", good));
            output.enriched(numbered("9", good)); // of no line
            written = output.end();
        }

        var comparison = new EnrichmentCheck(enrichment, inbox, List.of(file)).compare(folder(), written);

        assertThat(comparison.rows()).isEqualTo(new Reconciliation(4L, 5L, 1L, 2L, 1L));
        assertThat(comparison.seconds()).isEqualTo(Map.of("seconds", new Sum(20, 26, 0)));
        assertThat(comparison.isBalanced()).isFalse();
    }

    @Test
    void whatDoesNotAddUpEndsFailedWithItsNumbersAndTheEarlierManifestStays() throws Exception {
        provider.has("070000000");
        var file = put("calls.csv", calls(1_000), 1_000);
        completed(enrich(both(), "1", file));
        var earlier = manifestBytes();
        var work = new KeptWork("2", CallFiles.request(DAY, CallFiles.data(file)), step -> {
            if (step.endsWith("lines written")) {
                jdbc.update("delete from enrichment_profile");
            }
        });

        var failed = failed(enrich(both(), work));

        assertThat(failed.message()).isEqualTo("of 21 ids 0 are found and 20 are not, so nothing is published");
        assertThat(failed.retryable()).isFalse();
        assertThat(failed.reconciliation()).isEqualTo(new Reconciliation(1_000L, 1_000L, 0L, 0L, 0L));
        assertThat(failed.files()).extracting(FileReport::name).containsExactly("calls.csv");
        assertThat(failed.result()).containsKey("manifest");
        assertThat(manifestBytes()).isEqualTo(earlier);
        assertNothingIsLeft();
    }

    @Test
    void whatWasGivenUpIsDeletedADayLater() throws Exception {
        jdbc.update("""
                insert into enrichment_job (job_id, idempotency_key, state, touched_at)
                values ('old', 'old', 'LOOKING_UP', current_timestamp - interval '2' day)""");
        jdbc.update("insert into enrichment_id (job_id, asked_id) values ('old', '07')");
        jdbc.update("insert into enrichment_profile (job_id, asked_id, profile_text) values ('old', '07', '[]')");

        enrich(both(), "1", put("calls.csv.gz", DIRTY, 6));

        assertNothingIsLeft();
    }

    @Test
    void aCallWithoutFilesOrBusinessKeyOrForNothingKnownIsRefused() throws Exception {
        var handler = handler(both());
        var data = CallFiles.data(put("calls.csv.gz", DIRTY, 6));

        assertThat(failed(handler.enrich(new KeptWork("1", CallFiles.request(null, data), step -> {})))
                        .message())
                .contains("business key");
        assertThat(failed(handler.enrich(new KeptWork("1", CallFiles.request(DAY, null), step -> {})))
                        .message())
                .contains("names 1 to 1000 files");
        var unknown = new EnrichmentHandler(
                new EnrichmentProperties(home, home, List.of()), new NamedFiles(json), enricher());
        assertThat(failed(unknown.enrich(new KeptWork("1", CallFiles.request(DAY, data), step -> {})))
                        .message())
                .isEqualTo("this service has no enrichment calls; it has []");
    }

    /** Counted beforehand by a script of its own: 13,035 lines, 31 of 1980; numbers of 11 digits are subscribers here. */
    @Test
    void thePublishedCallsAreEnrichedToTheLastLine() throws Exception {
        var sample = System.getProperty("SYNCLINE_SAMPLE_DATA", System.getenv("SYNCLINE_SAMPLE_DATA"));
        var calls = Path.of(sample == null ? "../../shared/data" : sample).resolve("nodobo-cdr/calls.csv.gz");
        assumeTrue(Files.exists(calls), "no sample data in " + calls + "; name it with SYNCLINE_SAMPLE_DATA");
        var bytes = Files.readAllBytes(calls);
        for (var line : lines(calls)) {
            var fields = line.split(",");
            for (var number : List.of(fields[0], fields[1])) {
                if (number.length() == 11) {
                    provider.has(number);
                }
            }
        }
        var file = CallFiles.put(home.resolve("inbox"), "calls.csv.gz", bytes, 13_035);
        var enrichment = CallFiles.enrichment(false, List.of(kept("owner"), kept("other")), 100, 1, 5_000);

        var done = completed(enrich(enrichment, "1", file));

        assertThat(done.reconciliation()).isEqualTo(new Reconciliation(13_035L, 13_035L, 0L, 0L, 0L));
        var manifest = manifest();
        assertThat(manifest.files()).extracting(Written::rows).containsExactly(5_000L, 5_000L, 3_004L);
        assertThat(manifest.rejects().rows()).isEqualTo(31);
        assertThat(manifest.reasons()).isEqualTo(Map.of("clock-not-set", 31L));
        assertThat(manifest.ids()).isEqualTo(new AskedIds(705, 643, 62));
        assertThat(manifest.seconds()).isEqualTo(Map.of("seconds", new Sum(780_321, 779_141, 1_180)));
        assertThat(rows(List.of(manifest.rejects())))
                .extracting(row -> row.get(1))
                .startsWith("2", "3")
                .endsWith("12997");
        var rows = rows(manifest.files());
        assertThat(rows).allSatisfy(row -> assertThat(row.get(8)).isEqualTo("true"));
        assertThat(rows.stream().filter(row -> "true".equals(row.get(11)))).hasSize(12_466);
        assertThat(rows.stream().map(row -> row.get(3))).contains("073876607981713442396416342469257183", "9");
    }

    private Enrichment both() {
        return CallFiles.enrichment(false, List.of(kept("owner"), kept("other")), 30_000, 5, 100_000);
    }

    /** Calls of twenty owners. */
    private static String calls(int number) {
        var calls = new StringBuilder();
        for (int i = 0; i < number; i++) {
            calls.append("07000000%d,157,Incoming,%d,Wed Sep 15 19:17:44 +0100 2010%n".formatted(i % 20, i % 100));
        }
        return calls.toString();
    }

    private ExtractFile put(String name, String text, long rows) throws IOException {
        return CallFiles.put(home.resolve("inbox"), name, text, rows);
    }

    private ExtractFile put(String name, byte[] bytes, long rows) throws IOException {
        return CallFiles.put(home.resolve("inbox"), name, bytes, rows);
    }

    private void replace(String name, String text) {
        try {
            put(name, text, 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private SyncResult enrich(Enrichment enrichment, String key, ExtractFile... files) {
        return enrich(enrichment, new KeptWork(key, CallFiles.request(DAY, CallFiles.data(files)), step -> {}));
    }

    private SyncResult enrich(Enrichment enrichment, KeptWork work) {
        try {
            return handler(enrichment).enrich(work);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private EnrichmentHandler handler(Enrichment enrichment) {
        return new EnrichmentHandler(
                new EnrichmentProperties(home, home, List.of(enrichment)), new NamedFiles(json), enricher());
    }

    private Enricher enricher() {
        var transactions = new Transactions(
                SqlDialect.of(dataSource()), JdbcClient.create(jdbc), new JdbcTransactionManager(dataSource()));
        var jobs = new JdbcEnrichmentJobs(transactions, jdbc);
        TokenClient tokens = new TokenClient() {
            @Override
            public String accessToken(String... scopes) {
                return "test-token";
            }

            @Override
            public void refused(String token) {}
        };
        var client = new ProviderClient(provider.url(), Duration.ofSeconds(10), tokens, json);
        return new Enricher(
                jobs,
                new LookUps(jobs, client, json),
                new Inbox(home.resolve("inbox")),
                home.resolve("enriched"),
                json);
    }

    private OutputFolder folder() {
        return OutputFolder.of(home.resolve("enriched/calls"), DAY);
    }

    private byte[] manifestBytes() throws IOException {
        return folder().manifest().orElseThrow();
    }

    private EnrichedManifest manifest() throws IOException {
        return json.readValue(manifestBytes(), EnrichedManifest.class);
    }

    /** The bytes of the files that the manifest names. */
    private Map<String, String> contents() throws IOException {
        var contents = new TreeMap<String, String>();
        for (var name : manifest().fileNames()) {
            contents.put(name, CallFiles.sha256(Files.readAllBytes(folder().path(name))));
        }
        return contents;
    }

    private List<List<String>> rows(List<Written> files) throws IOException {
        var rows = new ArrayList<List<String>>();
        for (var file : files) {
            try (var csv = new PlainCsv(folder().path(file.name()), FileForm.PLAIN)) {
                csv.next(); // the header
                for (var row = csv.next(); row != null; row = csv.next()) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static List<String> lines(Path packed) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(packed))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> row(String line, String... fields) {
        var row = new ArrayList<>(List.of("calls.csv.gz", line));
        row.addAll(Arrays.asList(fields));
        return row;
    }

    private static List<String> numbered(String line, List<String> fields) {
        var row = new ArrayList<>(List.of("calls.csv", line));
        row.addAll(fields);
        return row;
    }

    private void assertNothingIsLeft() {
        var left = new HashMap<String, Long>();
        for (var table : List.of("enrichment_job", "enrichment_id", "enrichment_profile")) {
            left.put(table, jdbc.queryForObject("select count(*) from " + table, Long.class));
        }
        assertThat(new HashSet<>(left.values())).as(left.toString()).containsExactly(0L);
    }

    private static SyncResult.Completed completed(SyncResult result) {
        assertThat(result).isInstanceOf(SyncResult.Completed.class);
        return (SyncResult.Completed) result;
    }

    private static SyncResult.Failed failed(SyncResult result) {
        assertThat(result).isInstanceOf(SyncResult.Failed.class);
        return (SyncResult.Failed) result;
    }

    private static final class ProcessDied extends RuntimeException {}
}
