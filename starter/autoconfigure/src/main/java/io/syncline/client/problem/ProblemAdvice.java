package io.syncline.client.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns what controllers and the framework throw into problem documents. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private static final Map<Integer, Problem> BY_STATUS = Map.of(
            400,
            Problem.of(400, "malformed-request", "The request cannot be read", "Correct the request's syntax."),
            404,
            Problem.of(404, "not-found", "There is no such path", "Correct the path; /v3/api-docs lists them."),
            405,
            Problem.of(405, "method-not-allowed", "The path has no such method", "Use a method of the Allow header."),
            406,
            Problem.of(406, "not-acceptable", "No such representation", "Accept application/json."),
            408,
            Problem.of(408, "body-too-slow", "The body came too slowly", "Send the body without pauses."),
            413,
            Problem.of(413, "body-too-large", "The body is too large", "Send at most 1 MiB."),
            415,
            Problem.of(415, "unsupported-media-type", "The body has another media type", "Send application/json."));

    private final ProblemWriter writer;

    ProblemAdvice(ProblemWriter writer) {
        this.writer = writer;
    }

    @ExceptionHandler
    ResponseEntity<Object> handle(ProblemException problem, HttpServletRequest request) {
        return writer.entity(request, new HttpHeaders(), problem.problem());
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        TransactionSystemException.class,
        DataAccessResourceFailureException.class,
        RecoverableDataAccessException.class,
        TransientDataAccessException.class,
        QueryTimeoutException.class
    })
    ResponseEntity<Object> handleStoreTrouble(Exception trouble, HttpServletRequest request) {
        LOG.warn("{} {}: the database does not serve", request.getMethod(), request.getRequestURI(), trouble);
        var problem = Problem.of(
                503,
                "store-unavailable",
                "The store does not answer",
                "Send the same request again: work is done once.");
        return writer.entity(request, new HttpHeaders(), problem.retryAfter(2));
    }

    /** Nothing is answered to a caller who is gone. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleFault(Exception fault, HttpServletRequest request) {
        if (fault instanceof IOException && DisconnectedClientHelper.isClientDisconnectedException(fault)) {
            LOG.debug("{} {}: the caller hung up", request.getMethod(), request.getRequestURI(), fault);
            return null;
        }
        LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), fault);
        var problem = Problem.of(500, "internal-error", "The service failed", "Send the request again later.");
        return writer.entity(request, new HttpHeaders(), problem);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var problem = BY_STATUS.getOrDefault(
                status.value(),
                Problem.of(status.value(), "request-failed", "The request failed", "Correct the request."));
        return writer.entity(((ServletWebRequest) request).getRequest(), headers, problem);
    }
}
