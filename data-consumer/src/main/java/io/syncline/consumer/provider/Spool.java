package io.syncline.consumer.provider;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Downloads on disk, named by their content: a file is found again by its checksum, whoever downloaded it and for which
 * job. What is read from here was compared with its checksum at that moment.
 */
public class Spool {

    private final Path directory;

    public Spool(Path directory) {
        this.directory = directory;
    }

    /** What was received: where it lies, and its true size and checksum. */
    public record Received(Path path, long bytes, String sha256, boolean cutOff) {

        public boolean is(ExtractFile file) {
            return !cutOff && bytes == file.bytes() && sha256.equals(file.sha256());
        }
    }

    /** The verified file if it is here, else what the provider gives now, verified or not: the caller must ask. */
    public Received fetch(ProviderClient provider, String dataset, String extractId, ExtractFile file) {
        try {
            var path = directory.resolve(file.sha256());
            if (Files.exists(path)) {
                var kept = measure(path);
                if (kept.is(file)) {
                    // Of the machine, like every time of the file system; no lease or due time depends on it.
                    Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
                    return kept;
                }
                Files.deleteIfExists(path);
            }
            return provider.file(dataset, extractId, file.name(), bytes -> receive(bytes, file));
        } catch (IOException e) {
            throw new UncheckedIOException("spool " + directory + " cannot be read or written", e);
        }
    }

    /** Deletes what a failed check left behind, or a file that no job needs any more. */
    public void drop(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    public void drop(String sha256) {
        drop(directory.resolve(sha256));
    }

    /** Deletes what was not used for so long; another process may do the same at the same moment. */
    public void dropOlderThan(Duration keep, Instant now) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var paths = Files.list(directory)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                if (Files.exists(path)
                        && Files.getLastModifiedTime(path)
                                .toInstant()
                                .plus(keep)
                                .isBefore(now)) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private Received receive(InputStream bytes, ExtractFile file) throws IOException {
        Files.createDirectories(directory);
        var part = directory.resolve(file.sha256() + "." + UUID.randomUUID() + ".part");
        var digest = sha256();
        long received = 0;
        var cutOff = false;
        try (var out = Files.newOutputStream(part)) {
            var buffer = new byte[64 * 1024];
            // One byte more than the manifest says is enough to know that the file is another one.
            while (received <= file.bytes()) {
                int read;
                try {
                    read = bytes.read(buffer, 0, (int) Math.min(buffer.length, file.bytes() + 1 - received));
                } catch (IOException e) {
                    cutOff = true;
                    break;
                }
                if (read < 0) {
                    break;
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
                received += read;
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        var result = new Received(part, received, HexFormat.of().formatHex(digest.digest()), cutOff);
        if (!result.is(file)) {
            return result;
        }
        var path = directory.resolve(file.sha256());
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Received(path, received, result.sha256(), false);
    }

    private static Received measure(Path path) throws IOException {
        var digest = sha256();
        long bytes = 0;
        try (var in = Files.newInputStream(path)) {
            var buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        return new Received(path, bytes, HexFormat.of().formatHex(digest.digest()), false);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
