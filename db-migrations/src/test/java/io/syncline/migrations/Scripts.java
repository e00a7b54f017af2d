package io.syncline.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The scripts as they lie in the source tree, the outbox module's included. */
final class Scripts {

    static final List<String> VENDORS = List.of("h2", "postgresql", "oracle");

    private static final Pattern NAME = Pattern.compile("V(\\d{3})__[a-z0-9_]+\\.sql");
    private static final List<Path> ROOTS =
            List.of(Path.of("src/main/resources/db"), Path.of("../outbox/src/main/resources/db"));

    private Scripts() {}

    /** The services that have scripts, without the outbox. */
    static List<String> services() {
        return children(ROOTS.get(0));
    }

    /** Every folder of scripts: the services and, where it has any, the outbox. */
    static List<String> parts() {
        var parts = new ArrayList<String>();
        ROOTS.forEach(root -> parts.addAll(children(root)));
        return parts;
    }

    static SortedSet<String> versions(String part, String vendor) {
        var versions = new TreeSet<String>();
        for (var script : of(part, vendor)) {
            var matcher = NAME.matcher(script.getFileName().toString());
            if (!matcher.matches()) {
                throw new IllegalStateException("not named V001__what.sql: " + script);
            }
            if (!versions.add(matcher.group(1))) {
                throw new IllegalStateException("two scripts of one version: " + script);
            }
        }
        return versions;
    }

    /** The scripts of one part for one vendor, oldest first. */
    static List<Path> of(String part, String vendor) {
        for (var root : ROOTS) {
            var folder = root.resolve(part).resolve(vendor);
            if (Files.isDirectory(folder)) {
                return list(folder);
            }
        }
        return List.of();
    }

    static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> children(Path folder) {
        return Files.isDirectory(folder)
                ? list(folder).stream()
                        .map(path -> path.getFileName().toString())
                        .toList()
                : List.of();
    }

    private static List<Path> list(Path folder) {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
