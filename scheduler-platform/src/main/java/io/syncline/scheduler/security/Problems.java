package io.syncline.scheduler.security;

import io.syncline.scheduler.store.PassingFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

/** Turns whatever went wrong into one problem, and writes it. Nothing of our insides gets out. */
@Component
final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int CLIENT_CLOSED = 499;
    private static final Set<Integer> NOT_LET_IN = Set.of(401, 403, 429);

    /** Under load there is one of these for each request that is shed. */
    private static final int OVERLOAD_LINES_A_SECOND = 10;

    private final JsonMapper json;
    private final LogPace overloads = new LogPace(OVERLOAD_LINES_A_SECOND, System::nanoTime);
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);

    Problems(JsonMapper json) {
        this.json = json;
    }

    /** Answers with the problem; an answer already on its way stays as it is. */
    void write(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        var problem = of(failure);
        if (problem.status() >= 500 && problem.status() != 503) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        } else if (problem.status() == 503 || problem.isOverload()) {
            if (overloads.mayWrite()) {
                long leftOut = overloads.leftOut();
                if (leftOut > 0) {
                    LOG.warn("{} more requests were told to come back before this one", leftOut);
                }
                LOG.warn("{} {} refused: {}", request.getMethod(), request.getRequestURI(), failure.getMessage());
            }
        } else if (NOT_LET_IN.contains(problem.status())) {
            refusals.write(request, problem);
        }
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        if (!problem.headers().containsKey(HttpHeaders.CACHE_CONTROL)) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(bytes(request, problem));
        response.flushBuffer();
    }

    /** Of a call that is answered within another request. */
    void log(String call, ProblemException problem, Throwable failure) {
        LOG.error("{} failed with {}", call, problem.status(), failure);
    }

    byte[] bytes(HttpServletRequest request, ProblemException problem) {
        var body = problem.body();
        body.put("traceId", TraceFilter.traceId(request));
        return json.writeValueAsBytes(body);
    }

    static ProblemException of(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        var tooLarge = cause(failure, BodyTooLargeException.class);
        if (tooLarge != null) {
            return ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail("The body may have " + tooLarge.limit() + " bytes.");
        }
        if (cause(failure, BodyTooSlowException.class) != null) {
            return ProblemException.of(408, "body-too-slow", "The body came too slowly")
                    .detail("Send the body without pauses, in a new request.")
                    .header(HttpHeaders.CONNECTION, "close");
        }
        var inside = cause(failure, ProblemException.class);
        if (inside != null) {
            return inside;
        }
        if (failure instanceof HttpMessageNotReadableException unreadable) {
            return unreadable(unreadable);
        }
        if (failure instanceof JacksonException unreadable) {
            return unreadableJson(unreadable);
        }
        if (failure instanceof NoHandlerFoundException || failure instanceof NoResourceFoundException) {
            return noSuchPath();
        }
        if (failure instanceof HttpRequestMethodNotSupportedException method) {
            var allowed = method.getSupportedHttpMethods();
            return methodNotAllowed(
                    allowed == null
                            ? ""
                            : allowed.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")));
        }
        if (failure instanceof HttpMediaTypeNotSupportedException type) {
            var supported = MediaType.toString(type.getSupportedMediaTypes());
            return ProblemException.of(415, "unsupported-media-type", "Unsupported media type")
                    .detail(supported.isEmpty() ? "This media type is not taken here." : "Send " + supported + ".")
                    .header(HttpHeaders.ACCEPT, supported);
        }
        if (failure instanceof HttpMediaTypeNotAcceptableException type) {
            return ProblemException.of(406, "not-acceptable", "Not acceptable")
                    .detail("Here is " + MediaType.toString(type.getSupportedMediaTypes()) + ".");
        }
        if (failure instanceof MissingServletRequestParameterException missing) {
            return badParameter(missing.getParameterName(), "is missing", "missing");
        }
        if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
            if (mismatch.getParameter().hasParameterAnnotation(PathVariable.class)) {
                return notFound();
            }
            return badParameter(mismatch.getName(), "is not of its type", "type");
        }
        if (failure instanceof MissingRequestHeaderException missing) {
            return ProblemException.of(400, "invalid-header", "A request header is not valid")
                    .headerError(missing.getHeaderName(), "is missing", "missing");
        }
        if (failure instanceof HandlerMethodValidationException invalid) {
            var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid");
            invalid.getParameterValidationResults().forEach(result -> {
                var name = result.getMethodParameter().getParameterName();
                result.getResolvableErrors()
                        .forEach(error -> problem.parameterError(
                                name == null ? "parameter" : name, String.valueOf(error.getDefaultMessage()), "range"));
            });
            return problem;
        }
        if (failure instanceof MethodArgumentNotValidException invalid) {
            var problem = ProblemException.of(422, "invalid-body", "The body is not valid");
            invalid.getFieldErrors()
                    .forEach(error -> problem.error(
                            "/" + error.getField().replace('.', '/'),
                            String.valueOf(error.getDefaultMessage()),
                            "invalid"));
            return problem;
        }
        if (failure instanceof ServletRequestBindingException || failure instanceof TypeMismatchException) {
            return ProblemException.of(400, "bad-request", "Bad request")
                    .detail("A parameter or header of the request is missing or not of its type.");
        }
        if (failure instanceof AuthenticationServiceException || PassingFailure.is(failure)) {
            return ProblemException.of(503, "database-unavailable", "Database unavailable")
                    .detail("Nothing was decided; send the request again.")
                    .header(HttpHeaders.RETRY_AFTER, "2");
        }
        if (failure instanceof AsyncRequestTimeoutException) {
            return ProblemException.of(503, "took-too-long", "Took too long")
                    .detail("The request was given up; send it again.")
                    .header(HttpHeaders.RETRY_AFTER, "2");
        }
        if (failure instanceof AuthenticationException) {
            return unauthorized(true);
        }
        if (failure instanceof AccessDeniedException) {
            return forbidden();
        }
        return internal();
    }

    private static ProblemException unreadable(HttpMessageNotReadableException failure) {
        var json = cause(failure, JacksonException.class);
        if (json != null) {
            return unreadableJson(json);
        }
        return ProblemException.of(400, "malformed-body", "The body cannot be read")
                .detail("The body is missing or not what its Content-Type says.");
    }

    private static ProblemException unreadableJson(JacksonException failure) {
        if (failure instanceof DatabindException binding
                && !(failure.getCause() instanceof StreamReadException)
                && !binding.getPath().isEmpty()) {
            var pointer = binding.getPath().stream()
                    .map(step -> step.getPropertyName() == null
                            ? Integer.toString(step.getIndex())
                            : step.getPropertyName().replace("~", "~0").replace("/", "~1"))
                    .collect(Collectors.joining("/", "/", ""));
            return ProblemException.of(422, "invalid-body", "The body is not valid")
                    .error(pointer, "is unknown or not of its type", "type");
        }
        return ProblemException.of(400, "malformed-body", "The body cannot be read")
                .detail("The body is no valid JSON.");
    }

    private static ProblemException badParameter(String name, String what, String code) {
        return ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter " + name + ".")
                .parameterError(name, what, code);
    }

    static ProblemException unauthorized(boolean tokenSent) {
        var problem = ProblemException.of(401, "unauthorized", "Unauthorized");
        return tokenSent
                ? problem.detail("The token is not accepted: forged, expired, revoked, or not for this.")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"syncline\", error=\"invalid_token\"")
                : problem.detail("Send a token: Authorization: Bearer ….")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"syncline\"");
    }

    static ProblemException forbidden() {
        return ProblemException.of(403, "forbidden", "Forbidden")
                .detail(
                        "The token has no scope that this route takes, or does not reach all labels, as this route requires.");
    }

    static ProblemException noSuchPath() {
        return ProblemException.of(404, "no-such-path", "No such path")
                .detail("There is nothing at this path; /v3/api-docs lists what there is.");
    }

    static ProblemException notFound() {
        return ProblemException.of(404, "not-found", "Not found").detail("There is nothing of this id.");
    }

    static ProblemException methodNotAllowed(String allow) {
        return ProblemException.of(405, "method-not-allowed", "Method not allowed")
                .detail("This path takes " + allow + ".")
                .header(HttpHeaders.ALLOW, allow);
    }

    static ProblemException internal() {
        return ProblemException.of(500, "internal-error", "Internal error")
                .detail("The failure is ours and is logged under this trace id.");
    }

    /** For answers that the container makes itself. */
    static ProblemException ofStatus(int status) {
        return switch (status) {
            case 401 -> unauthorized(false);
            case 403 -> forbidden();
            case 404 -> noSuchPath();
            case 413 -> ProblemException.of(413, "body-too-large", "The body is too large");
            case 415 -> ProblemException.of(415, "unsupported-media-type", "Unsupported media type");
            default ->
                status >= 400 && status < CLIENT_CLOSED
                        ? ProblemException.of(status, "bad-request", "Bad request")
                                .detail("The request could not be read.")
                        : internal();
        };
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
