package io.syncline.systemtests.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** As much of HTTP/1.1 as a generator and a sink need that must cost next to nothing. */
final class Wire {

    private static final String LENGTH = "content-length:";
    private static final String CUT_OFF = "the other side closed the connection within a message";
    private static final int IN_CHUNKS = -1;
    private static final String CHUNKS = "transfer-encoding:";
    private static final String RETRY_AFTER = "retry-after:";

    /**
     * One request or one answer.
     *
     * @param start its first line
     * @param comesBack whether an answer tells when to come back
     */
    record Message(String start, boolean comesBack, byte[] body) {

        /** Of an answer. */
        int status() {
            return Integer.parseInt(start.substring(9, 12));
        }

        /** Of a request. */
        String path() {
            int from = start.indexOf(' ') + 1;
            return start.substring(from, start.indexOf(' ', from));
        }
    }

    private Wire() {}

    /** @return null at the end of the connection */
    static @Nullable Message read(InputStream in) throws IOException {
        var start = line(in);
        if (start == null) {
            return null;
        }
        int length = 0;
        boolean comesBack = false;
        for (var header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, CHUNKS, 0, CHUNKS.length())) {
                length = IN_CHUNKS;
            }
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
            comesBack |= header.regionMatches(true, 0, RETRY_AFTER, 0, RETRY_AFTER.length());
        }
        return new Message(start, comesBack, length == IN_CHUNKS ? chunks(in) : exactly(in, length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var size = line(in);
            if (size == null) {
                throw new IOException(CUT_OFF);
            }
            var chunk = exactly(in, Integer.parseInt(size.strip(), 16));
            line(in);
            if (chunk.length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(chunk);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException(CUT_OFF);
        }
        return bytes;
    }

    /** A request with its headers, each of which has its line end. */
    static byte[] request(String method, String path, String headers, byte[] body) {
        var head = (method + " " + path + " HTTP/1.1\r\n" + headers
                        + (method.equals("GET") ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return joined(head, body);
    }

    static byte[] answer(String status, String body) {
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] head, byte[] body) {
        var both = new byte[head.length + body.length];
        System.arraycopy(head, 0, both, 0, head.length);
        System.arraycopy(body, 0, both, head.length, body.length);
        return both;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return null;
    }
}
