package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a node holds of threads and of heap behind a full collection, by the JDK's own diagnostic commands. */
final class Insides {

    private static final Path COMMAND = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final String QUESTIONS = """
            GC.run
            GC.heap_info
            Thread.print
            """;
    /** Of the generations; metaspace is not heap. */
    private static final Pattern USED = Pattern.compile("generation\\s+total \\d+K, used (\\d+)K");
    /** Those of the JVM itself have no number. */
    private static final Pattern THREAD = Pattern.compile("(?m)^\"(.+)\" #\\d+ ");

    private static final long ANSWER_SECONDS = 30;

    private final Path file;

    /** @param home for the questions, which are put from a file */
    Insides(Path home) {
        file = home.resolve("insides.txt");
        try {
            Files.writeString(file, QUESTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False where there is a runtime without tools; then nothing is told. */
    static boolean canBeRead() {
        return Files.isExecutable(COMMAND);
    }

    /** @param phase plateau before the faults, rest when all has settled */
    void tell(History history, Cluster.Node node, String phase) {
        var told = ask(node.process().pid());
        long used = USED.matcher(told)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        var threads = THREAD.matcher(told)
                .results()
                .map(found -> found.group(1).replaceAll("\\d+", "#"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        if (used == 0 || threads.isEmpty()) {
            throw new IllegalStateException(node.name() + " does not tell its threads and its heap: " + told);
        }
        history.add(
                node.name(),
                "inside",
                "phase",
                phase,
                "heapKb",
                used,
                "threads",
                threads.values().stream().mapToLong(Long::longValue).sum(),
                "names",
                threads.toString());
    }

    private String ask(long pid) {
        try {
            var answer = Files.createTempFile(file.getParent(), "insides", ".txt");
            try {
                var process = new ProcessBuilder(COMMAND.toString(), Long.toString(pid), "-f", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(answer.toFile())
                        .start();
                if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                return Files.readString(answer, StandardCharsets.UTF_8);
            } finally {
                Files.delete(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
