package io.syncline.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What our sources do not use, so that nobody has to use it rightly. */
class DangerousFunctionsTest {

    private static final List<String> DELIVERED = List.of(
            "contracts",
            "outbox",
            "tracing",
            "db-migrations",
            "starter/autoconfigure",
            "scheduler-platform",
            "data-provider",
            "data-consumer",
            "portal-ui");
    private static final List<String> SERVICES =
            List.of("scheduler-platform", "data-provider", "data-consumer", "portal-ui");

    @Test
    void noServiceStartsAProcessOrLoadsNativeCode() throws IOException {
        assertThat(
                        found(
                                "ProcessBuilder|getRuntime\\(\\)\\.exec|loadLibrary|sun\\.misc\\.Unsafe|\\bnative \\w+ \\w+\\("))
                .isEmpty();
    }

    @Test
    void noInputIsEvaluated() throws IOException {
        assertThat(
                        found(
                                "SpelExpressionParser|ExpressionParser|ScriptEngine|GroovyShell|InitialContext|StringTemplateResolver"))
                .isEmpty();
    }

    @Test
    void nothingIsReadIntoTypesThatItNames() throws IOException {
        assertThat(found("ObjectInputStream|XMLDecoder|activateDefaultTyping|JsonTypeInfo|new Yaml\\("))
                .isEmpty();
    }

    @Test
    void noXmlIsRead() throws IOException {
        assertThat(found("DocumentBuilderFactory|SAXParser|XMLInputFactory|TransformerFactory|Unmarshaller"))
                .isEmpty();
    }

    @Test
    void noAnswerLetsOtherOriginsRead() throws IOException {
        assertThat(found("@CrossOrigin|CorsConfiguration|Access-Control-Allow")).isEmpty();
    }

    /** Compiles the expressions in operators' JSON Schemas: of bounded size, and the steps of each match are counted. */
    private static final String COUNTED_EXPRESSIONS = "DataSchema.java";

    @Test
    void noExpressionIsCompiledOfInput() throws IOException {
        var constants = Pattern.compile("Pattern\\.compile\\(\\s*(\"|[A-Z_]+\\b)");
        var all = Pattern.compile("Pattern\\.compile\\(");

        for (var source : sources()) {
            if (source.getFileName().toString().equals(COUNTED_EXPRESSIONS)) {
                continue;
            }
            var text = Files.readString(source);
            assertThat(all.matcher(text).results().count())
                    .as("%s compiles an expression that is no constant", source.getFileName())
                    .isEqualTo(constants.matcher(text).results().count());
        }
    }

    @Test
    void pagesWriteTextAndHoldNoScript() throws IOException {
        var offenders = new ArrayList<String>();
        // A script is a file of the portal's own, and htmx neither runs text nor takes its orders from expressions.
        var unsafe = Pattern.compile(
                "th:utext|\\[\\(|th:inline|<script(?! defer th:src=\"@\\{/(assets|webjars/htmx\\.org)/[^\"]+\"></script>)"
                        + "|javascript:|\\bon[a-z]+=|hx-on|hx-vals=\"js|preprocess|__\\$\\{");
        for (var page : pages()) {
            unsafe.matcher(Files.readString(page))
                    .results()
                    .forEach(found -> offenders.add(page.getFileName() + ": " + found.group()));
        }

        assertThat(offenders).isEmpty();
    }

    @Test
    void scriptsMakeNoCodeAndNoMarkupOfText() throws IOException {
        var unsafe = Pattern.compile(
                "\\beval\\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\\.write|postMessage|(local|session)Storage");
        for (var script : scripts()) {
            assertThat(unsafe.matcher(Files.readString(script)).results())
                    .as(script.toString())
                    .isEmpty();
        }
    }

    @Test
    void passwordsAreHiddenWhileTypedAndMayBePasted() throws IOException {
        for (var page : pages()) {
            var fields = Pattern.compile("<input[^>]*name=\"[^\"]*[pP]assword[^\"]*\"[^>]*>")
                    .matcher(Files.readString(page))
                    .results()
                    .toList();
            assertThat(fields)
                    .allSatisfy(field -> assertThat(field.group())
                            .contains("type=\"password\"")
                            .doesNotContain("autocomplete=\"off\"", "readonly"));
        }
        assertThat(Files.readString(templates().resolve("sign-in.html"))).contains("type=\"password\"");
    }

    @Test
    void everyServiceListensOnLoopbackUntilItIsToldOtherwiseAndShowsHealthAndMetricsAlone() throws IOException {
        for (var service : SERVICES) {
            var settings =
                    Files.readString(Project.root().resolve(service).resolve("src/main/resources/application.yml"));
            assertThat(settings)
                    .as(service)
                    .containsPattern("address: 127\\.0\\.0\\.1")
                    .containsPattern("include: health, ?prometheus")
                    .doesNotContain("show-details: always", "include-stacktrace: always", "h2-console", "debug: true")
                    .doesNotContain("forward-headers-strategy");
        }
    }

    @Test
    void anOffenderWouldBeFound() {
        assertThat(Pattern.compile("ProcessBuilder")
                        .matcher("new ProcessBuilder(\"ls\")")
                        .find())
                .isTrue();
        assertThat(Pattern.compile("Pattern\\.compile\\(\\s*(\"|[A-Z_]+\\b)")
                        .matcher("Pattern.compile(input)")
                        .find())
                .isFalse();
    }

    private static List<String> found(String expression) throws IOException {
        var pattern = Pattern.compile(expression);
        var places = new ArrayList<String>();
        for (var source : sources()) {
            var code =
                    Files.readString(source).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
            pattern.matcher(code).results().forEach(hit -> places.add(source.getFileName() + ": " + hit.group()));
        }
        return places;
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (var module : DELIVERED) {
            try (var files = Files.walk(Project.root().resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertThat(sources).hasSizeGreaterThan(200);
        return sources;
    }

    private static Path templates() {
        return Project.root().resolve("portal-ui/src/main/resources/templates");
    }

    private static List<Path> pages() throws IOException {
        try (var files = Files.walk(templates())) {
            return files.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }

    private static List<Path> scripts() throws IOException {
        try (var files = Files.walk(Project.root().resolve("portal-ui/src/main/resources/static"))) {
            return files.filter(file -> file.toString().endsWith(".js")).toList();
        }
    }
}
