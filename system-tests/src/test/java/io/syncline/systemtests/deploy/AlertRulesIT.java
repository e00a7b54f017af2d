package io.syncline.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own tool reads the rules and plays their tests; skipped where it is not installed. */
class AlertRulesIT {

    @BeforeAll
    static void promtoolIsThere() {
        var there = exitOf(List.of("promtool", "--version")) == 0;
        if (!there) {
            System.out.println("SKIPPED AlertRulesIT: promtool is not installed (Debian package prometheus)");
        }
        assumeTrue(there, "promtool is not installed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check rules deploy/prometheus/syncline-rules.yml",
                "test rules deploy/prometheus/syncline-rules.test.yml",
                "check config --syntax-only deploy/prometheus/prometheus.yml"
            })
    void promtoolFindsNothingWrong(String arguments) {
        assertThat(exitOf(List.of(("promtool " + arguments).split(" ")))).isZero();
    }

    private static int exitOf(List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(Project.root().toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            if (process.exitValue() != 0) {
                System.out.println(said);
            }
            return process.exitValue();
        } catch (IOException notThere) {
            return -1;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
