package io.syncline.sample;

import io.syncline.client.test.Downstream;
import io.syncline.client.test.DownstreamContract;
import io.syncline.client.test.FakePlatform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The downstream without a framework, as a process of its own that the contract kills. */
class PlainDownstreamIT extends DownstreamContract {

    private static final Path SOURCE = Path.of("../../samples/plain-http/PlainDownstream.java");

    @TempDir
    static Path folder;

    @Override
    protected Downstream start(FakePlatform platform) {
        return new PlainProcess(platform.url(), system(), folder);
    }

    @Override
    protected String system() {
        return "plain";
    }

    @Override
    protected String path() {
        return "/sync/plans";
    }

    /** The work of each idempotency key leaves one file. */
    @Override
    protected int effects(String businessKey) {
        try (var files = Files.list(folder)) {
            return (int) files.filter(file -> file.toString().endsWith(".csv"))
                    .filter(file -> contains(file, businessKey))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code java PlainDownstream.java}, until it is ended. */
    private static final class PlainProcess implements Downstream {

        private final Process process;
        private final String url;

        PlainProcess(String platformUrl, String system, Path folder) {
            try {
                process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                SOURCE.toString(),
                                "0",
                                platformUrl,
                                system,
                                folder.toString())
                        .redirectError(folder.resolve("errors.log").toFile())
                        .start();
                var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                var line = lines.readLine();
                if (line == null || !line.startsWith("listening on ")) {
                    throw new IllegalStateException(Files.readString(folder.resolve("errors.log")));
                }
                url = "http://127.0.0.1:" + line.substring("listening on ".length());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String url() {
            return url;
        }

        @Override
        public void kill() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
