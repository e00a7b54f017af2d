package io.syncline.consumer.csv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The files of one key for others to read. Files are named by their content and never change; the manifest is replaced in
 * one move, so a reader sees the old files or the new ones, never a part.
 */
public final class OutputFolder {

    private static final String MANIFEST = "manifest.json";
    private static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Path folder;

    private OutputFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder is named as the key where that is a plain name, else by the key's checksum; it never leaves the root. */
    public static OutputFolder of(Path root, String key) {
        if (PLAIN.matcher(key).matches()) {
            return new OutputFolder(root.resolve(key));
        }
        var digest = sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        return new OutputFolder(root.resolve("~" + HexFormat.of().formatHex(digest)));
    }

    public PackedCsv begin(List<String> columns) throws IOException {
        return PackedCsv.begin(Files.createDirectories(folder), columns);
    }

    /** Makes the manifest the one that is read; files that only an earlier one named are deleted an hour later. */
    public void publish(byte[] manifest, Collection<String> files) throws IOException {
        var part = folder.resolve(UUID.randomUUID() + ".part");
        try {
            Files.write(part, manifest);
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(
                    part,
                    folder.resolve(MANIFEST),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        try (var present = Files.newDirectoryStream(folder)) {
            for (var file : present) {
                var name = String.valueOf(file.getFileName());
                if (!name.equals(MANIFEST) && !files.contains(name) && isOld(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A young file may be read by someone who has the earlier manifest, or be in the making. */
    private static boolean isOld(Path file) throws IOException {
        return Files.exists(file)
                && Files.getLastModifiedTime(file).toMillis() < System.currentTimeMillis() - KEPT_MILLIS;
    }

    public Optional<byte[]> manifest() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(MANIFEST)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** @param file as a manifest names it, never as a caller does */
    public Path path(String file) {
        return folder.resolve(file);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
