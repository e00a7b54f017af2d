package io.syncline.provider.social;

import java.io.BufferedInputStream;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** A published CSV file, gzipped, of a size that fits into memory. */
final class SampleFile {

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private SampleFile() {}

    /** Takes the records of a file one by one. */
    interface Sink {
        /** @return whether more are wanted */
        boolean take(CSVRecord record);
    }

    /** @throws BadSampleException when a byte has no character in the charset, the header differs or a record is short */
    static void read(Path path, Charset charset, List<String> header, Sink sink) {
        try (var parser = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(text(path, charset))) {
            if (!parser.getHeaderNames().equals(header)) {
                throw new BadSampleException(path, 1, "the header is " + parser.getHeaderNames() + ", not " + header);
            }
            for (var record : parser) {
                if (!record.isConsistent()) {
                    throw new BadSampleException(
                            path, parser.getCurrentLineNumber(), "the record has " + record.size() + " cells");
                }
                if (!sink.take(record)) {
                    return;
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The sample " + path + " cannot be read", unreadable);
        }
    }

    private static Reader text(Path path, Charset charset) throws IOException {
        var bytes = bytes(path);
        var text = CharBuffer.allocate(
                (int) (bytes.length * (double) charset.newDecoder().maxCharsPerByte()) + 1);
        var in = ByteBuffer.wrap(bytes);
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        if (decoder.decode(in, text, true).isError()) {
            throw new BadSampleException(
                    path,
                    line(bytes, in.position()),
                    "the bytes there are not " + charset + "; nothing is replaced, name the charset that they are in");
        }
        decoder.flush(text);
        text.flip();
        return new CharArrayReader(text.array(), 0, text.limit());
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(path)))) {
            var bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new BadSampleException(path, 1, "the file has more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static long line(byte[] bytes, int position) {
        long line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
