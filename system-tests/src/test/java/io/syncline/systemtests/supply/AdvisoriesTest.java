package io.syncline.systemtests.supply;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.supply.Advisories.Accepted;
import io.syncline.systemtests.supply.Advisories.Advisory;
import io.syncline.systemtests.supply.Advisories.Range;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class AdvisoriesTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    @Test
    void anOldVersionIsNamedWithItsAdvisoryAndWhatToDo() {
        var findings = Advisories.kept()
                .findings(
                        List.of(Jar.named("spring-security-core-7.0.4.jar"), Jar.named("jackson-core-3.1.6.jar")),
                        TODAY);

        assertThat(findings)
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("spring-security-core 7.0.4 is affected by CVE-2026-22746")
                        .contains("Take a version that is not"))
                .noneMatch(sentence -> sentence.contains("jackson"));
    }

    @Test
    void theVersionThatFixesItIsNotAffectedAndItsMilestonesAre() {
        var range = new Range("7.0.0", "7.0.5");

        assertThat(List.of("7.0.0", "7.0.4", "7.0.5-RC1", "7.0.5-M1")).allMatch(range::holds);
        assertThat(List.of("6.5.10", "7.0.5", "7.0.5.RELEASE", "7.0.10", "7.1.1"))
                .noneMatch(range::holds);
        assertThat(new Range("0", "2.3.2").holds("2.3.10")).isFalse();
    }

    @Test
    void anAcceptedAdvisoryIsQuietUntilItsDay() {
        var advisory = new Advisory("CVE-1", List.of("g:a"), List.of(new Range("0", "2")), "about", "source", "2026");
        var accepted = new Accepted("CVE-1", "a", "we do not call it", TODAY);
        var advisories = new Advisories(TODAY, List.of(advisory), List.of(accepted));
        var jars = List.of(new Jar("a", "1.9"));

        assertThat(advisories.findings(jars, TODAY)).isEmpty();
        assertThat(advisories.findings(jars, TODAY.plusDays(1))).hasSize(1);
        assertThat(advisories.findings(List.of(new Jar("b", "1.9")), TODAY)).isEmpty();
    }

    @Test
    void everyAdvisoryIsWholeAndThereOnce() {
        var ids = new HashSet<String>();

        assertThat(Advisories.kept().advisories()).hasSizeGreaterThan(80).allSatisfy(advisory -> {
            assertThat(ids.add(advisory.id())).as(advisory.id()).isTrue();
            assertThat(advisory.packages()).isNotEmpty().allMatch(name -> name.matches("[\\w.-]+:[\\w.-]+"));
            assertThat(advisory.affected()).isNotEmpty();
            assertThat(advisory.source()).startsWith("https://");
            assertThat(advisory.published()).matches("20[0-9]{2}(-[0-9]{2}){0,2}");
        });
    }

    @Test
    void theWrapperTakesMavenByItsChecksumAlone() throws IOException {
        var wrapper = new Properties();
        try (var text = Files.newBufferedReader(
                Project.root().resolve(".mvn/wrapper/maven-wrapper.properties"), StandardCharsets.UTF_8)) {
            wrapper.load(text);
        }

        assertThat(wrapper.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
        assertThat(wrapper.getProperty("distributionUrl"))
                .startsWith("https://repo.maven.apache.org/maven2/org/apache/maven/");
    }
}
