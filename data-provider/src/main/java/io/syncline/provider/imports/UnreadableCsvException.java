package io.syncline.provider.imports;

import java.io.IOException;

/** The body is no CSV in the charset of its dataset; reading cannot go on behind this place. */
class UnreadableCsvException extends IOException {

    private final long line;
    private final long place;

    UnreadableCsvException(long line, String detail) {
        this(line, 0, detail);
    }

    UnreadableCsvException(long line, long place, String detail) {
        super(detail);
        this.line = line;
        this.place = place;
    }

    /** The byte of the decompressed body, from 1; 0 where it is not known. */
    long place() {
        return place;
    }

    /** The line of the body, from 1. */
    long line() {
        return line;
    }
}
