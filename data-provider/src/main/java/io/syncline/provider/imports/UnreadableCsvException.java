package io.syncline.provider.imports;

import java.io.IOException;

/** The body is no CSV in UTF-8; reading cannot go on behind this place. */
class UnreadableCsvException extends IOException {

    private final long line;

    UnreadableCsvException(long line, String detail) {
        super(detail);
        this.line = line;
    }

    /** The line of the body, from 1. */
    long line() {
        return line;
    }
}
