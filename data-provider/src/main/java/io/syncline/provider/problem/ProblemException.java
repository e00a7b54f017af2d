package io.syncline.provider.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that cannot be done, with what the caller is told of it. */
public final class ProblemException extends RuntimeException {

    private static final String TYPES = "https://syncline.io/problems/";

    private final int status;
    private final String slug;
    private final String title;
    private @Nullable String detail;
    private final List<Map<String, Object>> errors = new ArrayList<>();
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    private ProblemException(int status, String slug, String title) {
        super(slug);
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    public static ProblemException of(int status, String slug, String title) {
        return new ProblemException(status, slug, title);
    }

    public static ProblemException invalid(String detail) {
        return of(422, "invalid-input", "The input is not valid").detail(detail);
    }

    /** @param detail how to correct the request */
    public ProblemException detail(String detail) {
        this.detail = detail;
        return this;
    }

    public ProblemException because(Throwable cause) {
        initCause(cause);
        return this;
    }

    /** @param where {@code pointer}, {@code parameter} or {@code header} */
    public ProblemException error(String where, String name, String detail, String code) {
        errors.add(Map.of(where, name, "detail", detail, "code", code));
        return this;
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public ProblemException errors(List<Map<String, Object>> more) {
        errors.addAll(more);
        return this;
    }

    public ProblemException member(String name, Object content) {
        members.put(name, content);
        return this;
    }

    public ProblemException header(String name, String text) {
        headers.put(name, text);
        return this;
    }

    public int status() {
        return status;
    }

    public String type() {
        return TYPES + slug;
    }

    Map<String, String> headers() {
        return headers;
    }

    Map<String, Object> body(String traceId) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type());
        body.put("title", title);
        body.put("status", status);
        if (detail != null) {
            body.put("detail", detail);
        }
        body.put("traceId", traceId);
        if (!errors.isEmpty()) {
            body.put("errors", errors);
        }
        body.putAll(members);
        return body;
    }
}
