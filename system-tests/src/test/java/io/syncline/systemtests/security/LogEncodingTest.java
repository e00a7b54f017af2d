package io.syncline.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;
import org.yaml.snakeyaml.Yaml;

/** What came from outside and is logged stays within its line; the pattern is the one that the service starts with. */
class LogEncodingTest {

    private static final String FORGED = "1999-12-31T10:00:00.000Z  INFO [main] forged: all is well";

    @ParameterizedTest
    @ValueSource(strings = {"scheduler-platform", "data-provider", "data-consumer", "portal-ui"})
    void noValueBeginsALineOrColoursTheTerminal(String module) throws IOException {
        var line = encoded(module, "no run \r\n" + FORGED + "\u001b[31m red \u0000\u0085\u2028" + FORGED, null);

        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("no run ", "forged").doesNotContain("\u001b", "\u0000", "\u0085", "\u2028");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduler-platform", "data-provider", "data-consumer", "portal-ui"})
    void theMessageOfAnExceptionNeitherAndItsTraceStaysReadable(String module) throws IOException {
        var fault = new IllegalStateException(
                "outer\n" + FORGED + "\u001b[2J", new IllegalArgumentException("inner\r\n" + FORGED));

        var lines = encoded(module, "GET /x failed", fault).lines().toList();

        assertThat(lines).noneMatch(line -> line.startsWith("1999") || line.contains("\u001b"));
        assertThat(lines).anyMatch(line -> line.startsWith("\tat "));
        assertThat(lines).anyMatch(line -> line.startsWith("Caused by: "));
    }

    private static String encoded(String module, String message, @Nullable Throwable fault) throws IOException {
        var context = new LoggerContext();
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("wEx", ExtendedWhitespaceThrowableProxyConverter::new);
        layout.setPattern(pattern(module));
        layout.start();
        var event = new LoggingEvent("fqcn", context.getLogger("io.syncline.Some"), Level.INFO, message, fault, null);
        event.setMDCPropertyMap(Map.of());
        var text = layout.doLayout(event);
        assertThat(problems(context)).isEmpty();
        return text;
    }

    private static List<String> problems(LoggerContext context) {
        return context.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getLevel() > ch.qos.logback.core.status.Status.INFO)
                .map(Object::toString)
                .toList();
    }

    private static String pattern(String module) throws IOException {
        try (var text =
                Files.newBufferedReader(Project.root().resolve(module).resolve("src/main/resources/application.yml"))) {
            var logging = (Map<?, ?>) ((Map<?, ?>) new Yaml().load(text)).get("logging");
            return String.valueOf(((Map<?, ?>) logging.get("pattern")).get("console"));
        }
    }
}
