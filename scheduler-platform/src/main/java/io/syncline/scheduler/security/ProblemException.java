package io.syncline.scheduler.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal that the caller is told as application/problem+json: {@code throw ProblemException.of(404, "not-found", "No such
 * thing").detail("…")}. The title is constant for its type; the detail says how to correct the request.
 */
public class ProblemException extends RuntimeException {

    private static final String TYPES = "https://syncline.io/problems/";

    private static final String OVERLOADED = "overloaded";

    private final int status;
    private final String typeSlug;
    private final String title;
    private @Nullable String detail;
    private final List<ProblemError> errors = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, Object> members = new LinkedHashMap<>();

    protected ProblemException(int status, String typeSlug, String title) {
        this.status = status;
        this.typeSlug = typeSlug;
        this.title = title;
    }

    public static ProblemException of(int status, String typeSlug, String title) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem has a status from 400 to 599: " + status);
        }
        return new ProblemException(status, typeSlug, title);
    }

    /**
     * There is more to do than can be done, and nothing of the request was looked at.
     *
     * @param status 429 or 503; a web server closes the connection with the latter
     */
    public static ProblemException overloaded(int status) {
        return of(status, OVERLOADED, "Overloaded");
    }

    public ProblemException detail(String text) {
        detail = text;
        return this;
    }

    /** Something wrong in the body, at a JSON pointer. */
    public ProblemException error(String pointer, String what, String code) {
        errors.add(new ProblemError(pointer, null, null, what, code));
        return this;
    }

    /** Something wrong in a query parameter. */
    public ProblemException parameterError(String parameter, String what, String code) {
        errors.add(new ProblemError(null, parameter, null, what, code));
        return this;
    }

    /** Something wrong in a request header. */
    public ProblemException headerError(String header, String what, String code) {
        errors.add(new ProblemError(null, null, header, what, code));
        return this;
    }

    /** A header of the answer, such as Retry-After. */
    public ProblemException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** A further member of the problem, such as currentState. */
    public ProblemException member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    public ProblemException cause(Throwable cause) {
        initCause(cause);
        return this;
    }

    public int status() {
        return status;
    }

    public String type() {
        return TYPES + typeSlug;
    }

    boolean isOverload() {
        return typeSlug.equals(OVERLOADED);
    }

    public String title() {
        return title;
    }

    public @Nullable String detail() {
        return detail;
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public List<ProblemError> errors() {
        return List.copyOf(errors);
    }

    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** The problem as its JSON object, without the trace id, which the answer to the request adds. */
    public Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type());
        body.put("title", title);
        body.put("status", status);
        if (detail != null) {
            body.put("detail", detail);
        }
        if (!errors.isEmpty()) {
            body.put("errors", errors.stream().map(ProblemError::body).toList());
        }
        body.putAll(members);
        return body;
    }

    @Override
    public String getMessage() {
        return status + " " + typeSlug + (detail == null ? "" : ": " + detail);
    }
}
