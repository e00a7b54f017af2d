package io.syncline.scheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A problem's type has one status and one title, whichever room answers it. */
class ProblemTitlesTest {

    private static final Pattern PROBLEM =
            Pattern.compile("ProblemException\\.of\\(\\s*(\\d{3}),\\s*\"([a-z-]+)\",\\s*\"([^\"]+)\"\\)");

    @Test
    void everyTypeOfProblemHasOneTitle() throws IOException {
        var titles = new TreeMap<String, Set<String>>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                var code = Files.readString(file).replaceAll("(?m)^\\s*\\*.*$", "");
                var found = PROBLEM.matcher(code);
                while (found.find()) {
                    titles.computeIfAbsent(found.group(2), type -> new TreeSet<>())
                            .add(found.group(1) + " " + found.group(3));
                }
            }
        }

        assertThat(titles)
                .hasSizeGreaterThan(20)
                .allSatisfy((type, told) -> assertThat(told).as(type).hasSize(1));
    }
}
