package io.syncline.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.ReportStatus;
import io.syncline.scheduler.catalog.Mapping;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.run.CallResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {

    private static final String TASK_RUN = "task-run-1";
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static CallResult read(int status, String body) {
        return read(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static CallResult read(int status, byte[] body, Map<String, String> headers) {
        return AnswerReader.read(
                new Reply.Answer(status, headers, body, "http://one", Duration.ofMillis(3)), TASK_RUN, null, NOW);
    }

    private static @Nullable Duration retryAfter(String header) {
        var result = read(503, new byte[0], Map.of("retry-after", header));
        return ((CallResult.RetryableStatus) result).retryAfter();
    }

    static Stream<Arguments> statuses() {
        var running = "{\"type\":\"https://example.com/problems/already-running\"}";
        return Stream.of(
                Arguments.of(202, "", CallResult.Accepted.class),
                Arguments.of(202, "<html>", CallResult.Accepted.class),
                Arguments.of(202, "{\"status\":\"COMPLETED\"}", CallResult.Accepted.class),
                Arguments.of(409, running, CallResult.Accepted.class),
                Arguments.of(409, "", CallResult.Refused.class),
                Arguments.of(409, "<html>already-running", CallResult.Refused.class),
                Arguments.of(409, "{\"type\":\"/not-running\"}", CallResult.Refused.class),
                Arguments.of(409, "{\"type\":7}", CallResult.Refused.class),
                Arguments.of(409, "[]", CallResult.Refused.class),
                Arguments.of(400, running, CallResult.Refused.class),
                Arguments.of(200, "{\"status\":\"RUNNING\"}", CallResult.Reported.class),
                Arguments.of(201, "{\"status\":\"COMPLETED\"}", CallResult.Unreadable.class),
                Arguments.of(203, "{\"status\":\"COMPLETED\"}", CallResult.Unreadable.class),
                Arguments.of(204, "", CallResult.Unreadable.class),
                Arguments.of(206, "{\"status\":\"COMPLETED\"}", CallResult.Unreadable.class),
                Arguments.of(299, "", CallResult.Unreadable.class),
                Arguments.of(301, "", CallResult.Refused.class),
                Arguments.of(302, "{\"status\":\"COMPLETED\"}", CallResult.Refused.class),
                Arguments.of(304, "", CallResult.Refused.class),
                Arguments.of(307, "", CallResult.Refused.class),
                Arguments.of(401, "", CallResult.Unauthorized.class),
                Arguments.of(400, "", CallResult.Refused.class),
                Arguments.of(403, "", CallResult.Refused.class),
                Arguments.of(404, "", CallResult.Refused.class),
                Arguments.of(410, "", CallResult.Refused.class),
                Arguments.of(422, "", CallResult.Refused.class),
                Arguments.of(408, "", CallResult.RetryableStatus.class),
                Arguments.of(425, "", CallResult.RetryableStatus.class),
                Arguments.of(429, "", CallResult.RetryableStatus.class),
                Arguments.of(500, "{\"status\":\"COMPLETED\"}", CallResult.RetryableStatus.class),
                Arguments.of(502, "<html>", CallResult.RetryableStatus.class),
                Arguments.of(503, "", CallResult.RetryableStatus.class),
                Arguments.of(504, "", CallResult.RetryableStatus.class),
                Arguments.of(599, "", CallResult.RetryableStatus.class),
                Arguments.of(100, "", CallResult.Unknown.class),
                Arguments.of(0, "", CallResult.Unknown.class));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void everyStatusHasItsMeaning(int status, String body, Class<? extends CallResult> meaning) {
        assertThat(read(status, body)).isInstanceOf(meaning);
    }

    @Test
    void aRedirectIsToldAsSuchAndOtherRefusalsAreNot() {
        for (int status : new int[] {300, 399}) {
            assertThat(read(status, ""))
                    .isEqualTo(new CallResult.Refused("answered " + status + ": redirects are not followed"));
        }
        assertThat(read(400, "")).isEqualTo(new CallResult.Refused("answered 400"));
        assertThat(read(499, "")).isEqualTo(new CallResult.Refused("answered 499"));
        assertThat(read(199, "")).isInstanceOf(CallResult.Unknown.class);
    }

    @Test
    void anEmptyBodyAndOneThatIsNoJsonAreToldApart() {
        assertThat(read(200, "").detail()).isEqualTo("answered 200 without a body");
        assertThat(read(200, "<html>").detail()).isEqualTo("answered 200 with a body that is no JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "OK",
                "null",
                "true",
                "\"COMPLETED\"",
                "COMPLETED",
                "[]",
                "[{\"status\":\"COMPLETED\"}]",
                "{}",
                "<html><body>COMPLETED</body></html>",
                "{\"status\":\"DONE\"}",
                "{\"status\":\"completed\"}",
                "{\"status\":\"COMPLETED \"}",
                "{\"status\":\"\"}",
                "{\"status\":null}",
                "{\"status\":2}",
                "{\"status\":[\"COMPLETED\"]}",
                "{\"Status\":\"COMPLETED\"}",
                "{\"status\":\"COMPLETED\"",
                "{\"status\":\"RUNNING\",\"status\":\"COMPLETED\"}",
                "{\"status\":\"COMPLETED\"} {}",
                "{\"status\":\"COMPLETED\",\"reconciliation\":\"fine\"}",
                "{\"status\":\"COMPLETED\",\"reconciliation\":{\"missing\":\"0\"}}",
                "{\"status\":\"COMPLETED\",\"files\":{}}",
                "{\"status\":\"COMPLETED\",\"files\":[{\"name\":\"a\",\"status\":\"OK\"}]}",
                "{\"status\":\"COMPLETED\",\"attempt\":\"1\"}",
                "{\"status\":\"COMPLETED\",\"attempt\":0}",
                "{\"status\":\"COMPLETED\",\"attempt\":99999999999}",
                "{\"status\":\"COMPLETED\",\"sequence\":1.5}",
                "{\"status\":\"COMPLETED\",\"taskRunId\":\"task-run-2\"}",
                "{\"status\":\"COMPLETED\",\"taskRunId\":7}",
                "\uFEFF{\"status\":\"FINISHED\"}"
            })
    void whatNobodyCanReadIsNeverASuccess(String body) {
        assertThat(read(200, body))
                .isInstanceOfSatisfying(
                        CallResult.Unreadable.class,
                        unreadable ->
                                assertThat(unreadable.detail()).isNotBlank().hasSizeLessThan(3000));
    }

    @Test
    void bytesThatAreNoTextAreUnreadable() {
        assertThat(read(200, new byte[] {(byte) 0x1f, (byte) 0x8b, 0, 1, 2}, Map.of()))
                .isInstanceOf(CallResult.Unreadable.class);
        assertThat(read(
                        200,
                        "{\"status\":\"COMPLETED\",\"message\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1),
                        Map.of()))
                .isInstanceOf(CallResult.Unreadable.class);
    }

    @Test
    void aReportIsReadTolerantly() {
        var result = read(
                200,
                "{\"taskRunId\":\"task-run-1\",\"status\":\"COMPLETED\",\"attempt\":2,\"sequence\":9,\"new\":{},"
                        + "\"reconciliation\":{\"expectedRows\":5,\"actualRows\":5},\"result\":{\"rows\":5}}");

        assertThat(result).isInstanceOfSatisfying(CallResult.Reported.class, reported -> {
            assertThat(reported.report().status()).isEqualTo(ReportStatus.COMPLETED);
            assertThat(reported.report().attempt()).isEqualTo(2);
            assertThat(reported.report().reconciliation().actualRows()).isEqualTo(5);
            assertThat(reported.report().result()).containsEntry("rows", 5);
        });
    }

    @Test
    void noAnswerIsUnknown() {
        assertThat(AnswerReader.read(new Reply.NoAnswer("timed out", null, Duration.ZERO), TASK_RUN, null, NOW))
                .isEqualTo(new CallResult.Unknown("timed out"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "7, PT7S",
        "' 120 ', PT2M",
        "999999999, PT277777H46M39S",
        "'Fri, 20 Nov 2026 12:00:30 GMT', PT30S",
        "'Fri, 20 Nov 2026 11:00:00 GMT', PT0S"
    })
    void retryAfterIsSecondsOrADate(String header, String wait) {
        assertThat(retryAfter(header)).isEqualTo(Duration.parse(wait));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999999999", "Fri, 99 Nov 2026 12:00:30 GMT", "٣"})
    void anAbsurdRetryAfterIsAsIfItWereNotThere(String header) {
        assertThat(retryAfter(header)).isNull();
    }

    private static CallResult mapped(String mapping, String body) {
        return AnswerReader.read(
                new Reply.Answer(
                        200, Map.of(), body.getBytes(StandardCharsets.UTF_8), "http://one", Duration.ofMillis(3)),
                TASK_RUN,
                new Mapping(mapping),
                NOW);
    }

    @Test
    void aMappingMakesTheReportOfAForeignAnswer() {
        var result = mapped("{'status': ok ? 'COMPLETED' : 'FAILED', 'result': {'n': n}}", "{\"ok\": true, \"n\": 3}");

        assertThat(((CallResult.Reported) result).report().result()).isEqualTo(Map.of("n", 3));
        assertThat(((CallResult.Reported) mapped("{'status': ok ? 'COMPLETED' : 'FAILED'}", "{\"ok\": false}"))
                        .report()
                        .status())
                .isEqualTo(ReportStatus.FAILED);
    }

    @Test
    void aMappingThatMakesNoReportIsNeverASuccess() {
        for (var mapping :
                List.of("{'status': state}", "missing", "'COMPLETED'", "{'status': 1}", "{'x': $sum('a')}")) {
            assertThat(mapped(mapping, "{\"state\": \"secret-of-theirs\"}"))
                    .as(mapping)
                    .isInstanceOf(CallResult.Unreadable.class);
        }
        assertThat(mapped("{'status': 'COMPLETED'}", "")).isInstanceOf(CallResult.Unreadable.class);
        assertThat(mapped("{'status': 'COMPLETED'}", "<html>")).isInstanceOf(CallResult.Unreadable.class);
        assertThat(((CallResult.Unreadable) mapped("{'x': $sum(state)}", "{\"state\": \"secret-of-theirs\"}")).detail())
                .contains("mapping")
                .doesNotContain("secret-of-theirs");
    }
}
