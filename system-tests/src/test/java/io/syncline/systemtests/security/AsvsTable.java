package io.syncline.systemtests.security;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The table in {@code docs/asvs.md}, row by row. */
record AsvsTable(List<Row> rows) {

    private static final Pattern ROW =
            Pattern.compile("\\| ([0-9]+\\.[0-9]+\\.[0-9]+) \\| ([^|]+) \\| L([1-3]) \\| ([^|]+) \\| ([^|]*) \\|");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract))(?:\\.(\\w+))?`");

    /** What a row may say of its requirement. */
    static final List<String> STATES = List.of("met", "partly", "not met", "not applicable");

    record Row(String number, String asks, String level, String status, String shownBy) {

        List<Named> tests() {
            return TEST.matcher(shownBy)
                    .results()
                    .map(found -> new Named(found.group(1), Optional.ofNullable(found.group(2))))
                    .toList();
        }

        boolean isShownByATest() {
            return (status.equals("met") || status.equals("partly")) && !tests().isEmpty();
        }
    }

    /** A test as a row names it. */
    record Named(String type, Optional<String> method) {}

    static AsvsTable of(String markdown) {
        var rows = new ArrayList<Row>();
        for (var line : markdown.lines().toList()) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), row.group(2), row.group(3), row.group(4), row.group(5)));
            }
        }
        return new AsvsTable(rows);
    }

    /** The level of each number that the table must have, from the list in the resources. */
    static Map<String, String> expected() {
        try (var list = AsvsTable.class.getResourceAsStream("/asvs-5.0.0-ids.txt")) {
            var levels = new LinkedHashMap<String, String>();
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" "))
                    .forEach(line -> levels.put(line[0], line[1]));
            return levels;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    /** Everything that is wrong with the table, a sentence each. */
    List<String> faults(Map<String, String> expected, Map<String, String> sources) {
        var faults = new ArrayList<String>();
        var seen = new HashMap<String, Integer>();
        rows.forEach(row -> seen.merge(row.number(), 1, Integer::sum));
        expected.keySet().stream()
                .filter(number -> !seen.containsKey(number))
                .forEach(number -> faults.add(number + " is missing"));
        seen.forEach((number, times) -> {
            if (times > 1) {
                faults.add(number + " is there " + times + " times");
            }
        });
        for (var row : rows) {
            if (!row.level().equals(expected.get(row.number()))) {
                faults.add(row.number() + " is not asked for, or of another level than " + row.level());
            }
            if (!STATES.contains(row.status())) {
                faults.add(row.number() + " has the status " + row.status());
            }
            if (row.shownBy().isBlank()) {
                faults.add(row.number() + " has neither a test nor a reason");
            }
            for (var test : row.tests()) {
                var source = sources.get(test.type());
                if (source == null) {
                    faults.add(row.number() + " names the test " + test.type() + ", which there is not");
                } else if (test.method().isPresent()
                        && !source.contains(" " + test.method().get() + "(")) {
                    faults.add(row.number() + " names " + test.type() + "."
                            + test.method().get() + ", which there is not");
                }
            }
        }
        return faults;
    }

    /** The sentence in the table's head. */
    String summary() {
        var applicable = rows.size() - count("not applicable");
        var shown = rows.stream().filter(Row::isShownByATest).count();
        return "Of %d requirements %d are met, %d partly, %d not met and %d not applicable; %d of the %d applicable ones (%d %%) are shown by an automated test."
                .formatted(
                        rows.size(),
                        count("met"),
                        count("partly"),
                        count("not met"),
                        count("not applicable"),
                        shown,
                        applicable,
                        shown * 100 / applicable);
    }

    private long count(String status) {
        return rows.stream().filter(row -> row.status().equals(status)).count();
    }

    /** Each test class of the repository by its simple name, with its text. */
    static Map<String, String> testSources() {
        var sources = new HashMap<String, String>();
        try (var files = Files.walk(Project.root())) {
            for (var file : (Iterable<Path>) files::iterator) {
                var path = file.toString().replace('\\', '/');
                boolean isTest = path.contains("/src/test/java/") || path.contains("/starter/test/src/main/java/");
                if (isTest && path.endsWith(".java")) {
                    var name = file.getFileName().toString();
                    sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                }
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        return sources;
    }
}
