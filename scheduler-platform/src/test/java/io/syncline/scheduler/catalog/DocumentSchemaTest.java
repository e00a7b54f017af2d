package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** That the schema for editors and the readers of documents know the same members and refuse the same mistakes. */
class DocumentSchemaTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path SAMPLES = Path.of("..", "deploy", "config");

    private static final DocumentSchema SCHEMA = new DocumentSchema();
    private static final ObjectNode TREE = Documents.json(SCHEMA.text());
    private static final Schema VALIDATOR = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SCHEMA.text());

    /** Every object that a group may hold, each with at least one member. */
    private static final String GROUP = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: whole
            triggers: [{source: /a, type: b, verify: {system: shop, path: "/a/{id}", after: PT60S}}]
            schedule: {cron: "0 30 2 * * ?", calendar: bank-holidays, misfire: CATCH_UP, maxCatchUp: 3}
            expectBy: {time: "03:30"}
            defaults: {interval: PT1S, retry: {maxAttempts: 1}, reconciliation: {required: true}}
            tasks:
              - {key: only, system: shop, path: /sync, retry: {maxAttempts: 1}, reconciliation: {required: true},
                 auth: {type: platform-jwt}}
            alerts:
              - {when: [FAILED], channels: [ops], threshold: {count: 3, within: PT1M}, escalate: {after: PT1H, channels: [ops]}}
            """;

    private static final String CHANNEL = "apiVersion: syncline/v1\nkind: Channel\nkey: ops\n";

    private static final List<String> CHANNELS = List.of(
            CHANNEL + "type: email\nhost: mail.example.com\nfrom: a@example.com\nto: [b@example.com]\n",
            CHANNEL + "type: slack\nurl: https://hooks.example.com/x\n",
            CHANNEL + "type: pagerduty\nroutingKey: abc\n",
            CHANNEL + "type: alertmanager\nurl: https://alerts.example.com\nuser: a\npassword: b\n",
            CHANNEL
                    + "type: webhook\nurl: https://hooks.example.com\nsecret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");

    private static final String SYSTEM = """
            apiVersion: syncline/v1
            kind: System
            key: shop
            instances: ["https://shop.example.com"]
            auth: {type: platform-jwt}
            limits: {concurrency: 1}
            credentials:
              a: {type: oauth2-client-credentials, tokenUrl: "https://idp.example.com/token", clientId: a, clientSecret: s}
              b: {type: basic, username: a, password: b}
              c: {type: api-key, header: X-Key, apiKey: k}
              d: {type: mtls, certificate: c, privateKey: p}
            """;

    private static final String CALENDAR = """
            apiVersion: syncline/v1
            kind: Calendar
            key: bank-holidays
            zone: Europe/Warsaw
            holidays: ["2026-12-25"]
            yearly: ["01-01"]
            weekends: [SATURDAY, SUNDAY]
            """;

    private static final Surroundings SURROUNDINGS = new Surroundings() {
        @Override
        public Optional<SyncSystem> system(String key) {
            return Optional.of(SystemDocument.read(
                    Documents.yaml(SYSTEM.replace("key: shop", "key: " + key)
                            .replaceAll("(?m)^  [ad]: .*\n", "")
                            .getBytes(StandardCharsets.UTF_8)),
                    key,
                    1,
                    Surroundings.STORED));
        }

        @Override
        public Optional<BusinessCalendar> calendar(String key) {
            return Optional.of(new BusinessCalendar(key, 1, List.of(), null, Set.of(), Set.of(), Set.of()));
        }

        @Override
        public List<Instant> fireTimes(Schedule schedule, @Nullable BusinessCalendar calendar) {
            if (schedule.cron().split(" ").length < 6) {
                throw new IllegalArgumentException("too short");
            }
            return List.of(Instant.EPOCH);
        }

        @Override
        public boolean approved(URI instance) {
            return true;
        }
    };

    @Test
    void theFileForEditorsIsTheOneThatIsServed() throws IOException {
        assertThat(DOCS.resolve("schema/syncline-v1.schema.json")).hasContent(SCHEMA.text());
    }

    static Stream<String> whole() {
        return Stream.concat(Stream.of(GROUP, SYSTEM, CALENDAR), CHANNELS.stream());
    }

    @ParameterizedTest
    @MethodSource("whole")
    void readerAndSchemaKnowTheSameMembersEverywhere(String yaml) {
        ObjectNode whole = yaml(yaml);
        List<String> pointers = new ArrayList<>();
        objects(whole, "", pointers);
        // parameters and the like are free
        for (String pointer : pointers) {
            ObjectNode probed = whole.deepCopy();
            ((ObjectNode) probed.at(pointer)).put("zzz", 1);
            Set<String> read = new TreeSet<>();
            for (DocumentError error : errors(probed)) {
                if (error.pointer().equals(pointer + "/zzz") && error.code().equals(DocumentError.UNKNOWN_MEMBER)) {
                    read.addAll(Arrays.asList(error.detail()
                            .substring(error.detail().lastIndexOf(": ") + 2)
                            .split(", ")));
                }
            }
            if (pointer.equals("/credentials")) {
                assertThat(read).isEmpty();
                continue;
            }
            assertThat(described(whole, pointer)).as("members at '%s'", pointer).isEqualTo(read);
        }
        assertThat(pointers).isNotEmpty();
    }

    @Test
    void everyDescribedMemberIsExplained() {
        List<String> silent = new ArrayList<>();
        explained(TREE, "", silent);
        assertThat(silent).isEmpty();
    }

    static Stream<String> right() throws IOException {
        List<String> documents =
                new ArrayList<>(List.of(GROUP.replace("auth: {type: platform-jwt}", "auth: {type: none}")));
        documents.addAll(CHANNELS);
        documents.add(CALENDAR);
        for (long seed = 1; seed <= 40; seed++) {
            documents.addAll(new RandomDocuments(new Random(seed)).documents(seed));
        }
        for (String page : List.of("config-as-code.md")) {
            var blocks =
                    Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(DOCS.resolve(page)));
            while (blocks.find()) {
                documents.addAll(split(blocks.group(1)));
            }
        }
        try (var files = Files.list(SAMPLES)) {
            for (var file : files.sorted().toList()) {
                documents.addAll(split(Files.readString(file)));
            }
        }
        return documents.stream();
    }

    private static List<String> split(String stream) {
        return Arrays.stream(stream.split("(?m)^---\n"))
                .filter(document -> document.contains("apiVersion"))
                .toList();
    }

    @Test
    void theFilesToBeginWithAreAmongThem() throws IOException {
        assertThat(right())
                .anyMatch(document -> document.contains("key: user-view-check"))
                .anyMatch(document -> document.contains("key: user-view-reconcile"));
    }

    @Test
    void whatTheReaderTakesTheSchemaTakes() throws IOException {
        for (String yaml : right().toList()) {
            ObjectNode document = yaml(yaml);
            assertThat(errors(document)).as(yaml).isEmpty();
            // a member that is null counts as absent
            document.properties().removeIf(member -> member.getValue().isNull());
            assertThat(faults(document)).as(yaml).isEmpty();
            ObjectNode canonical = SCHEMA.canonical(document.get("kind").stringValue(), document);
            assertThat(faults(canonical)).as(yaml).isEmpty();
            assertThat(SCHEMA.canonical(document.get("kind").stringValue(), canonical))
                    .isEqualTo(canonical);
        }
    }

    static Stream<String> wrong() {
        return Stream.of(
                        Map.entry("whenActive: QUEUE\n", "whenActive: QUEU\n"),
                        Map.entry("", "owenr: me\n"),
                        Map.entry("", "startBy: P1M\n"),
                        Map.entry("", "freshness: 26 hours\n"),
                        Map.entry("", "startBy: 10\n"),
                        Map.entry("", "labels: [a, a]\n"),
                        Map.entry("", "labels: a\n"),
                        Map.entry("key: whole", "key: Whole"),
                        Map.entry("key: whole\n", ""),
                        Map.entry("syncline/v1", "syncline/v2"),
                        Map.entry("path: /sync,", "path: sync,"),
                        Map.entry("path: /sync,", ""),
                        Map.entry("system: shop,", "system: 7,"),
                        Map.entry("maxAttempts: 1", "maxAttempts: 0"),
                        Map.entry("maxAttempts: 1", "maxAttempts: \"1\""),
                        Map.entry("required: true", "required: \"true\""),
                        Map.entry("type: b, verify", "typ: b, verify"),
                        Map.entry("time: \"03:30\"", "time: half past three"),
                        Map.entry("cron: ", "corn: "),
                        Map.entry("type: platform-jwt", "type: jwt"),
                        Map.entry("type: platform-jwt", "type: basic"),
                        Map.entry("type: platform-jwt", "type: none, audience: \"https://a\""),
                        Map.entry("when: [FAILED]", "when: [FAILS]"),
                        Map.entry("channels: [ops]", "channels: [Ops]"),
                        Map.entry("interval: PT1S", "interval: 1s"),
                        Map.entry("interval: PT1S", "intervall: PT1S"))
                .map(change -> change.getKey().isEmpty()
                        ? GROUP + change.getValue()
                        : GROUP.contains(change.getKey())
                                ? GROUP.replace(change.getKey(), change.getValue())
                                : GROUP + change.getValue());
    }

    static Stream<String> wrongSystems() {
        return Stream.of(
                SYSTEM.replace("concurrency: 1", "concurrency: 0"),
                SYSTEM.replace("concurrency: 1", "ratePerSecond: 0"),
                SYSTEM.replace("concurrency: 1", "concurency: 1"),
                SYSTEM.replace("https://shop.example.com", "shop.example.com"),
                SYSTEM.replace("https://shop.example.com", "ftp://shop.example.com"),
                SYSTEM.replace("username: a, ", ""),
                SYSTEM.replace("header: X-Key, ", ""),
                SYSTEM.replace("header: X-Key", "header: X-Key, query: k"),
                SYSTEM.replace("type: api-key", "type: api-kee"),
                SYSTEM.replace("username: a", "clientId: a, username: a"),
                SYSTEM + "routing: RANDOM\n",
                SYSTEM + "sources: [a, a]\n",
                SYSTEM + "instance: []\n");
    }

    static Stream<String> wrongChannels() {
        return Stream.of(
                CHANNELS.get(0).replace("type: email", "type: mail"),
                CHANNELS.get(0).replace("host: mail.example.com\n", ""),
                CHANNELS.get(0).replace("to: [b@example.com]", "to: []"),
                CHANNELS.get(0) + "security: SSL\n",
                CHANNELS.get(0) + "url: https://a.example.com\n",
                CHANNELS.get(1) + "secret: a\n",
                CHANNELS.get(3).replace("https://alerts", "ftp://alerts"),
                CHANNELS.get(4).replace("url: https://hooks.example.com\n", ""),
                CHANNEL);
    }

    static Stream<String> wrongCalendars() {
        return Stream.of(
                CALENDAR.replace("2026-12-25", "25.12.2026"),
                CALENDAR.replace("01-01", "1 January"),
                CALENDAR.replace("SUNDAY", "Sunday"),
                CALENDAR.replace("zone: Europe/Warsaw", "zone: 7"),
                CALENDAR + "days: []\n");
    }

    @ParameterizedTest
    @MethodSource({"wrong", "wrongSystems", "wrongChannels", "wrongCalendars"})
    void whatTheReaderRefusesTheSchemaRefuses(String yaml) {
        ObjectNode document = yaml(yaml);

        assertThat(errors(document)).as("the reader's").isNotEmpty();
        assertThat(faults(document)).as("the schema's").isNotEmpty();
    }

    private static List<DocumentError> errors(ObjectNode document) {
        try {
            String key = document.path("key").asString("");
            if (document.path("kind").asString("").equals(CalendarDocument.KIND)) {
                CalendarDocument.read(document, key, 1, LabelEdit.FREE);
            } else if (document.path("kind").asString("").equals(TaskGroupDocument.KIND)) {
                TaskGroupDocument.read(document, key, 1, SURROUNDINGS);
            } else if (document.path("kind").asString("").equals(ChannelDocument.KIND)) {
                ChannelDocument.read(document, key, SURROUNDINGS, null);
            } else {
                SystemDocument.read(document, key, 1, SURROUNDINGS);
            }
            return List.of();
        } catch (InvalidDocumentException e) {
            return e.errors();
        }
    }

    private static List<?> faults(ObjectNode document) {
        return VALIDATOR.validate(Documents.toJson(document), InputFormat.JSON);
    }

    private static void objects(JsonNode node, String pointer, List<String> found) {
        if (node instanceof ObjectNode object) {
            found.add(pointer);
            object.properties().forEach(member -> objects(member.getValue(), pointer + "/" + member.getKey(), found));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                objects(array.get(i), pointer + "/" + i, found);
            }
        }
    }

    /** The members that the schema lets an object have; of credentials and channels those of their type. */
    private static Set<String> described(ObjectNode whole, String pointer) {
        JsonNode rule = TREE.at("/$defs/" + whole.get("kind").stringValue());
        for (String step :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/")) {
            rule = rule.path("properties").has(step)
                    ? rule.path("properties").get(step)
                    : rule.has("items") ? rule.get("items") : rule.path("additionalProperties");
            while (rule.path("$ref").isString()) {
                rule = TREE.at(rule.get("$ref").stringValue().substring(1));
            }
        }
        Set<String> members = new TreeSet<>(rule.path("properties").propertyNames());
        if (pointer.startsWith("/credentials/") || (pointer.isEmpty() && whole.has("type"))) {
            String type = whole.at(pointer + "/type").stringValue();
            for (JsonNode choice : rule.path("allOf")) {
                if (choice.at("/if/properties/type/const").asString("").equals(type)) {
                    members.clear();
                    choice.at("/then/propertyNames/enum").forEach(name -> members.add(name.stringValue()));
                }
            }
            members.removeAll(CredentialReader.SHOWN);
        }
        return members;
    }

    private static void explained(JsonNode rule, String pointer, List<String> silent) {
        for (String name : rule.propertyNames()) {
            if (name.equals("if") || name.equals("then")) {
                continue;
            }
            if (name.equals("properties") && !pointer.isEmpty()) {
                rule.get(name).properties().forEach(member -> {
                    if (!member.getValue().has("description")) {
                        silent.add(pointer + "/" + member.getKey());
                    }
                });
            }
            explained(rule.get(name), pointer + "/" + name, silent);
        }
        if (rule instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                explained(array.get(i), pointer + "/" + i, silent);
            }
        }
    }

    private static ObjectNode yaml(String text) {
        return Documents.yaml(text.getBytes(StandardCharsets.UTF_8));
    }
}
