package io.syncline.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A service's executable jar unpacked as its container image has it, with an archive of the classes that a start loads: it
 * starts with less than half the work. Made once for each jar that was built, by the JVM that needs it first. From Java
 * 25 on it is an ahead-of-time cache, which holds them linked and with their profiles (JEP 483, 514, 515).
 */
public final class UnpackedNode {

    /** A start for the archive alone: on a database of its own, over as soon as everything has been made. */
    private static final List<String> FIRST_START = List.of(
            "--server.port=0",
            "--spring.datasource.url=jdbc:h2:mem:archive;MODE=Oracle;DB_CLOSE_DELAY=-1",
            // Protects nothing: the database is in memory and ends with the start.
            "--syncline.wrapping-key=c3luY2xpbmUtdGVzdHMtd3JhcHBpbmcta2V5LW5vdDE=",
            // Of a provider or consumer, which talks to nobody before it is ready.
            "--syncline.client.platform-url=http://127.0.0.1:9",
            "--syncline.client.client-id=archive",
            "--syncline.client.client-secret=of-no-use-here");

    private static final int JAVA = Runtime.version().feature();

    /** What makes an archive, what starts with it, and its name. */
    private enum Archive {
        CLASSES("-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=", "classes.jsa"),
        AHEAD_OF_TIME("-XX:AOTCacheOutput=", "-XX:AOTCache=", "classes.aot");

        private final String making;
        private final String starting;
        private final String file;

        Archive(String making, String starting, String file) {
            this.making = making;
            this.starting = starting;
            this.file = file;
        }

        static Archive ofThisJava() {
            return JAVA >= 25 ? AHEAD_OF_TIME : CLASSES;
        }
    }

    private final Archive kind = Archive.ofThisJava();
    private final Path folder;
    private final Path archive;

    private UnpackedNode(Path folder) {
        this.folder = folder;
        this.archive = folder.resolve(kind.file);
    }

    /**
     * @param jar of the service
     * @param jvm what the nodes' JVMs are started with; the archive is good for these alone
     * @param nodes where all unpacked nodes lie
     */
    public static synchronized UnpackedNode withArchiveFor(Path jar, List<String> jvm, Path nodes) {
        try {
            var built = Files.getLastModifiedTime(jar).toMillis();
            var parent = Files.createDirectories(nodes);
            var node = new UnpackedNode(parent.resolve("node-" + JAVA + "-" + built + "-" + Files.size(jar)));
            try (var channel = FileChannel.open(
                            parent.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(node.archive)) {
                    node.make(jar, jvm);
                }
            }
            return node;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    public Path jar() {
        return folder.resolve("node.jar");
    }

    public String option() {
        return kind.starting + archive;
    }

    private void make(Path executable, List<String> jvm) throws IOException {
        run(List.of(
                "-Djarmode=tools", "-jar", executable.toString(), "extract", "--force", "--destination", "" + folder));
        Files.move(folder.resolve(executable.getFileName()), jar(), StandardCopyOption.REPLACE_EXISTING);
        var unfinished = folder.resolve("classes.tmp");
        var options = new ArrayList<>(jvm);
        options.add(kind.making + unfinished);
        options.add("-Dspring.context.exit=onRefresh");
        options.add("-jar");
        options.add(jar().toString());
        options.addAll(FIRST_START);
        run(options);
        Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING);
    }

    private void run(List<String> options) throws IOException {
        Files.createDirectories(folder);
        var log = folder.resolve("made.log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("SYNCLINE_") || key.startsWith("SPRING_"));
        var process = builder.start();
        // Does nothing to one that has ended.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop the first start"));
        try {
            if (!process.waitFor(150, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("no archive of a node's classes: " + Files.readString(log));
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
