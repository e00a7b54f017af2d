package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes one guard after the other out of the platform: with the bug the checker has to name what the plant expects, and with
 * the same faults, minutes and seed it has to find nothing without it. Plants that ask for the same faults and minutes share
 * the run without.
 */
final class Guards {

    private static final String ROW = "%-24s %-8s %-34s %s%n";

    private final Options options;
    private final Path project;
    private final Path folder;
    private final Map<String, Optional<Report>> withoutBug = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param found how often each invariant was violated with the bug, or that the run broke
     * @param without the same without the bug
     */
    private record Row(
            String plant,
            String what,
            List<String> faults,
            double minutes,
            String expects,
            String found,
            boolean caught,
            String without,
            boolean clean) {}

    Guards(Options options, Path project) {
        this.options = options;
        this.project = project;
        this.folder = Prove.target(project).resolve("guards");
    }

    /** Whether each bug was caught and nothing was found without. */
    boolean run() throws IOException {
        var began = Instant.now();
        System.out.println(options.command());
        System.out.printf(ROW, "plant", "expected", "found", "without it");
        for (Plant plant : options.guards()) {
            var planted = options.with(plant);
            var seen = run(planted, plant.name());
            var without = withoutBug(planted.sound());
            var row = new Row(
                    plant.name(),
                    plant.what(),
                    plant.faults().stream().sorted().toList(),
                    plant.minutes(),
                    plant.expects(),
                    told(seen),
                    seen.filter(Report::isAsExpected).isPresent(),
                    told(without),
                    without.filter(Report::isAsExpected).isPresent());
            rows.add(row);
            System.out.printf(ROW, row.plant, row.expects, row.found, row.without);
            write(began);
        }
        var caught = rows.stream().filter(Row::caught).count();
        var clean = rows.stream().filter(Row::clean).count();
        System.out.printf("%d of %d caught, %d clean without: %s%n", caught, rows.size(), clean, page());
        return caught == rows.size() && clean == rows.size();
    }

    private Optional<Report> withoutBug(Options sound) throws IOException {
        var command = sound.command();
        var known = withoutBug.get(command);
        if (known == null) {
            var faults = String.join("-", sound.only().stream().sorted().toList());
            known = run(sound, "without-" + faults + "-" + sound.minutes());
            withoutBug.put(command, known);
        }
        return known;
    }

    private Optional<Report> run(Options one, String name) throws IOException {
        var home = Prove.fresh(folder.resolve(name));
        try (var screen =
                new PrintStream(Files.newOutputStream(home.resolve("run.log")), true, StandardCharsets.UTF_8)) {
            return Prove.run(one, project, home, screen);
        } finally {
            // As large as the platform itself, and made again from the patch.
            Prove.deleteAll(home.resolve(Prove.PLANTED));
        }
    }

    private static String told(Optional<Report> report) {
        return report.map(Report::violated)
                .map(violated -> violated.isEmpty() ? "no violation" : named(violated))
                .orElse("the run broke");
    }

    private static String named(Map<String, Integer> violated) {
        return String.join(
                ", ",
                violated.entrySet().stream()
                        .map(one -> one.getKey() + " × " + one.getValue())
                        .toList());
    }

    private Path page() {
        return project.relativize(folder.resolve("guards.md"));
    }

    private void write(Instant began) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("command", options.command());
        json.put("began", began.toString());
        json.put("plants", rows);
        Files.write(
                folder.resolve("guards.json"),
                Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        var page = new StringBuilder("`" + options.command() + "`, begun " + began + "\n\n");
        page.append("| Plant | What is wrong | Faults, minutes | Expected | Found | Without it |\n"
                + "|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            page.append("| `%s` | %s | `%s`, %s | %s | %s%s | %s |%n"
                    .formatted(
                            row.plant,
                            row.what,
                            String.join("`, `", row.faults),
                            row.minutes,
                            row.expects,
                            row.caught ? "" : "not caught: ",
                            row.found,
                            row.without));
        }
        Files.writeString(folder.resolve("guards.md"), page);
    }
}
