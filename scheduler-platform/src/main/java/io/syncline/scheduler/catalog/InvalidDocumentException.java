package io.syncline.scheduler.catalog;

import java.util.List;

/** The document can be read but is wrong; it carries everything that is wrong with it. */
public final class InvalidDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<DocumentError> errors;

    InvalidDocumentException(List<DocumentError> errors) {
        super("the document has " + errors.size() + " error(s), the first at " + errors.get(0));
        this.errors = List.copyOf(errors);
    }

    public List<DocumentError> errors() {
        return errors;
    }
}
