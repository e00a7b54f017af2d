package io.syncline.client.security;

import io.syncline.client.problem.Problem;
import io.syncline.client.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** 401, 403 and 503 of the filters as problem documents. */
final class ProblemEntryPoint implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemEntryPoint.class);

    private final ProblemWriter writer;

    ProblemEntryPoint(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException trouble)
            throws IOException {
        if (trouble instanceof KeysUnavailableException) {
            writer.write(
                    request,
                    response,
                    Problem.of(
                                    503,
                                    "keys-unavailable",
                                    "The platform's keys are not available",
                                    "The token could not be checked; send the request again.")
                            .retryAfter(2));
            return;
        }
        boolean invalid = trouble instanceof InvalidBearerTokenException;
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, invalid ? "Bearer error=\"invalid_token\"" : "Bearer");
        var message = trouble.getMessage();
        var detail = invalid && message != null ? message : "Send an access token of the platform as bearer token.";
        writer.write(request, response, Problem.of(401, "unauthorized", "No valid token", detail));
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        LOG.info(
                "{} {} refused with 403 to {} at {}",
                request.getMethod(),
                request.getRequestURI(),
                request.getUserPrincipal() == null
                        ? "nobody known"
                        : request.getUserPrincipal().getName(),
                request.getRemoteAddr());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
        writer.write(
                request,
                response,
                Problem.of(
                        403,
                        "forbidden",
                        "The token does not allow this",
                        "Use a token with the scope that the route asks for."));
    }
}
