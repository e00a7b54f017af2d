package io.syncline.consumer.csv;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/**
 * A compressed file of comma-separated rows in the making. It gets its name, which holds the beginning of its checksum,
 * when it is whole and on the disk; the same rows give the same bytes.
 */
public final class PackedCsv implements AutoCloseable {

    // For machines, by its checksum: a field that begins like a formula stays what it is.
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setQuoteMode(QuoteMode.ALL_NON_NULL).get();

    private final Path folder;
    private final Path part;
    private final FileChannel channel;
    private final DigestOutputStream digested;
    private final GZIPOutputStream packed;
    private final CSVPrinter printer;
    private long rows;

    private PackedCsv(Path folder, Path part, FileChannel channel) throws IOException {
        this.folder = folder;
        this.part = part;
        this.channel = channel;
        this.digested = new DigestOutputStream(Channels.newOutputStream(channel), OutputFolder.sha256());
        this.packed = new GZIPOutputStream(digested, 16 * 1024);
        this.printer = new CSVPrinter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), FORMAT);
    }

    /**
     * A whole file.
     *
     * @param rows without the header
     * @param bytes as stored, compressed
     * @param sha256 of the bytes as stored, lower-case hex
     */
    public record Written(String name, long rows, long bytes, String sha256) {}

    /** Begins a file with its header. */
    static PackedCsv begin(Path folder, List<String> columns) throws IOException {
        var part = folder.resolve(UUID.randomUUID() + ".part");
        var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            var csv = new PackedCsv(folder, part, channel);
            csv.printer.printRecord(columns);
            return csv;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(part);
            throw e;
        }
    }

    public void row(Iterable<?> fields) throws IOException {
        printer.printRecord(fields);
        rows++;
    }

    public long rows() {
        return rows;
    }

    /** Ends the file and gives it its name: the beginning, a part of the checksum, {@code .csv.gz}. */
    public Written end(String beginning) throws IOException {
        printer.flush();
        packed.finish();
        channel.force(true);
        channel.close();
        var sha256 = HexFormat.of().formatHex(digested.getMessageDigest().digest());
        var name = beginning + "-" + sha256.substring(0, 12) + ".csv.gz";
        var bytes = Files.size(part);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Written(name, rows, bytes, sha256);
    }

    /** Deletes what was not ended. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
