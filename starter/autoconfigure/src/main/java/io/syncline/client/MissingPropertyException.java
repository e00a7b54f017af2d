package io.syncline.client;

/** A property that this use of the starter needs is not configured. */
public class MissingPropertyException extends RuntimeException {

    private final String property;

    public MissingPropertyException(String property) {
        super("the property " + property + " is not configured");
        this.property = property;
    }

    public String property() {
        return property;
    }
}
