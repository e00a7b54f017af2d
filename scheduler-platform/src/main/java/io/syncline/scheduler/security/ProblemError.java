package io.syncline.scheduler.security;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing wrong with a request: where (exactly one of pointer, parameter, header), what, and a stable code. */
public record ProblemError(
        @Nullable String pointer,
        @Nullable String parameter,
        @Nullable String header,
        String detail,
        String code) {

    Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        if (pointer != null) {
            body.put("pointer", pointer);
        }
        if (parameter != null) {
            body.put("parameter", parameter);
        }
        if (header != null) {
            body.put("header", header);
        }
        body.put("detail", detail);
        body.put("code", code);
        return body;
    }
}
