package io.syncline.provider.imports;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.GzipBody;
import io.syncline.provider.store.Ids;
import io.syncline.provider.store.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that was received whole, in a file of its own, so that no transaction waits for a slow sender and nothing is
 * written for a body that breaks off.
 */
final class ReceivedBody implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReceivedBody.class);

    static final String SUFFIX = ".import";

    private final Path file;
    private final String sha256;
    private final long bytes;

    private ReceivedBody(Path file, String sha256, long bytes) {
        this.file = file;
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    /**
     * @throws ProblemException 413 for a body that is too large, 507 where it cannot be written
     * @throws IOException if the sender goes away
     */
    static ReceivedBody receive(InputStream body, @Nullable String encoding, long maxBytes, Path directory)
            throws IOException {
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
                var out = opened(file)) {
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
                write(out, buffer, read, file);
            }
        }
        return new ReceivedBody(file, Sha256.hexOf(digest), bytes);
    }

    private static OutputStream opened(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return Files.newOutputStream(file);
        } catch (IOException failure) {
            throw notStored(file, failure);
        }
    }

    private static void write(OutputStream out, byte[] bytes, int length, Path file) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException failure) {
            throw notStored(file, failure);
        }
    }

    private static ProblemException notStored(Path file, IOException failure) {
        LOG.warn("The body of an import cannot be written to {}", file, failure);
        return ProblemException.of(507, "insufficient-storage", "The body cannot be stored at the moment")
                .detail("Nothing was changed; try again after the time in Retry-After")
                .header("Retry-After", "10");
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
