package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors and people are told of the properties, against the records that are bound. */
class ConfigurationMetadataTest {

    private static final Path DOCUMENT = Path.of("../../docs/starter-properties.md");
    private static final JsonNode METADATA = read("META-INF/spring-configuration-metadata.json");
    private static final Map<String, JsonNode> PROPERTIES = METADATA.path("properties").values().stream()
            .collect(Collectors.toMap(property -> property.path("name").asString(), property -> property));

    @Test
    void everyPropertyHasADescriptionATypeAndItsDefault() {
        var components = components();

        assertThat(PROPERTIES.keySet()).containsExactlyInAnyOrderElementsOf(components.keySet());
        components.forEach((name, component) -> {
            var described = PROPERTIES.get(name);
            assertThat(described.path("description").asString("")).as(name).hasSizeGreaterThan(10);
            assertThat(described.path("type").asString("")).as(name).isNotBlank();
            var given = component.getAnnotation(DefaultValue.class);
            var defaults = given == null || given.value().length == 0 ? "" : String.join(",", given.value());
            assertThat(described.path("defaultValue").asString("")).as(name).isEqualTo(defaults);
        });
    }

    @Test
    void everyGroupIsDescribedAndEveryHintIsForAProperty() {
        for (var group : METADATA.path("groups")) {
            assertThat(METADATA.path("groups").values().stream()
                            .filter(other -> other.path("name").equals(group.path("name")))
                            .anyMatch(other -> other.hasNonNull("description")))
                    .as(group.path("name").asString())
                    .isTrue();
        }
        assertThat(METADATA.path("hints")).isNotEmpty();
        for (var hint : METADATA.path("hints")) {
            assertThat(PROPERTIES).containsKey(hint.path("name").asString());
        }
    }

    /** To write the document anew: {@code -Dsyncline.write-docs=true}. */
    @Test
    void theDocumentListsThemAll() throws IOException {
        var expected = document();
        if (Boolean.getBoolean("syncline.write-docs")) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(DOCUMENT).hasContent(expected);
    }

    private static String document() {
        var lines = new ArrayList<String>(List.of(
                "# Properties of the starter",
                "",
                "Made from the configuration metadata that editors read too; a test compares them. Durations are written as `15s`,",
                "`500ms`, `35d` or `PT15S`; a number alone is milliseconds. In the environment `syncline.client.read-timeout` is",
                "`SYNCLINE_CLIENT_READTIMEOUT`. A value that makes no sense is refused at the start, with what to do.",
                ""));
        var byGroup = new TreeMap<String, List<String>>();
        new TreeMap<>(PROPERTIES)
                .keySet()
                .forEach(name -> byGroup.computeIfAbsent(
                                name.substring(0, name.lastIndexOf('.')), any -> new ArrayList<>())
                        .add(name));
        byGroup.forEach((group, names) -> {
            lines.add("## " + group);
            lines.add("");
            lines.add("| property | type | default | meaning |");
            lines.add("|---|---|---|---|");
            names.forEach(name -> lines.add(row(group, name)));
            lines.add("");
        });
        lines.add(
                "Each element of `api-paths` has a `pattern` such as `/plans/**`, a `method` (every one unless said) and a `scope` such as");
        lines.add("`data:read`.");
        return String.join("\n", lines) + "\n";
    }

    private static String row(String group, String name) {
        var property = PROPERTIES.get(name);
        var type = property.path("type").asString().replaceAll("[a-zA-Z.]*[.$]([A-Z])", "$1");
        var defaults = property.path("defaultValue").asString("");
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        name.substring(group.length() + 1),
                        type.replace("<", " of ").replace(">", ""),
                        defaults.isEmpty() ? "" : "`" + defaults + "`",
                        property.path("description").asString().replace("|", "\\|"));
    }

    /** The components of all property records of the starter, by the names that they are bound to. */
    private static Map<String, Parameter> components() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scanner.findCandidateComponents("io.syncline.client").stream()
                .map(candidate -> load(candidate.getBeanClassName()))
                .map(ConfigurationMetadataTest::named)
                .map(Map::entrySet)
                .flatMap(Collection::stream)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Parameter> named(Class<?> type) {
        var prefix = type.getAnnotation(ConfigurationProperties.class).value();
        var components = new TreeMap<String, Parameter>();
        for (var component : type.getDeclaredConstructors()[0].getParameters()) {
            var name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            components.put(ConfigurationPropertyName.of(prefix).append(name).toString(), component);
        }
        return components;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String resource) {
        try (InputStream stream =
                ConfigurationMetadataTest.class.getClassLoader().getResourceAsStream(resource)) {
            return new JsonMapper().readTree(stream);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
