package io.syncline.consumer.csv;

/** The text is no valid file of comma-separated rows. */
public class UnreadableCsvException extends RuntimeException {

    UnreadableCsvException(String message) {
        super(message);
    }
}
