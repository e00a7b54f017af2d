package io.syncline.consumer.sync;

/** What the provider gave is not what this service can take; asking for the same again does not help. */
class BadExtractException extends RuntimeException {

    BadExtractException(String message) {
        super(message);
    }
}
