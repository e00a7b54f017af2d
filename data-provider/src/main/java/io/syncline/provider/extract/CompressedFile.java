package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowJson;
import io.syncline.provider.store.Sha256;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One file being written: rows become text, text becomes gzip on another thread, and the bytes that leave are counted and hashed. Equal
 * rows give equal bytes: no time and no name stands in the gzip header.
 */
final class CompressedFile implements AutoCloseable {

    private final Dataset dataset;
    private final String name;
    private final Counted counted;
    private final Writer text;
    private final @Nullable CSVPrinter csv;
    private final JsonMapper json;
    private long rows;

    CompressedFile(Dataset dataset, String name, FileFormat format, OutputStream out, JsonMapper json)
            throws IOException {
        this.dataset = dataset;
        this.name = name;
        this.json = json;
        this.counted = new Counted(new BufferedOutputStream(out, 64 * 1024));
        this.text = new BufferedWriter(
                new OutputStreamWriter(
                        new WrittenBehind(new GZIPOutputStream(counted, 16 * 1024)), StandardCharsets.UTF_8),
                16 * 1024);
        this.csv = format == FileFormat.CSV ? new CSVPrinter(text, CSVFormat.RFC4180) : null;
        if (csv != null) {
            csv.printRecord(dataset.columnNames());
        }
    }

    void add(@Nullable String[] cells) throws IOException {
        if (csv != null) {
            csv.printRecord((Object[]) cells);
        } else {
            // The generator is closed per row so that nothing stands between two rows but the line end.
            try (var generator =
                    json.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).createGenerator(text)) {
                RowJson.write(generator, dataset.columns(), cells);
            }
            text.write('\n');
        }
        rows++;
    }

    long rows() {
        return rows;
    }

    ExtractFile end() throws IOException {
        text.close();
        return new ExtractFile(name, rows, counted.bytes, Sha256.hexOf(counted.digest));
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private static final class Counted extends FilterOutputStream {

        private final MessageDigest digest = Sha256.digest();
        private long bytes;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            digest.update((byte) one);
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) throws IOException {
            out.write(some, offset, length);
            digest.update(some, offset, length);
            bytes += length;
        }
    }
}
