package io.syncline.provider.imports;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.GzipBody;
import io.syncline.provider.store.Ids;
import io.syncline.provider.store.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A body that was received whole, in a file of its own, so that no transaction waits for a slow sender and nothing is
 * written for a body that breaks off.
 */
final class ReceivedBody implements AutoCloseable {

    static final String SUFFIX = ".import";

    private final Path file;
    private final String sha256;
    private final long bytes;

    private ReceivedBody(Path file, String sha256, long bytes) {
        this.file = file;
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    static ReceivedBody receive(InputStream body, @Nullable String encoding, long maxBytes, Path directory)
            throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(Ids.next() + SUFFIX);
        try {
            return copy(body, encoding, maxBytes, file);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(file);
            throw failure;
        }
    }

    private static ReceivedBody copy(InputStream body, @Nullable String encoding, long maxBytes, Path file)
            throws IOException {
        var digest = Sha256.digest();
        long bytes = 0;
        try (var plain = GzipBody.decoded(body, encoding);
                var out = Files.newOutputStream(file)) {
            var buffer = new byte[64 * 1024];
            while (true) {
                int read = plain.read(buffer);
                if (read < 0) {
                    break;
                }
                bytes += read;
                if (bytes > maxBytes) {
                    throw ProblemException.of(413, "body-too-large", "The body is too large")
                            .detail("An import has at most " + maxBytes
                                    + " bytes after decompression; syncline.provider.imports.max-bytes sets this");
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return new ReceivedBody(file, Sha256.hexOf(digest), bytes);
    }

    InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
    }

    String sha256() {
        return sha256;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
