package io.syncline.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** There is no container engine here; what can be checked without one is: files, jars, ports and settings that are named. */
class DeploymentFilesTest {

    private static final Path DEPLOY = Project.root().resolve("deploy");
    private static final List<String> MODULES =
            List.of("scheduler-platform", "data-provider", "data-consumer", "portal-ui", "db-migrations");
    private static final Pattern OURS = Pattern.compile("(SYNCLINE_[A-Z0-9_]+)");

    /** Of Spring, Boot and OpenTelemetry. */
    private static final Set<String> OF_LIBRARIES = Set.of(
            "SERVER_ADDRESS",
            "SERVER_FORWARD_HEADERS_STRATEGY",
            "SPRING_DATASOURCE_URL",
            "SPRING_DATASOURCE_USERNAME",
            "SPRING_CONFIG_IMPORT",
            "JAVA_TOOL_OPTIONS",
            "OTEL_EXPORTER_OTLP_ENDPOINT");

    /** Read by the runnable of the migrations itself, or by the logging. */
    private static final Set<String> WITHOUT_METADATA = Set.of(
            "SYNCLINE_MIGRATE_SERVICE",
            "SYNCLINE_MIGRATE_URL",
            "SYNCLINE_MIGRATE_USER",
            "SYNCLINE_LOG_FORMAT",
            "SYNCLINE_HOME");

    private static final Map<?, ?> COMPOSE = (Map<?, ?>) new Yaml().load(text(DEPLOY.resolve("compose/compose.yml")));

    @Test
    void everyImageIsBuiltFromAModuleByTheOneDockerfile() {
        var built = new TreeSet<String>();
        services().forEach((name, service) -> {
            if (service.get("build") instanceof Map<?, ?> build) {
                var context = DEPLOY.resolve("compose").resolve(String.valueOf(build.get("context")));
                assertThat(context.resolve(String.valueOf(build.get("dockerfile"))))
                        .exists();
                var module = String.valueOf(((Map<?, ?>) build.get("args")).get("SERVICE"));
                assertThat(MODULES).contains(module);
                assertThat(String.valueOf(service.get("image"))).startsWith("syncline/" + module + ":");
                built.add(module);
            }
        });
        assertThat(built).containsExactlyInAnyOrderElementsOf(MODULES);
        var ignored = text(DEPLOY.resolve("container/Dockerfile.dockerignore"));
        assertThat(MODULES).allSatisfy(module -> {
            assertThat(Project.root().resolve(module).resolve("pom.xml")).exists();
            assertThat(ignored).contains("!" + module + "/target/*-exec.jar");
        });
    }

    @Test
    void theImageRunsAsNobodyInParticularOverLayersAndHidesNoSecret() {
        var recipe = text(DEPLOY.resolve("container/Dockerfile"));

        assertThat(recipe)
                .contains("USER 10001:10001", "-Djarmode=tools", "extract --layers", "configtree:")
                .doesNotContain("HEALTHCHECK", "PASSWORD", "SECRET");
        for (var layer : List.of("dependencies", "spring-boot-loader", "snapshot-dependencies", "application")) {
            assertThat(recipe).contains("COPY --from=layers /build/layers/" + layer + "/ ./");
        }
    }

    @Test
    void ourContainersHaveNoRightsAndNoSecretInTheirEnvironment() {
        services().forEach((name, service) -> {
            if (service.containsKey("build")) {
                assertThat(service.get("read_only")).as(name).isEqualTo(true);
                assertThat(service.get("cap_drop")).as(name).isEqualTo(List.of("ALL"));
            }
            environment(service)
                    .keySet()
                    .forEach(key ->
                            assertThat(String.valueOf(key)).as(name).doesNotMatch(".*(PASSWORD|SECRET|WRAPPING_KEY)$"));
        });
    }

    @Test
    void everyFileThatIsMountedIsThereAndEverySecretIsMade() {
        var made = text(DEPLOY.resolve("compose/secrets.sh"));
        services().forEach((name, service) -> {
            if (service.get("volumes") instanceof List<?> volumes) {
                volumes.stream()
                        .map(String::valueOf)
                        .filter(volume -> volume.startsWith("."))
                        .forEach(volume -> assertThat(DEPLOY.resolve("compose").resolve(volume.split(":")[0]))
                                .as(name)
                                .exists());
            }
            if (service.get("secrets") instanceof List<?> secrets) {
                secrets.forEach(secret -> {
                    var source = secret instanceof Map<?, ?> map ? map.get("source") : secret;
                    assertThat(((Map<?, ?>) COMPOSE.get("secrets")).containsKey(source))
                            .as("%s of %s", source, name)
                            .isTrue();
                    assertThat(made).contains(String.valueOf(source));
                });
            }
            if (service.get("depends_on") instanceof Map<?, ?> others) {
                others.keySet().forEach(other -> assertThat(services()).containsKey(String.valueOf(other)));
            }
        });
    }

    @Test
    void publishedPortsAreThoseThatTheServicesListenOn() {
        Map.of(
                        "provider",
                        "data-provider",
                        "consumer",
                        "data-consumer",
                        "portal",
                        "portal-ui",
                        "scheduler-1",
                        "scheduler-platform")
                .forEach((name, module) -> {
                    var port = String.valueOf(services().get(name).get("ports")).replaceAll(".*:(\\d+)].*", "$1");
                    assertThat(text(Project.root().resolve(module).resolve("src/main/resources/application.yml")))
                            .as(name)
                            .contains("port: " + port);
                });
    }

    static Stream<Path> filesWithSettings() throws IOException {
        try (var systemd = Files.list(DEPLOY.resolve("systemd"))) {
            return Stream.concat(
                    systemd.toList().stream(),
                    Stream.of(
                            DEPLOY.resolve("compose/compose.yml"),
                            DEPLOY.resolve("container/Dockerfile"),
                            Project.root().resolve("docs/deployment.md")));
        }
    }

    @ParameterizedTest
    @MethodSource("filesWithSettings")
    void everySettingThatIsNamedExists(Path file) {
        var known = knownSettings();
        var names = new TreeSet<String>();
        var found = OURS.matcher(text(file));
        while (found.find()) {
            names.add(found.group(1));
        }

        assertThat(names)
                .allSatisfy(name -> assertThat(WITHOUT_METADATA.contains(name) || known.contains(plain(name)))
                        .as("%s is a setting", name)
                        .isTrue());
        services()
                .values()
                .forEach(service -> environment(service).keySet().stream()
                        .map(String::valueOf)
                        .filter(name -> name.startsWith("SERVER_") || name.startsWith("SPRING_"))
                        .forEach(name -> assertThat(OF_LIBRARIES).contains(name)));
    }

    @Test
    void unitsStartJarsOfModulesWithEnvironmentFilesThatAreShown() throws IOException {
        try (var files = Files.list(DEPLOY.resolve("systemd"))) {
            for (var unit :
                    files.filter(file -> file.toString().endsWith(".service")).toList()) {
                var lines = text(unit).lines().toList();
                assertThat(lines)
                        .as(unit.toString())
                        .contains(
                                "User=syncline",
                                "NoNewPrivileges=yes",
                                "ProtectSystem=strict",
                                "CapabilityBoundingSet=")
                        .noneMatch(line -> line.startsWith("MemoryDenyWriteExecute=yes"));
                var jar = lines.stream()
                        .filter(line -> line.startsWith("ExecStart="))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll(".*/opt/syncline/(.*)\\.jar", "$1");
                assertThat(MODULES).contains(jar);
                var environment = lines.stream()
                        .filter(line -> line.startsWith("EnvironmentFile=/etc/syncline/"))
                        .findFirst()
                        .orElseThrow()
                        .substring("EnvironmentFile=/etc/syncline/".length());
                assertThat(DEPLOY.resolve("systemd").resolve(environment)).exists();
            }
        }
    }

    /** Every property of ours that the modules' metadata describes, without what environment variables lose. */
    private static Set<String> knownSettings() {
        var known = new TreeSet<String>();
        for (var module :
                List.of("scheduler-platform", "data-provider", "data-consumer", "portal-ui", "starter/autoconfigure")) {
            var metadata = Project.root()
                    .resolve(module)
                    .resolve("target/classes/META-INF/spring-configuration-metadata.json");
            Http.JSON
                    .readTree(text(metadata))
                    .path("properties")
                    .forEach(property -> known.add(plain(property.path("name").asString())));
        }
        return known;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static Map<String, Map<?, ?>> services() {
        var services = new java.util.LinkedHashMap<String, Map<?, ?>>();
        ((Map<?, ?>) COMPOSE.get("services"))
                .forEach((name, service) -> services.put(String.valueOf(name), (Map<?, ?>) service));
        return services;
    }

    private static Map<?, ?> environment(Map<?, ?> service) {
        return service.get("environment") instanceof Map<?, ?> environment ? environment : Map.of();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
