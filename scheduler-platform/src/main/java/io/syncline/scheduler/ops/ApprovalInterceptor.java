package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.PendingChanges.Proposal;
import io.syncline.scheduler.security.CallReplay;
import io.syncline.scheduler.security.SecondApprover;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Keeps calls that need a second person instead of letting them through. */
@Component
class ApprovalInterceptor implements HandlerInterceptor {

    private final PendingChanges changes;
    private final CallReplay replay;
    private final JsonMapper json;

    ApprovalInterceptor(PendingChanges changes, CallReplay replay, JsonMapper json) {
        this.changes = changes;
        this.replay = replay;
        this.json = json;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (!(handler instanceof HandlerMethod method) || request.getAttribute(CallReplay.MARK) != null) {
            return true;
        }
        var declared = method.getMethodAnnotation(SecondApprover.class);
        if (declared == null || !changes.needsApproval(declared.value())) {
            return true;
        }
        var call = call(request, request.getInputStream().readAllBytes());
        var caller = replay.caller().orElseThrow(() -> new IllegalStateException("nobody was let in"));
        var proposed = changes.propose(
                new Proposal(declared.value(), key(request, declared.value()), call, caller, request, response));
        if (proposed.kept() != null) {
            accepted(proposed.kept(), response);
        } else {
            send(Objects.requireNonNull(proposed.refused()), response);
        }
        return false;
    }

    /** The call that a request makes. */
    static CallReplay.Call call(HttpServletRequest request, byte[] body) {
        var query = request.getQueryString();
        return new CallReplay.Call(
                request.getMethod(),
                request.getRequestURI() + (query == null ? "" : "?" + query),
                headers(request),
                body);
    }

    private void accepted(PendingChange change, HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setHeader(HttpHeaders.LOCATION, "/api/v1/changes/" + change.changeId());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(told(change)));
    }

    /** What the proposer is told of a kept change. */
    static Map<String, Object> told(PendingChange change) {
        var body = new LinkedHashMap<String, Object>();
        body.put("changeId", change.changeId());
        body.put("state", change.state());
        body.put("kind", PendingChanges.wire(change.kind()));
        body.put("key", change.key());
        body.put("proposedBy", change.proposedBy());
        body.put("expiresAt", change.expiresAt());
        return body;
    }

    private static void send(CallReplay.Answer refused, HttpServletResponse response) throws IOException {
        response.setStatus(refused.status());
        refused.headers().forEach(response::setHeader);
        response.getOutputStream().write(refused.body());
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        var headers = new LinkedHashMap<String, String>();
        for (var name : new String[] {HttpHeaders.CONTENT_TYPE, HttpHeaders.IF_MATCH, HttpHeaders.IF_NONE_MATCH}) {
            var contents = request.getHeaders(name);
            if (contents.hasMoreElements()) {
                headers.put(name, String.join(", ", java.util.Collections.list(contents)));
            }
        }
        return headers;
    }

    private static String key(HttpServletRequest request, SecondApprover.Kind kind) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables) {
            for (var variable : variables.values()) {
                return String.valueOf(variable);
            }
        }
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
