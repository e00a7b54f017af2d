package io.syncline.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.MeterCatalogue;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Dashboards and alert rules name meters that there are, people that are there, and pages that exist. */
class MonitoringFilesTest {

    private static final Path DEPLOY = Project.root().resolve("deploy");
    private static final Map<String, MeterCatalogue.Meter> METERS = MeterCatalogue.documented();

    /** Given by the scraper, or by every histogram. */
    private static final Set<String> ALWAYS = Set.of("instance", "job", "le");

    private static final Set<String> OF_LIBRARIES = Set.of(
            "kafka_consumer_fetch_manager_records_lag_max",
            "hikaricp_connections_active",
            "hikaricp_connections_pending",
            "jvm_memory_used_bytes");

    private record Rule(String name, String expression, Map<?, ?> labels, Map<?, ?> annotations) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Rule> rules() {
        var rules = new ArrayList<Rule>();
        var document = (Map<?, ?>) new Yaml().load(text(DEPLOY.resolve("prometheus/syncline-rules.yml")));
        for (var group : (List<?>) document.get("groups")) {
            for (var entry : (List<?>) ((Map<?, ?>) group).get("rules")) {
                var rule = (Map<?, ?>) entry;
                rules.add(new Rule(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        (Map<?, ?>) rule.get("labels"),
                        (Map<?, ?>) rule.get("annotations")));
            }
        }
        return rules;
    }

    static Stream<Path> dashboards() throws IOException {
        return Files.list(DEPLOY.resolve("grafana"))
                .filter(file -> file.toString().endsWith(".json"))
                .sorted();
    }

    @Test
    void theCatalogueIsThere() {
        assertThat(METERS).hasSizeGreaterThan(20).containsKey("syncline_runs_total");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyAlertSaysHowBadItIsWhoseItIsWhereItIsAndWhatToDo(Rule rule) {
        assertThat(String.valueOf(rule.labels().get("severity"))).isIn("critical", "warning");
        assertThat(String.valueOf(rule.labels().get("team"))).isIn("data-operations", "platform");
        assertThat(rule.annotations().get("summary")).isNotNull();
        assertThat(rule.annotations().get("description")).isNotNull();
        var runbook = String.valueOf(rule.annotations().get("runbook_url"));
        assertThat(runbook).startsWith("{{ $externalLabels.runbooks }}/runbook.md#");
        assertThat(anchors()).contains(runbook.substring(runbook.indexOf('#') + 1));
        assertThat(portalPaths(String.valueOf(rule.annotations().get("portal")), "{{ $externalLabels.portal }}"))
                .isTrue();
        assertThat(faults(rule.expression())).isEmpty();
    }

    @Test
    void everyAlertThatIsAskedForIsThereAndTested() {
        var tests = text(DEPLOY.resolve("prometheus/syncline-rules.test.yml"));
        assertThat(rules())
                .extracting(Rule::name)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(tests).contains(name));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelShowsMetersThatThereAreAndLeadsToAListOfThePortal(Path file) {
        var board = (JsonNode) Http.JSON.readTree(text(file));

        assertThat(board.path("uid").asString()).startsWith("syncline-");
        assertThat(board.path("title").asString()).startsWith("Syncline: ");
        assertThat(board.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        var variables = new HashSet<String>();
        board.path("templating").path("list").forEach(variable -> {
            variables.add(variable.path("name").asString());
            assertThat(faults(variable.path("query").path("query").asString("")))
                    .isEmpty();
        });
        assertThat(variables).contains("datasource", "portal", "node");
        var ids = new ArrayList<Integer>();
        board.path("panels").forEach(panel -> {
            var title = panel.path("title").asString();
            ids.add(panel.path("id").asInt());
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            panel.path("targets").forEach(target -> {
                var expression = target.path("expr").asString();
                assertThat(faults(expression)).as(title).isEmpty();
                assertThat(PromQl.selectors(expression)).as(title).isNotEmpty();
            });
            assertThat(panel.path("links"))
                    .as(title)
                    .isNotEmpty()
                    .allSatisfy(link -> assertThat(portalPaths(link.path("url").asString(), "${portal}"))
                            .isTrue());
        });
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void theDashboardsAreThere() throws IOException {
        assertThat(dashboards().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder("overview.json", "group.json", "system.json", "cluster.json", "data.json");
    }

    @Test
    void aMeterOrLabelThatThereIsNotIsFound() {
        assertThat(faults("sum(syncline_runs_totall)")).isNotEmpty();
        assertThat(faults("syncline_runs_total{grup=\"a\"}")).isNotEmpty();
        assertThat(faults("sum by (system) (syncline_runs_total)")).isNotEmpty();
        assertThat(faults("sum by (le) (rate(syncline_run_duration_seconds_bucket{group=\"a\"}[5m]))"))
                .isEmpty();
    }

    private static List<String> faults(String expression) {
        var faults = new ArrayList<String>();
        var allLabels = new TreeSet<>(ALWAYS);
        allLabels.addAll(Set.of("pool", "area", "topic"));
        var known = false;
        for (var selector : PromQl.selectors(expression)) {
            if (OF_LIBRARIES.contains(selector.name())) {
                continue;
            }
            var meter = meter(selector.name());
            if (meter == null) {
                faults.add("no meter " + selector.name());
                continue;
            }
            known = true;
            allLabels.addAll(meter.labels());
            for (var label : selector.labels()) {
                if (!meter.labels().contains(label) && !ALWAYS.contains(label)) {
                    faults.add(selector.name() + " has no label " + label);
                }
            }
        }
        if (known) {
            PromQl.groupings(expression).stream()
                    .filter(label -> !allLabels.contains(label))
                    .forEach(label -> faults.add("nothing has the label " + label));
        }
        return faults;
    }

    private static MeterCatalogue.Meter meter(String name) {
        var meter = METERS.get(name);
        if (meter != null) {
            return meter.type().equals("histogram") ? null : meter;
        }
        for (var part : List.of("_bucket", "_count", "_sum")) {
            if (name.endsWith(part)) {
                var histogram = METERS.get(name.substring(0, name.length() - part.length()));
                return histogram != null && histogram.type().equals("histogram") ? histogram : null;
            }
        }
        return null;
    }

    /** Whether it leads to a page of the portal's, with filters that its lists have. */
    private static boolean portalPaths(String url, String base) {
        if (!url.startsWith(base + "/")) {
            return false;
        }
        var path = url.substring(base.length()).replaceAll("\\{\\{[^}]*}}|\\$\\{[^}]*}", "x");
        return path.equals("/")
                || path.matches("/runs(\\?(group|state|overdue)=[-A-Za-z]+(&(group|state|overdue)=[-A-Za-z]+)*)?");
    }

    /** The headings of the runbook, as links name them. */
    private static Set<String> anchors() {
        var anchors = new TreeSet<String>();
        text(Project.root().resolve("docs/runbook.md"))
                .lines()
                .filter(line -> line.startsWith("## "))
                .forEach(line -> anchors.add(line.substring(3)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-')));
        return anchors;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
