package io.syncline.portal.groups;

import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The platform's routes of task groups, in the words of these pages. */
@Component
class Groups {

    static final String READ = "config:read";
    static final String WRITE = "config:write";
    static final String OPERATE = "runs:operate";
    static final String READ_RUNS = "runs:read";
    private static final String GROUP = "/api/v1/groups/{key}";

    private final Platform platform;

    Groups(Platform platform) {
        this.platform = platform;
    }

    GroupList list(Map<String, String> question) {
        return platform.ask(ApiCall.get("/api/v1/groups").query(question).needs(READ), GroupList.class);
    }

    StoredGroup group(String key) {
        return StoredGroup.of(platform.answer(ApiCall.get(GROUP, key).needs(READ)));
    }

    Grid.Answer grid(String key) {
        return platform.ask(ApiCall.get(GROUP + "/grid", key).needs(READ_RUNS), Grid.Answer.class);
    }

    FireTimes fireTimes(String key, int count) {
        return platform.ask(
                ApiCall.get(GROUP + "/fire-times", key).query("count", count).needs(READ), FireTimes.class);
    }

    /** Of a schedule that is not stored; the member of a group's document. */
    FireTimes fireTimes(JsonNode schedule, int count) {
        var body = Documents.object();
        body.set("schedule", schedule);
        return platform.ask(
                ApiCall.post("/api/v1/fire-times")
                        .query("count", count)
                        .body(Documents.json(body), "application/json")
                        .needs(READ),
                FireTimes.class);
    }

    Versions versions(String key, int limit, @Nullable String cursor) {
        return platform.ask(
                ApiCall.get(GROUP + "/versions", key)
                        .query("limit", limit)
                        .query("cursor", cursor)
                        .needs(READ),
                Versions.class);
    }

    StoredGroup version(String key, int number) {
        return StoredGroup.of(platform.answer(
                ApiCall.get(GROUP + "/versions/{version}", key, number).needs(READ)));
    }

    VersionDiff diff(String key, int from, int to) {
        return platform.ask(
                ApiCall.get(GROUP + "/versions/{version}", key, to)
                        .query("diff", from)
                        .needs(READ),
                VersionDiff.class);
    }

    /** What a document would change; refused with all that is wrong with it. */
    Plan plan(String yaml) {
        return platform.ask(
                ApiCall.post("/api/v1/config/plan")
                        .body(yaml, "application/yaml")
                        .needs(WRITE),
                Plan.class);
    }

    /** @param version that stands; null: there is none */
    ApiAnswer save(String key, String yaml, @Nullable Integer version, String reason, boolean detaching) {
        var call = ApiCall.put(GROUP, key)
                .query("reason", reason)
                .query("detach", detaching ? "true" : null)
                .body(yaml, "application/yaml")
                .needs(WRITE);
        return platform.answer(
                version == null ? call.header("If-None-Match", "*") : call.ifMatch('"' + version.toString() + '"'));
    }

    ApiAnswer delete(String key, int version, String reason, boolean detaching) {
        return platform.answer(ApiCall.delete(GROUP, key)
                .query("reason", reason)
                .query("detach", detaching ? "true" : null)
                .ifMatch('"' + Integer.toString(version) + '"')
                .needs(WRITE));
    }

    /** A document with what the platform knows of it. */
    record StoredGroup(ObjectNode document, Status status) {

        static StoredGroup of(ApiAnswer answer) {
            var answered = Documents.ofJson(answer.text());
            return new StoredGroup(Documents.withoutStatus(answered), Status.of(answered.path("status")));
        }

        int version() {
            return status.version();
        }

        String yaml() {
            return Documents.yaml(document);
        }
    }

    /** @param managedSource where the files are that manage it; empty: files, but it was not said which; null: no files do */
    record Status(
            int version,
            @Nullable Instant createdAt,
            @Nullable String createdBy,
            GroupList.@Nullable Paused paused,
            @Nullable String managedSource) {

        static Status of(JsonNode status) {
            var paused = status.path("paused");
            return new Status(
                    status.path("version").asInt(0),
                    instant(status, "createdAt"),
                    Words.text(status, "/createdBy"),
                    paused.isObject()
                            ? new GroupList.Paused(
                                    Instant.parse(paused.path("since").asString()),
                                    paused.path("by").asString(""),
                                    Words.text(paused, "/reason"))
                            : null,
                    status.has("managedBy") ? status.path("source").asString("") : null);
        }

        private static @Nullable Instant instant(JsonNode status, String member) {
            var text = Words.text(status, "/" + member);
            return text == null ? null : Instant.parse(text);
        }

        boolean isManaged() {
            return managedSource != null;
        }
    }

    record FireTimes(@Nullable String zone, @Nullable String calendar, List<Fire> items) {}

    /** @param local the same moment in the schedule's zone, with its offset */
    record Fire(Instant at, String local) {}

    record Versions(List<Version> items, @Nullable String nextCursor) {}

    record Version(
            int version,
            @Nullable Instant createdAt,
            @Nullable String createdBy,
            @Nullable String reason) {}

    record VersionDiff(int from, int to, List<Change> changes) {}

    /** One field that differs; a null is "not there". */
    record Change(
            String pointer,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {

        public Change {
            before = before == null || before.isNull() ? null : before;
            after = after == null || after.isNull() ? null : after;
        }
    }

    record Plan(String planHash, List<Item> items) {

        record Item(
                String key,
                String action,
                List<Change> changes,
                @Nullable List<String> warnings) {}
    }
}
