package io.syncline.provider.lookup;

import io.syncline.provider.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that is a problem once it has more bytes than allowed. */
final class BoundedBody extends FilterInputStream {

    private final long most;
    private long bytes;

    BoundedBody(InputStream body, long most) {
        super(body);
        this.most = most;
    }

    static ProblemException tooLarge(long most) {
        return ProblemException.of(413, "body-too-large", "The body is too large")
                .detail("A look-up has at most " + most
                        + " bytes after decompression; syncline.provider.lookups.max-bytes sets this");
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int more) {
        bytes += more;
        if (bytes > most) {
            throw tooLarge(most);
        }
    }
}
