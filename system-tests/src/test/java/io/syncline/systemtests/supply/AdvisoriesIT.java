package io.syncline.systemtests.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.syncline.systemtests.api.Http;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the executable jars really hold, not what a build file says of it. */
class AdvisoriesIT {

    private static List<Path> delivered() {
        return Jar.delivered();
    }

    @ParameterizedTest
    @MethodSource("delivered")
    void noLibraryIsOfAVersionThatAKeptAdvisoryNames(Path executable) {
        var libraries = Jar.within(executable);

        assertThat(libraries).hasSizeGreaterThan(10);
        assertThat(Advisories.kept().findings(libraries, LocalDate.now())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("delivered")
    void theBillOfMaterialsNamesEveryLibraryThatIsDelivered(Path executable) {
        assumeFalse(Boolean.getBoolean("maven.offline"), "an offline build makes no bill of materials");
        var bill = Http.JSON.readTree(Jar.billOfMaterials(executable).orElseThrow());

        var named = new HashSet<Jar>();
        bill.path("components")
                .forEach(component -> named.add(new Jar(
                        component.path("name").asString(),
                        component.path("version").asString())));
        // Boot's own tool to take the jar apart is put in while the jar is made.
        var delivered = Jar.within(executable).stream()
                .filter(jar -> !jar.artifact().equals("spring-boot-jarmode-tools"))
                .toList();
        assertThat(named).containsAll(delivered);
    }

    @Test
    void noLogAndJobLibraryThatRunsCodeFromItsConfigurationIsDelivered() {
        var artifacts = delivered().stream()
                .flatMap(executable -> Jar.within(executable).stream())
                .map(Jar::artifact)
                .toList();

        assertThat(artifacts).doesNotContain("quartz-jobs", "log4j-core", "janino", "c3p0", "commons-collections");
    }
}
