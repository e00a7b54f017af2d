package io.syncline.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/asvs.md} says something true of every requirement. */
class AsvsTableTest {

    private static final Map<String, String> SOURCES = AsvsTable.testSources();

    @Test
    void everyRequirementIsThereOnceWithAStatusAndTestsThatThereAre() throws IOException {
        var table = AsvsTable.of(markdown());

        assertThat(table.faults(AsvsTable.expected(), SOURCES)).isEmpty();
    }

    @Test
    void theNumbersInTheHeadAreThoseOfTheTable() throws IOException {
        var markdown = markdown();

        assertThat(markdown).contains(AsvsTable.of(markdown).summary());
    }

    /** 246 of levels 1 and 2 without V17, of which 70 are of level 1, and eight of level 3. */
    @Test
    void theListOfNumbersIsWhole() {
        var levels = AsvsTable.expected().values();

        assertThat(levels).hasSize(254);
        assertThat(levels).filteredOn("1"::equals).hasSize(70);
        assertThat(levels).filteredOn("3"::equals).hasSize(8);
    }

    @Test
    void whatIsMissingTwiceMadeUpOrUnreasonedIsFound() throws IOException {
        var planted = markdown()
                .replaceFirst("(?m)^\\| 1\\.2\\.4 \\|.*\\n", "")
                .replaceFirst("(?m)^(\\| 1\\.1\\.1 \\|.*\\n)", "$1$1")
                .replaceFirst(
                        "(?m)^(\\| 1\\.1\\.2 \\| .* \\| L)2 \\|.*",
                        "$11 | done | `NeverWrittenTest`, `AsvsTableTest.never` |")
                .replaceFirst("(?m)^(\\| 1\\.2\\.6 \\| .* \\| L2 \\| )[^|]+\\|.*", "$1met |  |");

        assertThat(AsvsTable.of(planted).faults(AsvsTable.expected(), SOURCES))
                .containsExactlyInAnyOrder(
                        "1.2.4 is missing",
                        "1.1.1 is there 2 times",
                        "1.1.2 is not asked for, or of another level than 1",
                        "1.1.2 has the status done",
                        "1.1.2 names the test NeverWrittenTest, which there is not",
                        "1.1.2 names AsvsTableTest.never, which there is not",
                        "1.2.6 has neither a test nor a reason");
    }

    private static String markdown() throws IOException {
        return Files.readString(Project.root().resolve("docs/asvs.md"));
    }
}
