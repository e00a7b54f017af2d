package io.syncline.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the pages for teams show is what is built and tested. */
class TutorialTest {

    private static final Path SAMPLE = Project.root().resolve("samples/tutorial");

    @Test
    void theTutorialShowsEveryFileOfItsSampleAsItIs() throws IOException {
        var shown = Page.read("tutorial.md").files();

        for (var block : shown) {
            assertThat(SAMPLE.resolve(block.file())).as(block.file()).hasContent(block.text());
        }
        try (var files = Files.walk(SAMPLE)) {
            assertThat(shown.stream().map(Page.Block::file))
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(file -> SAMPLE.relativize(file).toString())
                            .filter(file -> !file.startsWith("target/"))
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void samplesAskForTheVersionThatIsBuilt() throws IOException {
        var version =
                version(Project.root().resolve("pom.xml"), "<artifactId>syncline</artifactId>\\s*<version>([^<]+)<");
        try (var samples = Files.newDirectoryStream(Project.root().resolve("samples"), "*/pom.xml")) {
            for (var sample : samples) {
                assertThat(version(sample, "<syncline.version>([^<]+)<"))
                        .as(sample.toString())
                        .isEqualTo(version);
                assertThat(version(sample, "spring-boot-starter-parent</artifactId>\\s*<version>([^<]+)<"))
                        .as(sample.toString())
                        .isEqualTo(version(
                                Project.root().resolve("pom.xml"),
                                "spring-boot-starter-parent</artifactId>\\s*<version>([^<]+)<"));
            }
        }
    }

    @Test
    void theCommandOfTheWebhookExamplePrintsItsSignature() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        var blocks = Page.read("plain-http.md").blocks();
        var commands = blocks.stream()
                .filter(block -> block.mark().equals("run: webhook"))
                .findFirst()
                .orElseThrow();
        var process = new ProcessBuilder("bash", "-c", commands.text()).start();

        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(process.waitFor()).isZero();
        assertThat(printed).isNotBlank();
        assertThat(blocks)
                .filteredOn(block -> block.mark().equals("example: webhook"))
                .singleElement()
                .satisfies(example -> assertThat(example.text()).contains("v1," + printed + "\n"));
    }

    private static String version(Path pom, String pattern) throws IOException {
        var found = Pattern.compile(pattern).matcher(Files.readString(pom));
        assertThat(found.find()).as("%s in %s", pattern, pom).isTrue();
        return found.group(1);
    }
}
