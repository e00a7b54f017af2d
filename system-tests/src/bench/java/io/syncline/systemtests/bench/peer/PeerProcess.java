package io.syncline.systemtests.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A peer in a JVM of its own, which stays warm from round to round as our node does. */
public final class PeerProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;

    private PeerProcess(
            String name, Class<? extends Peer> peer, List<String> jvm, Path folder, List<String> arguments) {
        this.name = name;
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                "-Dloader.main=" + peer.getName(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.springframework.boot.loader.launch.PropertiesLauncher"));
        command.addAll(arguments);
        try {
            process = new ProcessBuilder(command)
                    .redirectError(folder.resolve("peer-" + name + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        orders = process.outputWriter();
        answers = process.inputReader();
    }

    /** @param client that makes its calls */
    public static PeerProcess dbScheduler(String url, String sink, String client, List<String> jvm, Path folder) {
        var name = "db-scheduler-" + client.toLowerCase(Locale.ROOT);
        return new PeerProcess(name, DbSchedulerPeer.class, jvm, folder, arguments(url, sink, client));
    }

    public static PeerProcess quartz(String url, String sink, List<String> jvm, Path folder) {
        return new PeerProcess("quartz", QuartzPeer.class, jvm, folder, arguments(url, sink));
    }

    public static PeerProcess jobRunr(String url, String sink, List<String> jvm, Path folder) {
        return new PeerProcess("jobrunr", JobRunrPeer.class, jvm, folder, arguments(url, sink));
    }

    private static List<String> arguments(String url, String sink, String... more) {
        var arguments = new ArrayList<>(List.of(url, sink));
        arguments.addAll(List.of(more));
        return arguments;
    }

    public String name() {
        return name;
    }

    /** Drains so many tasks; returns them per second. */
    public double rate(int tasks) {
        try {
            orders.write(tasks + "\n");
            orders.flush();
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(Peer.ANSWER)) {
                    return tasks / Double.parseDouble(line.substring(Peer.ANSWER.length()));
                }
            }
            process.waitFor(10, TimeUnit.SECONDS);
            throw new IllegalStateException(name + " ended without a figure; see peer-" + name + ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(name + " broke; see peer-" + name + ".log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
