package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Bodies with {@code Content-Encoding: gzip}; what is no gzip, or was cut off, is a problem of the caller. */
public final class GzipBody {

    private GzipBody() {}

    /**
     * The body as it was before it was compressed.
     *
     * @param encoding the header Content-Encoding
     * @throws ProblemException 415 for any other encoding
     */
    public static InputStream decoded(InputStream body, @Nullable String encoding) throws IOException {
        return isGzip(encoding) ? new Unzipped(opened(body)) : body;
    }

    /** @throws ProblemException 415 for anything but gzip or nothing */
    public static void refuseOthers(@Nullable String encoding) {
        isGzip(encoding);
    }

    private static boolean isGzip(@Nullable String encoding) {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return false;
        }
        if (encoding.equalsIgnoreCase("gzip")) {
            return true;
        }
        throw ProblemException.of(415, "unsupported-encoding", "The body is encoded in a way not taken here")
                .detail("Content-Encoding is gzip, or left out")
                .header("Accept-Encoding", "gzip");
    }

    private static InputStream opened(InputStream body) throws IOException {
        try {
            return new GZIPInputStream(new BufferedInputStream(body), 64 * 1024);
        } catch (ZipException | EOFException wrong) {
            throw notGzip(wrong);
        }
    }

    private static ProblemException notGzip(IOException wrong) {
        return ProblemException.of(400, "not-gzip", "The body is not gzip, or it was cut off")
                .detail("Content-Encoding says gzip; send the whole compressed file")
                .because(wrong);
    }

    private static final class Unzipped extends FilterInputStream {

        Unzipped(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (ZipException | EOFException wrong) {
                throw notGzip(wrong);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (ZipException | EOFException wrong) {
                throw notGzip(wrong);
            }
        }
    }
}
