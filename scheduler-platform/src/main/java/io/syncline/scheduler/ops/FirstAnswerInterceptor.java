package io.syncline.scheduler.ops;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Gives the second call under a key the first answer, on routes that say so and to callers that were let in. */
@Component
class FirstAnswerInterceptor implements HandlerInterceptor {

    /** Under which a route finds the name of its call, the same for every repetition. */
    static final String CALL_HASH = "io.syncline.scheduler.idempotent-call";

    private static final Logger LOG = LoggerFactory.getLogger(FirstAnswerInterceptor.class);
    private static final String BEGUN = FirstAnswerInterceptor.class.getName() + ".begun";

    /** Answers that say nothing about the call itself. */
    private static final Set<Integer> NOT_FINAL = Set.of(401, 403, 408, 425, 429);

    private final FirstAnswers answers;
    private final JsonMapper canonical;

    FirstAnswerInterceptor(FirstAnswers answers, JsonMapper json) {
        this.answers = answers;
        this.canonical = json.rebuild()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        var header = request.getHeader(IdempotencyKey.HEADER);
        var reread = WebUtils.getNativeRequest(request, FirstAnswerFilter.Reread.class);
        if (header == null || reread == null || !keepsFirstAnswer(handler) || isDryRun(request)) {
            return true;
        }
        var key = IdempotencyKey.of(header);
        response.setHeader(IdempotencyKey.HEADER, key.quoted());
        var callHash = sha256(request.getRemoteUser(), request.getMethod(), request.getRequestURI(), key.value());
        var fingerprint = sha256(request.getQueryString(), canonical(reread.body()));
        var begun = answers.begin(callHash, fingerprint);
        if (begun.answer().isPresent()) {
            repeat(begun.answer().get(), response);
            return false;
        }
        request.setAttribute(CALL_HASH, callHash);
        request.setAttribute(BEGUN, new Call(callHash, fingerprint, begun.at()));
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (!(request.getAttribute(BEGUN) instanceof Call call)) {
            return;
        }
        var body = WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class);
        try {
            if (failure != null
                    || body == null
                    || response.getStatus() >= 500
                    || NOT_FINAL.contains(response.getStatus())) {
                answers.free(call.hash());
                return;
            }
            answers.keep(new FirstAnswer(
                    call.hash(),
                    call.fingerprint(),
                    call.begunAt(),
                    response.getStatus(),
                    response.getContentType(),
                    response.getHeader(HttpHeaders.LOCATION),
                    new String(body.getContentAsByteArray(), StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            // The action stands; its key stays taken until the call counts as dead, then the route itself must notice.
            LOG.warn("The answer to a call under an idempotency key could not be kept: {}", e.getMessage());
        }
    }

    private static boolean keepsFirstAnswer(Object handler) {
        return handler instanceof HandlerMethod method && method.hasMethodAnnotation(KeepsFirstAnswer.class);
    }

    private static boolean isDryRun(HttpServletRequest request) {
        return "true".equals(request.getParameter("dryRun"));
    }

    private static void repeat(FirstAnswer first, HttpServletResponse response) throws IOException {
        response.setStatus(Objects.requireNonNull(first.status()));
        if (first.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, first.location());
        }
        if (first.contentType() != null) {
            response.setContentType(first.contentType());
        }
        if (first.body() != null) {
            response.getOutputStream().write(first.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Equal JSON is an equal body, however its members are ordered and spaced. */
    private String canonical(byte[] body) {
        try {
            return canonical.writeValueAsString(canonical.readValue(body, Object.class));
        } catch (JacksonException e) {
            return HexFormat.of().formatHex(body);
        }
    }

    private static String sha256(@Nullable String... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(Objects.toString(part, "").getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Call(String hash, String fingerprint, Instant begunAt) {}
}
