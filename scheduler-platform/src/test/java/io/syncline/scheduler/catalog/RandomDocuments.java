package io.syncline.scheduler.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Valid documents with whatever may stand in them, awkward texts included; the same for the same seed. */
final class RandomDocuments {

    private static final JsonMapper JSON = new JsonMapper();

    /** Texts that a careless writer of YAML turns into something else. */
    private static final List<String> TEXTS = List.of(
            "yes",
            "no",
            "null",
            "~",
            "03:30",
            "1e5",
            "0x1F",
            "007",
            "1_000",
            "2026-11-20",
            "- item",
            "a: b",
            "#",
            "# no",
            "'",
            "\"quoted\"",
            "back\\slash",
            "two\nlines\n",
            "  spaces  ",
            "tab\there",
            "ä ö ü",
            "🦆",
            "a\u2028b",
            "%",
            "@at",
            "&a",
            "*a",
            "!tag",
            "{}",
            "[]",
            "|",
            ">",
            "---",
            "...",
            "true",
            ".inf",
            "=",
            "<<");

    private final Random random;

    RandomDocuments(Random random) {
        this.random = random;
    }

    /** Two systems and three groups, as JSON, which is YAML as well. */
    List<String> documents(long number) {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            documents.add(system("system-" + number + "-" + i));
        }
        for (int i = 0; i < 3; i++) {
            documents.add(group("group-" + number + "-" + i, "system-" + number + "-" + random.nextInt(2)));
        }
        return documents;
    }

    private String system(String key) {
        ObjectNode system = header("System", key);
        system.putArray("instances").add("http://127.0.0.1:" + (1 + random.nextInt(9999)));
        maybe(() -> system.put("routing", random.nextBoolean() ? "LEAST_BUSY" : "ROUND_ROBIN"));
        maybe(() -> system.putObject("limits")
                .put("concurrency", random.nextBoolean() ? 32 : 1 + random.nextInt(100))
                .put("ratePerSecond", random.nextBoolean() ? 100.0 : 0.01 + random.nextInt(1000) / 4.0));
        maybe(() -> system.putArray("sources").add("/source/" + key));
        maybe(() -> system.putObject("auth").put("type", random.nextBoolean() ? "none" : "platform-jwt"));
        maybe(() -> system.putObject("limits"));
        return text(system);
    }

    private String group(String key, String system) {
        ObjectNode group = header("TaskGroup", key);
        maybe(() -> group.putArray("triggers")
                .addObject()
                .put("source", "/s" + random.nextInt(3))
                .put("type", text())
                .put("businessKey", "{data.day}-" + random.nextInt(9)));
        maybe(() -> group.putObject("schedule")
                .put("cron", "0 30 2 * * ?")
                .put("zone", random.nextBoolean() ? "UTC" : "Europe/Berlin"));
        maybe(() -> group.putObject("expectBy").put("time", "03:30"));
        maybe(() -> group.put("startBy", duration()));
        maybe(() -> group.put("freshness", duration()));
        maybe(() -> group.put("whenActive", random.nextBoolean() ? "QUEUE" : "PARALLEL")
                .put("maxActive", random.nextBoolean() ? 10 : 3));
        maybe(() -> timing(group.putObject("defaults")));
        var tasks = group.putArray("tasks");
        int many = 1 + random.nextInt(4);
        for (int i = 0; i < many; i++) {
            ObjectNode task = tasks.addObject()
                    .put("path", "/sync/" + i)
                    .put("system", system)
                    .put("key", "task-" + i);
            maybe(() -> task.put("mode", random.nextBoolean() ? "SYNC" : "ASYNC"));
            maybe(() -> task.put("cancelPath", "/cancel/%C3%A4"));
            maybe(() -> anything(task.putObject("parameters"), 0));
            maybe(() -> timing(task));
            maybe(() -> task.putObject("auth").put("type", "platform-jwt").put("lifetime", "PT5M"));
        }
        maybe(() -> {
            var alert = group.putArray("alerts").addObject();
            alert.putArray("when").add("FAILED").add("OVERDUE");
            alert.putArray("channels");
        });
        return text(group);
    }

    private ObjectNode header(String kind, String key) {
        ObjectNode document = JSON.createObjectNode();
        document.put("kind", kind).put("key", key).put("apiVersion", "syncline/v1");
        maybe(() -> document.put("description", text()));
        maybe(() -> document.put("owner", "data-platform"));
        maybe(() -> document.putArray("labels"));
        maybe(() -> document.putNull("owner"));
        return document;
    }

    private void timing(ObjectNode object) {
        maybe(() -> object.put("interval", random.nextBoolean() ? "PT30S" : duration()));
        maybe(() -> object.put("callTimeout", duration()));
        maybe(() -> object.put("silentAfter", "PT0S"));
        maybe(() -> object.putObject("retry")
                .put("maxAttempts", 1 + random.nextInt(5))
                .put("backoff", "PT5S"));
        maybe(() -> object.putObject("reconciliation").put("required", random.nextBoolean()));
    }

    private String duration() {
        return List.of("PT1S", "PT90S", "PT1M30S", "P1DT2H", "PT1.5S", "PT26H").get(random.nextInt(6));
    }

    private void anything(ObjectNode object, int depth) {
        int many = random.nextInt(5);
        for (int i = 0; i < many; i++) {
            String name = random.nextBoolean() ? text() : "member-" + i;
            switch (random.nextInt(depth > 2 ? 5 : 7)) {
                case 0 -> object.put(name, text());
                case 1 -> object.put(name, random.nextLong());
                case 2 -> object.put(name, random.nextDouble() * 1e9);
                case 3 -> object.putNull(name);
                case 4 -> object.put(name, random.nextBoolean());
                case 5 -> anything(object.putObject(name), depth + 1);
                default -> object.putArray(name).add(text()).add(1).addNull();
            }
        }
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private void maybe(Runnable part) {
        if (random.nextBoolean()) {
            part.run();
        }
    }

    private static String text(ObjectNode document) {
        return JSON.writeValueAsString(document) + "\n";
    }
}
