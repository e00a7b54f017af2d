package io.syncline.consumer.provider;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of a stated length. The JDK's client takes a connection that ends early for the end of the body; here it is what it is, so
 * that a download that was cut off is tried again and not taken for a file that is wrong.
 */
final class WholeBody extends FilterInputStream {

    private final long length;
    private long read;

    /** @param length in bytes; negative: not stated */
    WholeBody(InputStream in, long length) {
        super(in);
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? -1 : 1);
        return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int some = super.read(bytes, offset, count);
        count(some);
        return some;
    }

    private void count(int some) throws EOFException {
        if (some > 0) {
            read += some;
        } else if (some < 0 && read < length) {
            throw new EOFException("the connection ended after " + read + " of " + length + " bytes");
        }
    }
}
