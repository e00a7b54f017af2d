package io.syncline.consumer.enrichment;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.FileReport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The lines of one file of the inbox behind its header, if it has one. */
final class SourceLines implements AutoCloseable {

    private final RawLines lines;
    private final ExtractFile file;
    private long rows;

    private SourceLines(RawLines lines, ExtractFile file) {
        this.lines = lines;
        this.file = file;
    }

    static SourceLines open(Enrichment enrichment, ExtractFile file, Path path) throws BadInputException, IOException {
        RawLines raw;
        try {
            raw = RawLines.open(path, enrichment.charset());
        } catch (ZipException | EOFException e) {
            throw unreadable(file, 0);
        }
        var lines = new SourceLines(raw, file);
        try {
            if (enrichment.header()) {
                lines.skipHeader(
                        enrichment.columns().stream().map(FileColumn::name).toList());
            }
            return lines;
        } catch (BadInputException | IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** The next line, or null at the end. */
    @Nullable
    RawLine next() throws BadInputException, IOException {
        try {
            var line = lines.next();
            if (line != null) {
                rows++;
            }
            return line;
        } catch (ZipException | EOFException e) {
            throw unreadable(file, rows);
        }
    }

    /** Lines read so far, the header not counted. */
    long rows() {
        return rows;
    }

    private void skipHeader(List<String> names) throws BadInputException, IOException {
        var header = next();
        rows = 0;
        if (header == null || header.fault() != null || !names.equals(LineFields.of(header.text()))) {
            throw bad(file, "%s: the first line does not name the columns %s".formatted(file.name(), names), null);
        }
    }

    private static BadInputException unreadable(ExtractFile file, long rows) {
        return bad(file, "%s is no readable gzip file behind line %d".formatted(file.name(), rows), rows);
    }

    static BadInputException bad(ExtractFile file, String message, @Nullable Long rows) {
        // Its checksum was compared before it was opened.
        var checksum = "sha-256=" + file.sha256();
        return new BadInputException(
                message,
                false,
                List.of(new FileReport(
                        file.name(), FileReport.Status.FAILED, file.rows(), rows, checksum, checksum, message)));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
