package io.syncline.systemtests.prove;

import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.UnpackedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/**
 * A bug to be planted into one of the services: a patch, and above it what is wrong with it, which invariant it violates, and under
 * which faults and in how many minutes of them that shows.
 */
record Plant(String name, String what, String expects, Set<String> faults, double minutes, Path patch) {

    private static final String END = ".patch";
    private static final String TOUCHED = "+++ b/";

    /** In the order of their names. */
    static List<Plant> all(Path project) {
        try (var files = Files.list(project.resolve("system-tests/src/prove/plants"))) {
            return files.filter(file -> file.toString().endsWith(END))
                    .sorted()
                    .map(Plant::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Plant read(Path patch) {
        try {
            var lines = Files.readAllLines(patch);
            return new Plant(
                    patch.getFileName().toString().replace(END, ""),
                    lines.get(0),
                    header(lines, "expects"),
                    Set.copyOf(Arrays.asList(header(lines, "faults").split(","))),
                    Double.parseDouble(header(lines, "minutes")),
                    patch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(List<String> lines, String name) {
        var start = name + ": ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(lines.get(0) + " lacks its " + name))
                .substring(start.length());
    }

    /** The service whose sources it touches. */
    Service service() {
        var modules = touched().stream()
                .map(source -> source.getName(0).toString())
                .distinct()
                .toList();
        return Arrays.stream(Service.values())
                .filter(service -> modules.equals(List.of(service.module())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " touches " + modules + ", not one service"));
    }

    private List<Path> touched() {
        try {
            return Files.readAllLines(patch).stream()
                    .filter(line -> line.startsWith(TOUCHED))
                    .map(line -> Path.of(line.substring(TOUCHED.length())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The bug goes into a copy of the sources that it touches, and what they compile to into a copy of the jar.
     *
     * @param sound the service's jar without the bug
     * @param node the same unpacked, to compile against
     * @param folder to be filled
     * @return the copy
     * @throws IllegalStateException if the patch no longer fits the sources, or they do not compile with it
     */
    Path into(Path sound, UnpackedNode node, Path project, Path folder) throws IOException {
        var sources = new ArrayList<Path>();
        for (Path touched : touched()) {
            sources.add(folder.resolve(touched));
            Files.createDirectories(folder.resolve(touched).getParent());
            Files.copy(project.resolve(touched), folder.resolve(touched), StandardCopyOption.REPLACE_EXISTING);
        }
        apply(folder);
        var classes = Files.createDirectories(folder.resolve("classes"));
        compile(sources, node, classes);
        var planted = folder.resolve(sound.getFileName());
        Files.copy(sound, planted, StandardCopyOption.REPLACE_EXISTING);
        try (var jar = FileSystems.newFileSystem(planted);
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        jar.getPath(
                                "BOOT-INF", "classes", classes.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return planted;
    }

    private void apply(Path folder) throws IOException {
        var log = folder.resolve("patch.log");
        var process = new ProcessBuilder("patch", "-s", "-p1", "-d", folder.toString())
                .redirectInput(patch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("the patch " + name + " does not fit: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void compile(List<Path> sources, UnpackedNode node, Path classes) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters", "--release", "17"));
        arguments.addAll(List.of(
                "-d", classes.toString(), "-cp", node.jar() + ":" + node.jar().resolveSibling("lib") + "/*"));
        sources.forEach(source -> arguments.add(source.toString()));
        if (compiler == null || compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the sources do not compile with the patch " + name);
        }
    }
}
