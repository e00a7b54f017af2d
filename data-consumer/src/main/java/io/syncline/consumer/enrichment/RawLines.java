package io.syncline.consumer.enrichment;

import io.syncline.consumer.csv.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, packed or not, one at a time. A line ends with LF or CRLF, and nothing else ends it: what is wrong
 * with a line never reaches the next one. Bytes that are no text are the fault of their line alone.
 */
final class RawLines implements AutoCloseable {

    static final int MOST_BYTES = 64 * 1024;
    private static final int SHOWN_BYTES = 1000;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final byte[] buffer = new byte[64 * 1024];
    private final byte[] line = new byte[MOST_BYTES];
    private int filled;
    private int at;
    private long number;

    private RawLines(InputStream in, Charset charset) {
        this.in = in;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    static RawLines open(Path path, Charset charset) throws IOException {
        return new RawLines(Unpacked.bytes(path), charset);
    }

    /** The next line, or null at the end of the file. */
    @Nullable
    RawLine next() throws IOException {
        int length = 0;
        boolean any = false;
        while (true) {
            if (at == filled) {
                filled = in.read(buffer);
                at = 0;
                if (filled <= 0) {
                    filled = 0;
                    return any ? line(length) : null;
                }
            }
            any = true;
            byte next = buffer[at++];
            if (next == '\n') {
                return line(length);
            }
            if (length < MOST_BYTES) {
                line[length] = next;
            }
            if (length < Integer.MAX_VALUE) {
                length++;
            }
        }
    }

    private RawLine line(int length) {
        number++;
        if (length > MOST_BYTES) {
            return new RawLine(number, shown(0, SHOWN_BYTES), Reason.LINE_TOO_LONG);
        }
        int from = number == 1 && startsWithMark(length) ? BYTE_ORDER_MARK.length : 0;
        int to = length > from && line[length - 1] == '\r' ? length - 1 : length;
        if (isAscii(from, to)) {
            return new RawLine(number, new String(line, from, to - from, StandardCharsets.US_ASCII), null);
        }
        try {
            var text = decoder.decode(ByteBuffer.wrap(line, from, to - from)).toString();
            if (text.indexOf('\0') < 0) {
                return new RawLine(number, text, null);
            }
        } catch (CharacterCodingException e) {
            // Told by the fault.
        }
        return new RawLine(number, shown(from, to), Reason.NOT_TEXT);
    }

    private boolean startsWithMark(int length) {
        return decoder.charset().equals(StandardCharsets.UTF_8)
                && length >= BYTE_ORDER_MARK.length
                && line[0] == BYTE_ORDER_MARK[0]
                && line[1] == BYTE_ORDER_MARK[1]
                && line[2] == BYTE_ORDER_MARK[2];
    }

    /** Plain characters of ASCII, without NUL. */
    private boolean isAscii(int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    private String shown(int from, int to) {
        var shown = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = (char) (line[i] & 0xff);
            if (c >= ' ' && c < 0x7f && c != '\\') {
                shown.append(c);
            } else {
                shown.append("\\x%02X".formatted((int) c));
            }
        }
        return shown.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
