package io.syncline.consumer.publish;

import io.syncline.consumer.publish.Aggregate.Group;
import io.syncline.consumer.publish.Publication.PublishedFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publications on disk, a folder per business key. Files are named by their content and never change; the manifest is
 * replaced in one move, so a reader sees the old publication or the new one, never a part.
 */
class PublicationStore {

    private static final String MANIFEST = "manifest.json";
    private static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Path root;
    private final JsonMapper json;

    PublicationStore(Path root, JsonMapper json) {
        this.root = root;
        this.json = json;
    }

    PublishedFile write(String businessKey, Aggregate aggregate, List<Group> groups) throws IOException {
        var folder = Files.createDirectories(folder(businessKey));
        var part = folder.resolve(UUID.randomUUID() + ".part");
        try {
            var digest = sha256();
            try (var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
                var packed = new GZIPOutputStream(out, 16 * 1024);
                // For machines, by its checksum: a field that begins like a formula stays what it is.
                var printer = new CSVPrinter(
                        new OutputStreamWriter(packed, StandardCharsets.UTF_8),
                        CSVFormat.RFC4180
                                .builder()
                                .setQuoteMode(QuoteMode.ALL_NON_NULL)
                                .get());
                printer.printRecord(aggregate.columns());
                for (var group : groups) {
                    var fields = new ArrayList<@Nullable Object>(group.members());
                    fields.add(group.rows());
                    printer.printRecord(fields);
                }
                printer.flush();
                packed.finish();
                channel.force(true);
            }
            var sha256 = HexFormat.of().formatHex(digest.digest());
            var name = aggregate.fileName() + "-" + sha256.substring(0, 12) + ".csv.gz";
            var bytes = Files.size(part);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            long counted = groups.stream().mapToLong(Group::rows).sum();
            return new PublishedFile(name, aggregate.columns(), groups.size(), counted, bytes, sha256);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Makes the files the publication of the key; what only an earlier one named is deleted. */
    void publish(Publication publication) throws IOException {
        var folder = folder(publication.businessKey());
        var part = folder.resolve(UUID.randomUUID() + ".part");
        try {
            Files.write(part, json.writeValueAsBytes(publication));
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
        var kept = new ArrayList<String>();
        kept.add(MANIFEST);
        publication.files().forEach(file -> kept.add(file.name()));
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (!kept.contains(String.valueOf(file.getFileName())) && isOld(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A young file may be read by someone who has the earlier manifest, or written by another publication. */
    private static boolean isOld(Path file) throws IOException {
        return Files.exists(file)
                && Files.getLastModifiedTime(file).toMillis() < System.currentTimeMillis() - KEPT_MILLIS;
    }

    Optional<Publication> find(String businessKey) throws IOException {
        try {
            return Optional.of(
                    json.readValue(Files.readAllBytes(folder(businessKey).resolve(MANIFEST)), Publication.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** @param file as a manifest names it, never as a caller does */
    Path path(String businessKey, PublishedFile file) {
        return folder(businessKey).resolve(file.name());
    }

    private Path folder(String businessKey) {
        if (PLAIN.matcher(businessKey).matches()) {
            return root.resolve(businessKey);
        }
        var digest = sha256().digest(businessKey.getBytes(StandardCharsets.UTF_8));
        return root.resolve("~" + HexFormat.of().formatHex(digest));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
