package io.syncline.portal.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the platform refused something (RFC 9457).
 *
 * @param currentState of the run or task run, when it is in none that allows the action
 * @param currentVersion of the document, when another one was expected
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Problem(
        @Nullable String type,
        @Nullable String title,
        @Nullable String detail,
        @Nullable String traceId,
        @Nullable String currentState,
        @Nullable Integer currentVersion,
        @Nullable List<String> allowedActions,
        @Nullable List<Fault> errors) {

    static final Problem NONE = new Problem(null, null, null, null, null, null, null, null);
    private static final String TYPES = "https://syncline.io/problems/";
    private static final Map<String, String> FIELDS = Map.of(
            "/password", "The password",
            "/currentPassword", "The current password",
            "/user/password", "The password",
            "/user/key", "The name",
            "/user/name", "The full name",
            "/code", "The code",
            "/reason", "The reason");

    public boolean is(String slug) {
        return (TYPES + slug).equals(type);
    }

    public List<Fault> errorsOrNone() {
        return errors == null ? List.of() : errors;
    }

    /** The errors as sentences, else the detail. */
    public List<String> sentences() {
        if (errors != null && !errors.isEmpty()) {
            return errors.stream().map(Fault::sentence).toList();
        }
        return List.of(detail == null ? "The platform does not accept this." : detail);
    }

    String afterSpace() {
        return detail == null ? "" : " " + detail;
    }

    /** One member of a document, or one parameter, and what is wrong with it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Fault(
            @Nullable String pointer,
            @Nullable String parameter,
            @Nullable String detail,
            @Nullable String code) {

        public String sentence() {
            var field = pointer == null ? parameter : FIELDS.getOrDefault(pointer, pointer);
            return "%s %s.".formatted(field == null ? "It" : field, detail == null ? "is wrong" : detail);
        }
    }
}
