package io.syncline.consumer.csv;

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
 * The characters of a file. Bytes that are none in its charset and the character NUL, which not every database can keep,
 * end it with the line and the byte where they stand; a byte order mark at the start is left out. Nothing is replaced.
 */
final class DecodedText extends Reader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(16 * 1024).flip();
    private final CharBuffer ready = CharBuffer.allocate(8 * 1024).flip();
    private long received;
    private boolean ended;
    private boolean begun;
    private long line = 1;
    private boolean behindReturn;
    private @Nullable UnreadableTextException fault;

    DecodedText(InputStream in, Charset charset) {
        this.in = in;
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
        follow();
        if (result.isError() && fault == null) {
            fault = undecodable(result);
        }
        if (result.isUnderflow() && !ended) {
            fill();
        }
    }

    private UnreadableTextException undecodable(CoderResult result) {
        int from = bytes.position();
        int to = from + Math.min(result.length(), bytes.remaining());
        return new UnreadableTextException("line %d is not %s from byte %d of the file on (%s)"
                .formatted(
                        line,
                        decoder.charset().name(),
                        received - bytes.remaining() + 1,
                        HexFormat.ofDelimiter(" ").formatHex(bytes.array(), from, to)));
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

    /** Counts lines; what stands before a fault is still handed on. */
    private void follow() {
        if (!begun && ready.hasRemaining()) {
            begun = true;
            if (ready.get(0) == BYTE_ORDER_MARK) {
                ready.position(1);
            }
        }
        for (int i = ready.position(); i < ready.limit(); i++) {
            char c = ready.get(i);
            if (c == '\0') {
                fault = new UnreadableTextException("line " + line + " has the character NUL");
                ready.limit(i);
            } else if (c == '\r' || c == '\n' && !behindReturn) {
                line++;
            }
            behindReturn = c == '\r';
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
