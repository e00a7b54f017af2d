package io.syncline.consumer.csv;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Opens a file as text: gzip by its first bytes, every fault of its characters an error. What unpacks to more than
 * {@value #MOST_RATIO} times its size, beyond the first {@value #FREE_BYTES} bytes, is refused on the way.
 */
public final class Unpacked {

    static final int MOST_RATIO = 200;
    static final long FREE_BYTES = 64L * 1024 * 1024;

    private Unpacked() {}

    public static Reader open(Path path, Charset charset) throws IOException {
        return new DecodedText(bytes(path), charset);
    }

    /** The bytes of the text, for who decodes them himself. */
    public static InputStream bytes(Path path) throws IOException {
        var stored = new BufferedInputStream(Files.newInputStream(path), 64 * 1024);
        try {
            if (!isGzip(stored)) {
                return stored;
            }
            var most = Math.max(FREE_BYTES, MOST_RATIO * Files.size(path));
            return new Bounded(new GZIPInputStream(stored, 64 * 1024), most);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    private static boolean isGzip(InputStream stored) throws IOException {
        stored.mark(2);
        var gzip = stored.read() == 0x1f && stored.read() == 0x8b;
        stored.reset();
        return gzip;
    }

    /** Gives no byte beyond its limit. */
    private static final class Bounded extends FilterInputStream {

        private final long most;
        private long given;

        Bounded(InputStream bytes, long most) {
            super(bytes);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            given += Math.max(0, read);
            if (given > most) {
                throw new TooMuchUnpackedException(most);
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
