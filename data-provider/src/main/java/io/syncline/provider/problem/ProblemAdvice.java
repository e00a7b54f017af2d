package io.syncline.provider.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.ClientAbortException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.json.JsonMapper;

/** Turns what went wrong into a problem document; nothing of our inside leaves with it. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private final JsonMapper json;

    ProblemAdvice(JsonMapper json) {
        this.json = json;
    }

    @ExceptionHandler
    void problem(ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(problem, request, response);
    }

    @ExceptionHandler
    void unknownPath(NoResourceFoundException unknown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(
                ProblemException.of(404, "no-such-path", "There is nothing at this path")
                        .detail("See /v3/api-docs for the paths of this service"),
                request,
                response);
    }

    @ExceptionHandler
    void wrongMethod(
            HttpRequestMethodNotSupportedException wrong, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var allowed = wrong.getSupportedHttpMethods();
        var problem = ProblemException.of(405, "method-not-allowed", "This path does not take this method");
        if (allowed != null) {
            problem.header(
                    "Allow",
                    String.join(
                            ", ",
                            allowed.stream().map(Object::toString).sorted().toList()));
        }
        write(problem.detail("Use one of the methods named in the Allow header"), request, response);
    }

    @ExceptionHandler
    void wrongMediaType(
            HttpMediaTypeNotSupportedException wrong, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(
                ProblemException.of(415, "unsupported-media-type", "The body is of a media type that is not taken here")
                        .detail("Taken here: " + wrong.getSupportedMediaTypes()),
                request,
                response);
    }

    @ExceptionHandler
    void wrongParameter(
            MethodArgumentTypeMismatchException wrong, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(
                ProblemException.of(400, "invalid-parameter", "A parameter is not of its type")
                        .error("parameter", wrong.getName(), "cannot be read", "type"),
                request,
                response);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        RecoverableDataAccessException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class,
        TransactionSystemException.class
    })
    void databaseAway(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        breakOffIfBegun(failure, request, response);
        LOG.warn("The database did not answer, trace {}", TraceIds.of(request), failure);
        write(
                ProblemException.of(503, "database-unavailable", "The database does not answer at the moment")
                        .detail(
                                failure instanceof TransactionSystemException
                                        ? "It may have been done; send the same again after the time in Retry-After,"
                                                + " under its Idempotency-Key where it has one"
                                        : "Nothing was changed; try again after the time in Retry-After")
                        .header("Retry-After", "2"),
                request,
                response);
    }

    @ExceptionHandler
    void anythingElse(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        breakOffIfBegun(failure, request, response);
        if (failure instanceof ClientAbortException || failure instanceof AsyncRequestNotUsableException) {
            LOG.debug("The caller hung up while it sent its request, trace {}", TraceIds.of(request), failure);
            return;
        }
        if (failure instanceof ErrorResponse slow && slow.getStatusCode().isSameCodeAs(HttpStatus.REQUEST_TIMEOUT)) {
            write(
                    ProblemException.of(408, "body-too-slow", "The body came too slowly")
                            .detail("Send the body without pauses"),
                    request,
                    response);
            return;
        }
        if (failure instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            write(
                    ProblemException.of(known.getStatusCode().value(), "bad-request", "The request cannot be read")
                            .detail(
                                    failure instanceof org.springframework.web.ErrorResponseException
                                            ? "The request cannot be read"
                                            : String.valueOf(known.getBody().getDetail())),
                    request,
                    response);
            return;
        }
        LOG.error("A request failed, trace {}", TraceIds.of(request), failure);
        write(
                ProblemException.of(500, "internal-error", "The service failed")
                        .detail("Tell the operators the traceId; trying again may help"),
                request,
                response);
    }

    /** What is on its way cannot become a problem any more; the connection is closed, so that the caller sees it cut off. */
    private static void breakOffIfBegun(Exception failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!response.isCommitted()) {
            return;
        }
        if (failure instanceof IOException gone) {
            LOG.debug("The caller did not take its answer, trace {}", TraceIds.of(request), gone);
        } else {
            LOG.warn("The answer broke off, trace {}", TraceIds.of(request), failure);
        }
        throw new IOException("The answer broke off", failure);
    }

    private void write(ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.reset();
        response.setStatus(problem.status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        problem.headers().forEach(response::setHeader);
        var body = json.writeValueAsString(problem.body(TraceIds.of(request))).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
