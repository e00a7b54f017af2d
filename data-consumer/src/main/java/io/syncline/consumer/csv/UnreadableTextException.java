package io.syncline.consumer.csv;

import java.io.IOException;

/** Bytes that are no text, named by line and place. */
public final class UnreadableTextException extends IOException {

    UnreadableTextException(String message) {
        super(message);
    }
}
