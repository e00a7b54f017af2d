package io.syncline.consumer.enrichment;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.FileReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The folder in which files wait to be enriched. Only files that lie in it themselves are read, never what a link names. */
final class Inbox {

    private final Path folder;

    Inbox(Path folder) {
        this.folder = folder;
    }

    /** @param file whose name is a plain one */
    Path path(ExtractFile file) {
        return folder.resolve(file.name());
    }

    /** Compares a file's size and checksum with what its sender says. */
    void verify(ExtractFile file) throws BadInputException, IOException {
        var path = path(file);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(file, "the inbox has no file " + file.name(), null, true);
        }
        var digest = sha256();
        long bytes = 0;
        try (var in = Files.newInputStream(path)) {
            var buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        var sha256 = HexFormat.of().formatHex(digest.digest());
        if (bytes != file.bytes()) {
            throw bad(
                    file,
                    "%s: %d bytes are announced, the inbox has %d".formatted(file.name(), file.bytes(), bytes),
                    sha256,
                    bytes < file.bytes());
        }
        if (!sha256.equals(file.sha256())) {
            throw bad(file, file.name() + ": the checksum is not the one announced", sha256, false);
        }
    }

    private static BadInputException bad(
            ExtractFile file, String message, @org.jspecify.annotations.Nullable String sha256, boolean retryable) {
        var report = new FileReport(
                file.name(),
                FileReport.Status.FAILED,
                file.rows(),
                null,
                "sha-256=" + file.sha256(),
                sha256 == null ? null : "sha-256=" + sha256,
                message);
        return new BadInputException(message, retryable, List.of(report));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
