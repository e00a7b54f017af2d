package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.catalog.Mapping;
import io.syncline.scheduler.catalog.MappingFailedException;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.run.CallResult;
import io.syncline.scheduler.run.ReportReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Says what an answer to a sync call means. What it does not know is never a success. */
final class AnswerReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ALREADY_RUNNING = "/already-running";

    private AnswerReader() {}

    /** @param mapping makes a report of a body that is none; null: the body is the report */
    static CallResult read(Reply reply, String taskRunId, @Nullable Mapping mapping, Instant now) {
        if (reply instanceof Reply.NoAnswer none) {
            return new CallResult.Unknown(none.cause());
        }
        var answer = (Reply.Answer) reply;
        int status = answer.status();
        if (status == 202) {
            return new CallResult.Accepted();
        }
        if (status == 200) {
            return mapping == null ? report(answer.body(), taskRunId) : mapped(answer.body(), taskRunId, mapping);
        }
        if (status >= 200 && status < 300) {
            return new CallResult.Unreadable("answered " + status + ", which says neither accepted nor a status");
        }
        if (status == 401) {
            return new CallResult.Unauthorized();
        }
        if (status == 409 && isAlreadyRunning(answer.body())) {
            return new CallResult.Accepted();
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return new CallResult.RetryableStatus("answered " + status, retryAfter(answer, now));
        }
        if (status >= 300 && status < 400) {
            return new CallResult.Refused("answered " + status + ": redirects are not followed");
        }
        if (status >= 400) {
            return new CallResult.Refused("answered " + status);
        }
        return new CallResult.Unknown("answered " + status + ", which is no final answer");
    }

    private static CallResult mapped(byte[] body, String taskRunId, Mapping mapping) {
        try {
            var answer = JSON.readTree(body);
            if (answer == null || answer.isMissingNode()) {
                return new CallResult.Unreadable("answered 200 without a body");
            }
            return report(JSON.writeValueAsBytes(mapping.apply(answer)), taskRunId);
        } catch (MappingFailedException e) {
            return new CallResult.Unreadable("the reply mapping made no report of the answer: " + e.getMessage());
        } catch (JacksonException e) {
            return new CallResult.Unreadable("answered 200 with a body that is no JSON");
        }
    }

    private static CallResult report(byte[] body, String taskRunId) {
        var reading = ReportReader.read(body, false);
        if (reading.body() == null) {
            return new CallResult.Unreadable(
                    body.length == 0 ? "answered 200 without a body" : "answered 200 with a body that is no JSON");
        }
        if (reading.report() == null) {
            var fault = reading.faults().get(0);
            return new CallResult.Unreadable(
                    "answered 200 with an unreadable report: " + (fault.pointer() + " " + fault.detail()).strip());
        }
        var named = reading.body().get("taskRunId");
        if (named != null && !named.isNull() && !taskRunId.equals(named.asString(""))) {
            return new CallResult.Unreadable("answered 200 with the report of another task run");
        }
        return new CallResult.Reported(reading.report());
    }

    private static boolean isAlreadyRunning(byte[] body) {
        try {
            var type = JSON.readTree(body).path("type");
            return type.isString() && type.stringValue().endsWith(ALREADY_RUNNING);
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Seconds or a date (RFC 9110, 10.2.3); what cannot be read is as if it were not there. */
    static @Nullable Duration retryAfter(Reply.Answer answer, Instant now) {
        var text = answer.headers().get("retry-after");
        if (text == null) {
            return null;
        }
        var trimmed = text.strip();
        if (!trimmed.isEmpty() && trimmed.length() <= 9 && trimmed.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(Long.parseLong(trimmed));
        }
        try {
            var at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(trimmed));
            return at.isBefore(now) ? Duration.ZERO : Duration.between(now, at);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
