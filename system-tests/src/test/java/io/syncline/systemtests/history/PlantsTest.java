package io.syncline.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bugs that {@code ./prove} plants fit the sources as they are, say what they violate, and are listed. */
class PlantsTest {

    private static final String FILE = "+++ b/";

    static List<Path> plants() throws IOException {
        try (var files = Files.list(Project.root().resolve("system-tests/src/prove/plants"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("plants")
    void itFitsTheSources(Path plant) throws IOException {
        var source = "";
        var before = new ArrayList<String>();
        int hunks = 0;
        var lines = Files.readAllLines(plant);
        var changes = lines.subList(lines.indexOf("") + 1, lines.size());
        for (String line : (Iterable<String>) Stream.concat(changes.stream(), Stream.of("@@"))::iterator) {
            if (line.startsWith("--- ") || line.startsWith("@@")) {
                assertThat(source).contains(String.join("\n", before));
                hunks += before.isEmpty() ? 0 : 1;
                before.clear();
            } else if (line.startsWith(FILE)) {
                source = Files.readString(Project.root().resolve(line.substring(FILE.length())));
            } else if (line.startsWith(" ") || line.startsWith("-")) {
                before.add(line.substring(1));
            }
        }
        assertThat(hunks).isPositive();
    }

    @ParameterizedTest
    @MethodSource("plants")
    void itSaysWhatItViolatesAndIsListed(Path plant) throws IOException {
        var lines = Files.readAllLines(plant);
        var invariant = lines.stream()
                .filter(line -> line.matches("expects: I\\d+"))
                .map(line -> line.substring("expects: ".length()))
                .toList();
        var name = plant.getFileName().toString().replace(".patch", "");

        assertThat(invariant).hasSize(1);
        assertThat(Files.readAllLines(Project.root().resolve("docs/reliability.md")))
                .anyMatch(row -> row.startsWith("| `" + name + "` | " + lines.get(0) + " |")
                        && row.contains("| " + invariant.get(0) + " |"));
    }
}
