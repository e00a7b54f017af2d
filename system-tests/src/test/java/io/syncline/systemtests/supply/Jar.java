package io.syncline.systemtests.supply;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** A library within an executable jar, as its file is named. */
record Jar(String artifact, String version) {

    static final String BILL_OF_MATERIALS = "META-INF/sbom/application.cdx.json";
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final Pattern NAME = Pattern.compile("(.+?)-([0-9].*)\\.jar");
    private static final List<String> MODULES =
            List.of("scheduler-platform", "data-provider", "data-consumer", "portal-ui", "db-migrations");

    static Jar named(String file) {
        var name = NAME.matcher(file);
        if (!name.matches()) {
            throw new IllegalArgumentException("no version in the name of " + file);
        }
        return new Jar(name.group(1), name.group(2));
    }

    /** What is delivered: the executable jars that the build left. */
    static List<Path> delivered() {
        return MODULES.stream()
                .map(module -> Project.root().resolve(module).resolve("target"))
                .map(Jar::executableIn)
                .toList();
    }

    private static Path executableIn(Path target) {
        try (var files = Files.newDirectoryStream(target, "syncline-*-exec.jar")) {
            for (var file : files) {
                return file;
            }
        } catch (IOException missing) {
            throw new IllegalStateException("no executable jar in " + target, missing);
        }
        throw new IllegalStateException("no executable jar in " + target);
    }

    /** The libraries of others that an executable jar holds. */
    static List<Jar> within(Path executable) {
        try (var zip = new ZipFile(executable.toFile())) {
            return zip.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> named(name.substring(LIBRARIES.length())))
                    .filter(jar -> !jar.artifact().startsWith("syncline-"))
                    .toList();
        } catch (IOException trouble) {
            throw new IllegalStateException(executable + " cannot be read", trouble);
        }
    }

    static Optional<byte[]> billOfMaterials(Path executable) {
        try (var zip = new ZipFile(executable.toFile())) {
            var entry = zip.getEntry(BILL_OF_MATERIALS);
            if (entry == null) {
                return Optional.empty();
            }
            try (var bytes = zip.getInputStream(entry)) {
                return Optional.of(bytes.readAllBytes());
            }
        } catch (IOException trouble) {
            throw new IllegalStateException(executable + " cannot be read", trouble);
        }
    }
}
