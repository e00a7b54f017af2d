package io.syncline.scheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.run.ReportReader.Fault;
import io.syncline.scheduler.run.ReportReader.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {

    private static Reading callback(String json) {
        return ReportReader.read(json.getBytes(StandardCharsets.UTF_8), true);
    }

    private static Reading answer(String json) {
        return ReportReader.read(json.getBytes(StandardCharsets.UTF_8), false);
    }

    private static List<String> faults(Reading reading) {
        return reading.faults().stream()
                .map(fault -> fault.pointer() + " " + fault.code())
                .toList();
    }

    @Test
    void allThatAReportMayHoldIsRead() {
        var reading = callback("""
                {"callbackId": "c-1", "attempt": 2, "sequence": 7, "status": "FAILED", "message": "half of it",
                 "retryable": false, "progress": {"done": 5, "total": 10, "unit": "rows"},
                 "files": [
                   {"name": "a.csv", "status": "COMPLETED", "expectedRows": 5, "actualRows": 5,
                    "expectedChecksum": "sha-256=aa", "actualChecksum": "sha-256=aa"},
                   {"name": "b.csv", "status": "FAILED", "error": "cut off"}],
                 "reconciliation": {"expectedRows": 10, "actualRows": 5, "missing": 5, "unexpected": 0, "different": 1},
                 "result": {"rows": 5}, "occurredAt": "2026-11-20T13:00:00+01:00", "ofTomorrow": {"x": 1}}
                """);

        assertThat(reading.faults()).isEmpty();
        assertThat(reading.isReadable()).isTrue();
        assertThat(reading.report())
                .isEqualTo(new StatusReport(
                        "c-1",
                        2,
                        7L,
                        ReportStatus.FAILED,
                        "half of it",
                        false,
                        new StatusReport.Progress(5L, 10L, "rows"),
                        List.of(
                                new FileReport(
                                        "a.csv", FileReport.Status.COMPLETED, 5L, 5L, "sha-256=aa", "sha-256=aa", null),
                                new FileReport("b.csv", FileReport.Status.FAILED, null, null, null, null, "cut off")),
                        new Reconciliation(10L, 5L, 5L, 0L, 1L),
                        Map.of("rows", 5),
                        Instant.parse("2026-11-20T12:00:00Z")));
    }

    @Test
    void whatIsNotSaidIsNotMadeUp() {
        var report = answer("{\"status\": \"RUNNING\", \"message\": null, \"files\": null}")
                .report();

        assertThat(report)
                .isEqualTo(new StatusReport(
                        null, null, null, ReportStatus.RUNNING, null, null, null, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whetherAFailureMayBeTriedAgainIsTakenAsSaid(boolean retryable) {
        var report = answer("{\"status\": \"FAILED\", \"retryable\": " + retryable + "}")
                .report();

        assertThat(report.retryable()).isEqualTo(retryable);
    }

    @Test
    void onlyACallbackNeedsItsIdAndItsAttempt() {
        assertThat(answer("{\"status\": \"COMPLETED\"}").faults()).isEmpty();
        assertThat(faults(callback("{\"status\": \"COMPLETED\"}")))
                .containsExactly("/callbackId required", "/attempt required");
        assertThat(faults(callback("{\"status\": \"COMPLETED\", \"callbackId\": null, \"attempt\": null}")))
                .containsExactly("/callbackId required", "/attempt required");
    }

    @Test
    void anIdOrAttemptOfTheWrongTypeIsNotCalledMissingAsWell() {
        assertThat(faults(callback("{\"status\": \"COMPLETED\", \"callbackId\": 7, \"attempt\": \"1\"}")))
                .containsExactly("/callbackId wrong-type", "/attempt wrong-type");
    }

    @Test
    void anIdHasOneTo256CharactersThatATextCanHold() {
        var callback = "{\"status\": \"COMPLETED\", \"attempt\": 1, \"callbackId\": \"%s\"}";

        assertThat(callback(callback.formatted("c")).faults()).isEmpty();
        assertThat(callback(callback.formatted("c".repeat(256))).faults()).isEmpty();
        assertThat(faults(callback(callback.formatted("c".repeat(257))))).containsExactly("/callbackId invalid-length");
        assertThat(faults(callback(callback.formatted(" ")))).containsExactly("/callbackId invalid-length");
        assertThat(faults(callback(callback.formatted("a\\u0000b")))).containsExactly("/callbackId invalid-value");
    }

    @Test
    void attemptsAreCountedFromOne() {
        var callback = "{\"status\": \"COMPLETED\", \"callbackId\": \"c\", \"attempt\": %s}";

        assertThat(callback(callback.formatted("1")).faults()).isEmpty();
        assertThat(callback(callback.formatted(Integer.MAX_VALUE)).faults()).isEmpty();
        assertThat(faults(callback(callback.formatted("0")))).containsExactly("/attempt out-of-range");
        assertThat(faults(callback(callback.formatted(1L + Integer.MAX_VALUE))))
                .containsExactly("/attempt out-of-range");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                             | /status required
                    {"status": null}                                               | /status required
                    {"status": 1}                                                  | /status wrong-type
                    {"status": "completed"}                                        | /status unknown-value
                    {"status": "RUNNING", "sequence": 1.5}                         | /sequence wrong-type
                    {"status": "RUNNING", "sequence": 9223372036854775808}         | /sequence wrong-type
                    {"status": "RUNNING", "message": []}                           | /message wrong-type
                    {"status": "FAILED", "retryable": "false"}                     | /retryable wrong-type
                    {"status": "RUNNING", "progress": 0.5}                         | /progress wrong-type
                    {"status": "RUNNING", "progress": {"done": "5"}}               | /progress/done wrong-type
                    {"status": "RUNNING", "progress": {"total": true}}             | /progress/total wrong-type
                    {"status": "RUNNING", "progress": {"unit": 1}}                 | /progress/unit wrong-type
                    {"status": "RUNNING", "files": {}}                             | /files wrong-type
                    {"status": "RUNNING", "files": ["a.csv"]}                      | /files/0 wrong-type
                    {"status": "RUNNING", "files": [{"status": "RUNNING"}]}        | /files/0/name required
                    {"status": "RUNNING", "files": [{"name": "a.csv"}]}            | /files/0/status required
                    {"status": "RUNNING", "files": [{"name": "a", "status": "OK"}]} | /files/0/status unknown-value
                    {"status": "RUNNING", "files": [{"name": 1, "status": "FAILED"}]} | /files/0/name wrong-type
                    {"status": "COMPLETED", "reconciliation": []}                  | /reconciliation wrong-type
                    {"status": "COMPLETED", "reconciliation": {"missing": "0"}}    | /reconciliation/missing wrong-type
                    {"status": "COMPLETED", "result": 5}                           | /result wrong-type
                    {"status": "COMPLETED", "occurredAt": 5}                       | /occurredAt wrong-type
                    {"status": "COMPLETED", "occurredAt": "yesterday"}             | /occurredAt invalid-value
                    {"status": "COMPLETED", "occurredAt": "2026-11-20T12:00:00"}   | /occurredAt invalid-value
                    """)
    void whatIsKnownMustHaveItsType(String json, String fault) {
        var reading = answer(json);

        assertThat(faults(reading)).containsExactly(fault);
        assertThat(reading.report()).isNull();
        assertThat(reading.isReadable()).isTrue();
    }

    @Test
    void allFaultsAreToldAtOnceAndNamedByTheirPlace() {
        var reading = answer("""
                {"status": "DONE", "attempt": 0, "files": [{"name": "a", "status": "FAILED"}, 5, {"name": "c"}]}
                """);

        assertThat(reading.faults())
                .containsExactly(
                        new Fault("/attempt", "attempts are counted from 1", "out-of-range"),
                        new Fault("/status", "unknown status 'DONE'", "unknown-value"),
                        new Fault("/files/1", "must be an object", "wrong-type"),
                        new Fault("/files/2/status", "is required: RUNNING, COMPLETED, FAILED or SKIPPED", "required"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "OK",
                "{\"status\": \"COMPLETED\"",
                "{\"status\": \"RUNNING\", \"status\": \"COMPLETED\"}"
            })
    void whatIsNoJsonIsNotReadableAtAll(String body) {
        var reading = answer(body);

        assertThat(reading.isReadable()).isFalse();
        assertThat(reading.report()).isNull();
        assertThat(reading.faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"COMPLETED\"", "5", "true"})
    void jsonThatIsNoObjectIsReadableAndWrong(String body) {
        var reading = answer(body);

        assertThat(reading.isReadable()).isTrue();
        assertThat(reading.report()).isNull();
        assertThat(reading.faults()).containsExactly(new Fault("", "must be an object", "wrong-type"));
    }
}
