package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

class PathShapeTest {

    private static final List<String> PATTERNS = List.of(
            "/",
            "",
            "/error",
            "/api/v1/runs",
            "/api/v1/runs/{run}",
            "/api/v1/{what}/{id}/callbacks",
            "/api/v1/task-runs/{taskRun}/callbacks",
            "/api/v1/task-runs/{taskRun:[a-z]+}/callbacks/",
            "/api/v1/run?",
            "/api/*/runs",
            "/actuator/health/**",
            "/{*rest}",
            "/v3/api-docs.yaml",
            "/with%20blank/a/b c");

    private static final List<String> PATHS = List.of(
            "/",
            "",
            "//",
            "/error",
            "/error/",
            "/api/v1/runs",
            "/api/v1/runs/",
            "/api//v1/runs",
            "/api/v1/runs;a=b",
            "/api/v1/%72uns",
            "/api/v1/runs/7",
            "/api/v1/task-runs/x/callbacks",
            "/api/v1/task-runs/x/callbacks/",
            "/api/v1/task-runs//callbacks",
            "/api/v2/runs",
            "/api/v1/runt",
            "/actuator/health/liveness",
            "/v3/api-docs.yaml",
            "/with%20blank/a/b%20c",
            "/with blank/a/b c");

    @Test
    void whatAPatternMatchesHasAShapeThatMayMatch() {
        int matches = 0;
        for (String pattern : PATTERNS) {
            var parsed = PathPatternParser.defaultInstance.parse(pattern);
            for (String path : PATHS) {
                var container = PathContainer.parsePath(path);
                if (parsed.matches(container)) {
                    matches++;
                    assertThat(PathShape.of(parsed).mayMatch(PathShape.of(container)))
                            .as("%s of %s", path, pattern)
                            .isTrue();
                }
            }
        }
        assertThat(matches).isGreaterThan(25);
    }

    @Test
    void otherNumbersOfSegmentsAndOtherThirdOnesDoNotMatch() {
        var callbacks = PathShape.of(PathPatternParser.defaultInstance.parse("/api/v1/task-runs/{id}/callbacks"));

        assertThat(callbacks.mayMatch(PathShape.of(PathContainer.parsePath("/api/v1/task-runs/7/callbacks"))))
                .isTrue();
        assertThat(callbacks.mayMatch(PathShape.of(PathContainer.parsePath("/api/v1/runs/7/callbacks"))))
                .isFalse();
        assertThat(callbacks.mayMatch(PathShape.of(PathContainer.parsePath("/api/v1/task-runs/7"))))
                .isFalse();
    }
}
