package io.syncline.scheduler.catalog;

/** The body is not the one JSON or YAML document that its media type promises. The message may be shown to the sender. */
public final class UnreadableDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableDocumentException(String message) {
        super(message);
    }
}
