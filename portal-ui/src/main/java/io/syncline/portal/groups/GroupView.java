package io.syncline.portal.groups;

import io.syncline.portal.groups.GroupRow.PauseNote;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task group on its own page.
 *
 * @param sentences what it does, in words
 * @param managedSource as in {@link Groups.Status}
 */
record GroupView(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        @Nullable Moment changed,
        @Nullable String changedBy,
        List<String> sentences,
        List<TaskLine> tasks,
        @Nullable PauseNote pause,
        @Nullable String managedSource) {

    static GroupView of(String key, Groups.StoredGroup stored, Moments moments) {
        var document = stored.document();
        var status = stored.status();
        var paused = status.paused();
        return new GroupView(
                key,
                status.version(),
                Words.text(document, "/description"),
                Words.text(document, "/owner"),
                document.path("labels")
                        .valueStream()
                        .map(label -> label.asString(""))
                        .toList(),
                moments.orNull(status.createdAt()),
                status.createdBy(),
                sentences(document),
                TaskLine.all(document),
                paused == null ? null : new PauseNote(moments.of(paused.since()), paused.by(), paused.reason()),
                status.managedSource());
    }

    private static List<String> sentences(JsonNode document) {
        var said = new ArrayList<String>();
        document.path("triggers").forEach(rule -> said.add(rule(rule)));
        var cron = Words.text(document, "/schedule/cron");
        if (cron != null) {
            said.add("Time starts it "
                    + Words.schedule(
                            cron, Words.text(document, "/schedule/zone"), Words.text(document, "/schedule/calendar"))
                    + "." + missed(document));
        }
        if (said.isEmpty()) {
            said.add("Neither a message nor time starts it: people do, by hand.");
        }
        said.add(Words.whenActive(Words.text(document, "/whenActive"), Words.text(document, "/maxActive")));
        var expectBy = Words.text(document, "/expectBy/time");
        if (expectBy != null) {
            var zone = Words.text(document, "/expectBy/zone");
            said.add("A trigger is expected by %s, %s, every day.".formatted(expectBy, zone == null ? "UTC" : zone));
        }
        span(said, document, "/startBy", "A run that waits longer than %s to begin is late.");
        span(said, document, "/freshness", "Without a success for longer than %s the data are stale.");
        document.path("alerts").forEach(rule -> said.add(alert(rule)));
        return said;
    }

    private static String rule(JsonNode rule) {
        var businessKey = Words.text(rule, "/businessKey");
        var verify = Words.text(rule, "/verify/system");
        return "A message of type %s from %s starts it"
                        .formatted(
                                rule.path("type").asString("?"),
                                rule.path("source").asString("?"))
                + (businessKey == null ? "" : ", under the business key " + businessKey)
                + (verify == null ? "" : ", once " + verify + " has confirmed it")
                + (rule.has("dataSchema") ? ", when its data fit the schema" : "")
                + ".";
    }

    private static String missed(JsonNode document) {
        var misfire = Words.text(document, "/schedule/misfire");
        return switch (misfire == null ? "FIRE_ONCE" : misfire) {
            case "SKIP" -> " Missed times start nothing.";
            case "CATCH_UP" -> {
                var most = Words.text(document, "/schedule/maxCatchUp");
                yield " Missed times are made up for, the newest %s at most.".formatted(most == null ? "10" : most);
            }
            default -> " However many times were missed, one run makes up for them.";
        };
    }

    private static void span(List<String> said, JsonNode document, String pointer, String sentence) {
        var iso = Words.text(document, pointer);
        if (iso != null) {
            said.add(sentence.formatted(Words.duration(iso)));
        }
    }

    private static String alert(JsonNode rule) {
        var threshold = Words.text(rule, "/threshold/count");
        var within = Words.text(rule, "/threshold/within");
        return "On %s %s %s."
                .formatted(
                        texts(rule.path("when")),
                        threshold == null || within == null
                                ? "it tells"
                                : "%s times within %s it tells".formatted(threshold, Words.duration(within)),
                        texts(rule.path("channels")));
    }

    private static String texts(JsonNode list) {
        return String.join(", ", list.valueStream().map(one -> one.asString("")).toList());
    }

    /**
     * A task, with what it takes from the group's defaults.
     *
     * @param limits how often and how long it is called, in words
     */
    record TaskLine(
            int place,
            String key,
            String mode,
            String system,
            String path,
            @Nullable String cancelPath,
            String auth,
            List<String> limits) {

        static List<TaskLine> all(JsonNode document) {
            var lines = new ArrayList<TaskLine>();
            for (var task : document.path("tasks")) {
                lines.add(of(lines.size() + 1, task, document.path("defaults")));
            }
            return lines;
        }

        private static TaskLine of(int place, JsonNode task, JsonNode defaults) {
            var auth = Words.text(task, "/auth/type");
            var credential = Words.text(task, "/auth/credential");
            var limits = new ArrayList<String>();
            add(limits, task, defaults, "/interval", "called every %s", "PT30S");
            add(limits, task, defaults, "/overdueAfter", "overdue after %s", null);
            add(limits, task, defaults, "/timeout", "failed after %s", null);
            var attempts = either(task, defaults, "/retry/maxAttempts");
            limits.add("%s attempts".formatted(attempts == null ? "3" : attempts));
            if ("true".equals(either(task, defaults, "/reconciliation/required"))) {
                limits.add("reconciliation required");
            }
            return new TaskLine(
                    place,
                    task.path("key").asString(""),
                    task.path("mode").asString("SYNC"),
                    task.path("system").asString(""),
                    task.path("path").asString(""),
                    Words.text(task, "/cancelPath"),
                    auth == null ? "as the system" : credential == null ? auth : auth + " (" + credential + ")",
                    limits);
        }

        private static void add(
                List<String> limits,
                JsonNode task,
                JsonNode defaults,
                String pointer,
                String words,
                @Nullable String otherwise) {
            var iso = either(task, defaults, pointer);
            if (iso != null || otherwise != null) {
                limits.add(words.formatted(Words.duration(iso == null ? String.valueOf(otherwise) : iso)));
            }
        }

        private static @Nullable String either(JsonNode task, JsonNode defaults, String pointer) {
            var own = Words.text(task, pointer);
            return own == null ? Words.text(defaults, pointer) : own;
        }
    }
}
