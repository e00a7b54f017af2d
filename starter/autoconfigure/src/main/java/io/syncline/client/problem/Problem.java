package io.syncline.client.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document.
 *
 * @param slug the last part of its type, constant for one kind of problem
 * @param title constant for one kind of problem
 * @param detail says how to correct it
 * @param errors all that is wrong in the input, at once
 * @param retryAfterSeconds when to come again; null: no such header
 */
public record Problem(
        int status,
        String slug,
        String title,
        String detail,
        List<FieldError> errors,
        @Nullable Integer retryAfterSeconds) {

    private static final String TYPES = "https://syncline.io/problems/";

    /** One fault of the input; {@code pointer} is a JSON pointer, {@code header} a header's name. */
    public record FieldError(
            @Nullable String pointer, @Nullable String header, String detail, String code) {}

    public static Problem of(int status, String slug, String title, String detail) {
        return new Problem(status, slug, title, detail, List.of(), null);
    }

    public Problem withErrors(List<FieldError> all) {
        return new Problem(status, slug, title, detail, List.copyOf(all), retryAfterSeconds);
    }

    public Problem retryAfter(int seconds) {
        return new Problem(status, slug, title, detail, errors, seconds);
    }

    /** The members of the JSON document. */
    public Map<String, Object> document(String traceId) {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", TYPES + slug);
        document.put("title", title);
        document.put("status", status);
        document.put("detail", detail);
        document.put("traceId", traceId);
        if (!errors.isEmpty()) {
            document.put("errors", errors.stream().map(Problem::members).toList());
        }
        return document;
    }

    private static Map<String, Object> members(FieldError error) {
        var members = new LinkedHashMap<String, Object>();
        if (error.pointer() != null) {
            members.put("pointer", error.pointer());
        }
        if (error.header() != null) {
            members.put("header", error.header());
        }
        members.put("detail", error.detail());
        members.put("code", error.code());
        return members;
    }
}
