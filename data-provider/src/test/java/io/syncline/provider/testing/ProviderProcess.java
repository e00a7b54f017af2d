package io.syncline.provider.testing;

import static org.awaitility.Awaitility.await;

import io.syncline.provider.DataProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The service in a Java process of its own, which can be killed. */
public final class ProviderProcess implements AutoCloseable {

    private final Process process;
    private final RunningProvider provider;

    public ProviderProcess(FakePlatform platform, Path home, String heap, Map<String, String> settings)
            throws IOException {
        int port = freePort();
        var all = new HashMap<>(settings);
        all.put("server.port", String.valueOf(port));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                DataProvider.class.getName()));
        command.addAll(List.of(RunningProvider.arguments(platform, home, all)));
        Files.createDirectories(home);
        var log = home.resolve("provider.log").toFile();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        provider = new RunningProvider(platform, "http://127.0.0.1:" + port);
        await().atMost(Duration.ofSeconds(120)).until(this::isReady);
    }

    public RunningProvider provider() {
        return provider;
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the provider ended with " + process.exitValue());
        }
        try {
            return provider.send("GET", "/actuator/health/readiness", null, null)
                            .status()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
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

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
