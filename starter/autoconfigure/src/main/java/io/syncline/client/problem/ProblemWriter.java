package io.syncline.client.problem;

import io.syncline.tracing.RequestSpans;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem documents. */
public final class ProblemWriter {

    private final JsonMapper json = new JsonMapper();

    /** For filters, which have no message converters. */
    public void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (problem.retryAfterSeconds() != null) {
            response.setHeader(
                    HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
        }
        response.getOutputStream().write(json.writeValueAsBytes(problem.document(traceId(request))));
    }

    /** For controllers; written as bytes, so that no Accept header can turn a problem into another one. */
    public ResponseEntity<Object> entity(HttpServletRequest request, HttpHeaders headers, Problem problem) {
        var answer = ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (problem.retryAfterSeconds() != null) {
            answer.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds().toString());
        }
        return answer.body(json.writeValueAsBytes(problem.document(traceId(request))));
    }

    private static String traceId(HttpServletRequest request) {
        return RequestSpans.traceId(request)
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    }
}
