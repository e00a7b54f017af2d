package io.syncline.consumer.csv;

import java.io.IOException;

/** A packed file that grows beyond what a file of its size may hold. */
public final class TooMuchUnpackedException extends IOException {

    TooMuchUnpackedException(long limit) {
        super("unpacks to more than " + limit + " bytes, which no extract of its size does");
    }
}
