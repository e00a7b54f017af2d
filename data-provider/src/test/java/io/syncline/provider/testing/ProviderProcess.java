package io.syncline.provider.testing;

import static org.awaitility.Awaitility.await;

import io.syncline.provider.DataProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;

/** The service in a Java process of its own, which can be killed. */
public final class ProviderProcess implements AutoCloseable {

    private static final int LINES_SHOWN = 60;

    private final Path log;
    private final Process process;
    private final RunningProvider provider;

    public ProviderProcess(FakePlatform platform, Path home, String heap, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(home);
        log = home.resolve("provider.log");
        var port = home.resolve("provider.port");
        Files.deleteIfExists(port);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ProviderProcess.class.getName(),
                port.toString()));
        command.addAll(List.of(RunningProvider.arguments(platform, home, settings)));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await().atMost(Duration.ofSeconds(120)).until(() -> hasWritten(port));
        provider = new RunningProvider(platform, "http://127.0.0.1:" + Files.readString(port));
        await().atMost(Duration.ofSeconds(120)).until(this::isReady);
    }

    /** The service, which writes the port that it was given to the file that is named first. */
    public static void main(String[] arguments) {
        var service = new SpringApplication(DataProvider.class);
        service.addListeners(new WebServerPortFileWriter(arguments[0]));
        service.run(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    public RunningProvider provider() {
        return provider;
    }

    private boolean hasWritten(Path port) throws IOException {
        requireAlive();
        return Files.exists(port) && Files.size(port) > 0;
    }

    private void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the provider ended with %d:%n%s".formatted(process.exitValue(), lastLogLines()));
        }
    }

    private boolean isReady() {
        requireAlive();
        try {
            return provider.send("GET", "/actuator/health/readiness", null, null)
                            .status()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private String lastLogLines() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        kill();
    }
}
