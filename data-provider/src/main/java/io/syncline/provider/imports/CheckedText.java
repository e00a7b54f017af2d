package io.syncline.provider.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The characters of a CSV body. Bytes that are none in its charset, the character NUL, text behind a closing
 * quote and a record longer than the bound end it with the line where they stand, bytes also with their place; a byte order mark at the start is left out. Nothing is replaced or repaired.
 */
final class CheckedText extends Reader {

    private enum Place {
        CELL_START,
        BARE,
        QUOTED,
        /** Behind a quote in a quoted cell: it closes the cell, or it is the first of two. */
        BEHIND_QUOTE
    }

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final int maxRecordChars;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(16 * 1024).flip();
    private final CharBuffer ready = CharBuffer.allocate(8 * 1024).flip();
    private long received;
    private boolean ended;
    private boolean begun;
    private long line = 1;
    private boolean behindReturn;
    private Place place = Place.CELL_START;
    private int recordChars;
    private long recordLine = 1;
    private @Nullable UnreadableCsvException fault;

    CheckedText(InputStream in, Charset charset, int maxRecordChars) {
        this.in = in;
        this.maxRecordChars = maxRecordChars;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ready.hasRemaining()) {
            if (fault != null) {
                throw fault;
            }
            if (ended && !bytes.hasRemaining()) {
                return -1;
            }
            refill();
        }
        int count = Math.min(length, ready.remaining());
        ready.get(target, offset, count);
        return count;
    }

    private void refill() throws IOException {
        ready.clear();
        var result = decoder.decode(bytes, ready, ended);
        ready.flip();
        check();
        if (result.isError() && fault == null) {
            fault = undecodable(result);
        }
        if (result.isUnderflow() && !ended) {
            fill();
        }
    }

    private UnreadableCsvException undecodable(CoderResult result) {
        long place = received - bytes.remaining() + 1;
        int length = Math.min(result.length(), bytes.remaining());
        var name = decoder.charset().name();
        return new UnreadableCsvException(
                line,
                place,
                "the bytes from %d on (%s) are not %s; send the file in %s"
                        .formatted(
                                place,
                                HexFormat.ofDelimiter(" ")
                                        .formatHex(bytes.array(), bytes.position(), bytes.position() + length),
                                name,
                                name));
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            ended = true;
        } else {
            bytes.position(bytes.position() + read);
            received += read;
        }
        bytes.flip();
    }

    /** Counts lines and the length of records; what stands before a fault is still handed on. */
    private void check() {
        int kept = 0;
        int count = ready.remaining();
        for (int i = 0; i < count && fault == null; i++) {
            char c = ready.get(i);
            if (!begun) {
                begun = true;
                if (c == BYTE_ORDER_MARK) {
                    continue;
                }
            }
            if (c == '\0') {
                fault = new UnreadableCsvException(line, "the character NUL cannot be stored");
            } else {
                follow(c);
                if (fault == null) {
                    ready.put(kept++, c);
                }
            }
        }
        ready.limit(kept);
    }

    private void follow(char c) {
        boolean lineEnd = c == '\n' ? !behindReturn : c == '\r';
        behindReturn = c == '\r';
        if (place == Place.BEHIND_QUOTE && c != '"' && bare(c) == Place.BARE) {
            // the parser would drop a blank here, and the cell would not be what was sent
            fault = new UnreadableCsvException(line, "text follows a closing quote");
            return;
        }
        if (lineEnd) {
            line++;
        }
        place = switch (place) {
            case CELL_START, BARE -> c == '"' && place == Place.CELL_START ? Place.QUOTED : bare(c);
            case QUOTED -> c == '"' ? Place.BEHIND_QUOTE : Place.QUOTED;
            case BEHIND_QUOTE -> c == '"' ? Place.QUOTED : bare(c);
        };
        if ((c == '\n' || c == '\r') && place == Place.CELL_START) {
            recordChars = 0;
            recordLine = line;
        } else if (++recordChars > maxRecordChars) {
            fault = new UnreadableCsvException(
                    recordLine,
                    "the record that begins here is longer than " + maxRecordChars
                            + " characters; is a quote not closed?");
        }
    }

    private static Place bare(char c) {
        return c == ',' || c == '\n' || c == '\r' ? Place.CELL_START : Place.BARE;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
