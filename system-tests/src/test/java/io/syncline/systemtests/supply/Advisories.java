package io.syncline.systemtests.supply;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The advisories that the repository keeps, and what of a list of jars they concern. */
record Advisories(LocalDate reviewed, List<Advisory> advisories, List<Accepted> accepted) {

    static final Path FILE = Path.of("security", "advisories.json");

    /** @param packages {@code group:artifact} each; a jar tells its artifact alone, so the ranges keep groups apart */
    record Advisory(
            String id, List<String> packages, List<Range> affected, String about, String source, String published) {

        boolean concerns(Jar jar) {
            return packages.stream()
                            .anyMatch(name ->
                                    name.substring(name.indexOf(':') + 1).equals(jar.artifact()))
                    && affected.stream().anyMatch(range -> range.holds(jar.version()));
        }
    }

    /** @param from the first affected version; {@code fixed} the first that is not */
    record Range(String from, String fixed) {

        boolean holds(String version) {
            var of = new Version(version);
            return of.compareTo(new Version(from)) >= 0 && of.compareTo(new Version(fixed)) < 0;
        }
    }

    /** @param until the day on which the reason is looked at again; later it no longer holds */
    record Accepted(String id, String artifact, String because, LocalDate until) {}

    static Advisories kept() {
        try {
            return Http.JSON.readValue(Files.readAllBytes(Project.root().resolve(FILE)), Advisories.class);
        } catch (IOException trouble) {
            throw new IllegalStateException(FILE + " cannot be read", trouble);
        }
    }

    /** One sentence for each jar of an affected version that nobody accepted with a reason. */
    List<String> findings(List<Jar> jars, LocalDate today) {
        var findings = new ArrayList<String>();
        for (var jar : jars) {
            for (var advisory : advisories) {
                if (advisory.concerns(jar) && !isAccepted(advisory, jar, today)) {
                    findings.add(
                            "%s %s is affected by %s (%s). Take a version that is not, see %s, or accept it with a reason and a day in %s."
                                    .formatted(
                                            jar.artifact(),
                                            jar.version(),
                                            advisory.id(),
                                            advisory.about(),
                                            advisory.source(),
                                            FILE));
                }
            }
        }
        return findings;
    }

    private boolean isAccepted(Advisory advisory, Jar jar, LocalDate today) {
        return accepted.stream()
                .anyMatch(one -> one.id().equals(advisory.id())
                        && one.artifact().equals(jar.artifact())
                        && !one.because().isBlank()
                        && !today.isAfter(one.until()));
    }
}
