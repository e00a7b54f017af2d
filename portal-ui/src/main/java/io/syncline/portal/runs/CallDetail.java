package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One call with what was sent and what came, as the platform answers it; it has hidden the secrets.
 *
 * @param bodies SHOWN, WITHHELD or NOT_KEPT
 */
record CallDetail(
        String callId,
        String task,
        @Nullable String kind,
        @Nullable Integer attempt,
        @Nullable Integer round,
        @Nullable Instant at,
        @Nullable Long durationMs,
        @Nullable String instance,
        @Nullable Integer status,
        @Nullable String outcome,
        @Nullable String detail,
        @Nullable Boolean applied,
        @Nullable String node,
        @Nullable String bodies,
        @Nullable Request request,
        @Nullable Answer answer) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    record Request(
            String method,
            String url,
            @Nullable Map<String, String> headers,
            @Nullable Body body) {

        public Map<String, String> headersOrNone() {
            return headers == null ? Map.of() : headers;
        }
    }

    record Answer(
            @Nullable Map<String, String> headers, @Nullable Body body) {

        public Map<String, String> headersOrNone() {
            return headers == null ? Map.of() : headers;
        }
    }

    record Body(
            @Nullable String text,
            @Nullable Long bytes,
            @Nullable Boolean cut,
            @Nullable String sha256) {

        public boolean isEmpty() {
            return bytes == null || bytes == 0;
        }

        /** JSON in lines; everything else as it came. */
        public String shown() {
            if (text == null || isCut()) {
                return text == null ? "" : text;
            }
            try {
                return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(text));
            } catch (JacksonException noJson) {
                return text;
            }
        }

        public boolean isCut() {
            return Boolean.TRUE.equals(cut);
        }

        public String size() {
            return Numbers.counted(bytes == null ? 0 : bytes, "byte", "bytes");
        }
    }

    /** As the page shows it. */
    View view(Moments moments) {
        var title = "%s of %s, attempt %s, round %s"
                .formatted(
                        "CANCEL".equals(kind) ? "Cancel call" : "Call",
                        task,
                        attempt == null ? "-" : attempt,
                        round == null ? "-" : round);
        var took = durationMs == null ? "" : " after " + Numbers.grouped(durationMs) + " ms";
        return new View(
                title,
                moments.orNull(at),
                status == null ? "No answer" + took : status + took,
                this,
                request == null ? null : curl(request));
    }

    public boolean isWithheld() {
        return "WITHHELD".equals(bodies);
    }

    public boolean isNotKept() {
        return "NOT_KEPT".equals(bodies);
    }

    /** To be run by hand: what is hidden is left to be filled in. */
    private static String curl(Request request) {
        var curl = new StringBuilder("curl -X ")
                .append(request.method())
                .append(' ')
                .append(quoted(request.url()));
        request.headersOrNone()
                .forEach(
                        (name, value) -> curl.append(" \\\n  -H ").append(quoted(name + ": " + fillable(name, value))));
        var body = request.body();
        if (body != null && !body.isEmpty()) {
            var isWhole = body.text() != null && !body.isCut();
            curl.append(" \\\n  --data-binary ")
                    .append(isWhole ? quoted(Objects.requireNonNull(body.text())) : "@body.json");
        }
        return curl.toString();
    }

    private static String fillable(String name, String value) {
        int hidden = value.indexOf("••••");
        return hidden < 0 ? value : value.substring(0, hidden) + "<" + name.toLowerCase(java.util.Locale.ROOT) + ">";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    record View(
            String title,
            @Nullable Moment at,
            String result,
            CallDetail call,
            @Nullable String curl) {}
}
