package io.syncline.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One service in its own JVM. Whatever way this JVM ends, short of being killed itself, the services that it started
 * end with it.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(8);
    private static final int LINES_SHOWN = 25;
    private static final Set<ServiceProcess> RUNNING = ConcurrentHashMap.newKeySet();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private static volatile boolean stopping;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ServiceProcess::stopAtExit, "stop services"));
    }

    private final String name;
    private final int port;
    private final Path log;
    private final ProcessBuilder command;
    private volatile Process process;

    private ServiceProcess(String name, int port, Path log, ProcessBuilder command) throws IOException {
        this.name = name;
        this.port = port;
        this.log = log;
        this.command = command;
        this.process = command.start();
    }

    /**
     * Starts a service and returns at once.
     *
     * @param name of the process, in messages and as the name of its log
     * @param settings Spring properties, seen in the list of processes: no secrets
     * @param environment for secrets
     */
    public static ServiceProcess start(
            String name,
            Path jar,
            int port,
            List<String> jvmOptions,
            Map<String, String> settings,
            Map<String, String> environment,
            Path home) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(jar.toString());
        command.add("--server.port=" + port);
        settings.forEach((key, text) -> command.add("--" + key + "=" + text));
        try {
            Files.createDirectories(home);
            var log = home.resolve(name + ".log");
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Settings of the caller's own shell must not reach the services by accident.
            builder.environment()
                    .keySet()
                    .removeIf(key ->
                            key.startsWith("SYNCLINE_") || key.startsWith("SPRING_") || key.startsWith("SERVER_"));
            builder.environment().putAll(environment);
            var service = new ServiceProcess(name, port, log, builder);
            RUNNING.add(service);
            return service;
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot start " + name, trouble);
        }
    }

    private static java.io.File nothing() {
        return new java.io.File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    public String name() {
        return name;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public Path log() {
        return log;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the service says that it is ready; fails with its last words when it ends or takes too long. */
    public ServiceProcess awaitReady(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw failure("%s ended with exit code %d while it started".formatted(name, process.exitValue()));
            }
            if (saysReady()) {
                return this;
            }
            pause(Duration.ofMillis(150));
        }
        throw failure("%s was not ready after %d s".formatted(name, atMost.toSeconds()));
    }

    /** An exception with the last lines of this service's log. */
    public ServiceFailedException failure(String message) {
        return new ServiceFailedException(message, lastLogLines());
    }

    public List<String> lastLogLines() {
        try {
            var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        } catch (IOException unreadable) {
            return List.of("(log %s cannot be read: %s)".formatted(log, unreadable.getMessage()));
        }
    }

    public boolean logContains(String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Ends the JVM without any warning, as a power cut would. */
    public void kill() {
        signal("KILL");
        awaitEnd(STOP_WITHIN);
        RUNNING.remove(this);
    }

    /** Asks the JVM to end by SIGTERM and returns at once; it may take the time that it needs. */
    public void terminate() {
        process.destroy();
    }

    /** Starts a service that has ended once more, at the same port with the same settings, and returns at once. */
    public void startAgain() {
        if (process.isAlive()) {
            throw new IllegalStateException(name + " is still running");
        }
        try {
            process = command.start();
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot start " + name + " again", trouble);
        }
        RUNNING.add(this);
    }

    /** Starts a service that has ended and waits until it is ready; again where a fault keeps it from starting. */
    public void startUntilReady(int tries, Duration atMost) {
        ServiceFailedException last = null;
        for (int i = 0; i < tries; i++) {
            try {
                if (!isAlive()) {
                    startAgain();
                }
                awaitReady(atMost);
                return;
            } catch (ServiceFailedException notYet) {
                last = notYet;
            }
        }
        throw last == null ? failure(name + " was not started") : last;
    }

    /** Freezes the JVM: it keeps its memory and its connections and does nothing. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    /** Asks the JVM to end, then insists. */
    @Override
    public void close() {
        process.destroy();
        finish();
    }

    private void finish() {
        if (!awaitEnd(STOP_WITHIN)) {
            process.destroyForcibly();
            awaitEnd(STOP_WITHIN);
        }
        RUNNING.remove(this);
    }

    private static void stopAtExit() {
        stopping = true;
        stopAll();
    }

    /** Whether this JVM is ending its services: what fails now fails because of that. */
    public static boolean isStopping() {
        return stopping;
    }

    /** Stops every service that this JVM started and that still runs. */
    public static void stopAll() {
        stopAll(List.copyOf(RUNNING));
    }

    /** Stops these services; all are asked before any is waited for. */
    public static void stopAll(Collection<ServiceProcess> services) {
        services.forEach(service -> service.process.destroy());
        services.forEach(ServiceProcess::finish);
    }

    private void signal(String signal) {
        try {
            // The shell's own kill: not every machine has the command.
            var exit = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0 && process.isAlive()) {
                throw new IllegalStateException("kill -%s %s %d: exit %d".formatted(signal, name, process.pid(), exit));
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitEnd(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean saysReady() {
        try {
            var request = HttpRequest.newBuilder(URI.create(url() + "/actuator/health/readiness"))
                    .timeout(Duration.ofSeconds(3))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause(Duration span) {
        try {
            Thread.sleep(span.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
