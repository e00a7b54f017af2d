package io.syncline.portal.platform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * One request of the platform's API.
 *
 * @param path with a place in braces for each of {@code variables}, in their order
 * @param query without blank values; a name may stand several times
 * @param body null: none; text and bytes go as they are, everything else as JSON
 * @param scope what the route takes, for the words of a refusal; null when nothing sensible can be named
 * @param patient whether the answer may take longer than usual, because the platform calls others for it
 */
public record ApiCall(
        HttpMethod method,
        String path,
        List<Object> variables,
        Map<String, List<String>> query,
        @Nullable Object body,
        Map<String, String> headers,
        @Nullable String scope,
        boolean patient) {

    public ApiCall {
        variables = List.copyOf(variables);
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Map.copyOf(headers);
    }

    public static ApiCall get(String path, Object... variables) {
        return of(HttpMethod.GET, path, variables);
    }

    public static ApiCall post(String path, Object... variables) {
        return of(HttpMethod.POST, path, variables);
    }

    public static ApiCall put(String path, Object... variables) {
        return of(HttpMethod.PUT, path, variables);
    }

    public static ApiCall delete(String path, Object... variables) {
        return of(HttpMethod.DELETE, path, variables);
    }

    private static ApiCall of(HttpMethod method, String path, Object... variables) {
        return new ApiCall(method, path, Arrays.asList(variables), Map.of(), null, Map.of(), null, false);
    }

    /** One value more of a parameter; null and blank ones are left out. */
    public ApiCall query(String name, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            return this;
        }
        var more = new LinkedHashMap<>(query);
        var values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value.toString());
        more.put(name, values);
        return new ApiCall(method, path, variables, more, body, headers, scope, patient);
    }

    /** As {@link #query(String, Object)} for each entry. */
    public ApiCall query(Map<String, String> parameters) {
        var call = this;
        for (var parameter : parameters.entrySet()) {
            call = call.query(parameter.getKey(), parameter.getValue());
        }
        return call;
    }

    /** Sent as JSON. */
    public ApiCall body(Object json) {
        return new ApiCall(method, path, variables, query, json, headers, scope, patient)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    }

    /** Sent as it is. */
    public ApiCall body(String text, String mediaType) {
        return new ApiCall(method, path, variables, query, text, headers, scope, patient)
                .header(HttpHeaders.CONTENT_TYPE, mediaType);
    }

    public ApiCall header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiCall(method, path, variables, query, body, more, scope, patient);
    }

    /** Only what this entity tag names is changed. */
    public ApiCall ifMatch(String entityTag) {
        return header(HttpHeaders.IF_MATCH, entityTag);
    }

    /** Sent twice it has one effect: the platform answers the second one as the first. */
    public ApiCall once(String key) {
        return header("Idempotency-Key", "\"" + key + "\"");
    }

    public ApiCall needs(String anyScope) {
        return new ApiCall(method, path, variables, query, body, headers, anyScope, patient);
    }

    /** Waits for an answer for which the platform itself has to wait, such as that of a test. */
    public ApiCall patiently() {
        return new ApiCall(method, path, variables, query, body, headers, scope, true);
    }
}
