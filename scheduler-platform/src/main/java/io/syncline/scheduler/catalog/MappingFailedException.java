package io.syncline.scheduler.catalog;

/** A mapping gave no usable result; the message is a sentence that says why and repeats nothing of the data. */
public final class MappingFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MappingFailedException(String message) {
        super(message);
    }
}
