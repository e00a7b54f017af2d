package io.syncline.migrations;

/** The schema is not at the version that the program needs; whoever runs the service must migrate it or run the other program. */
public final class WrongSchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String service;
    private final String found;
    private final String needed;

    WrongSchemaException(String service, String part, String found, String needed, String advice) {
        super("The schema of service %s (%s) is at version %s, but this program needs version %s. %s"
                .formatted(service, part, found, needed, advice));
        this.service = service;
        this.found = found;
        this.needed = needed;
    }

    public String service() {
        return service;
    }

    /** The version that the database has, or {@code none}. */
    public String found() {
        return found;
    }

    /** The version that the scripts on the class path end with. */
    public String needed() {
        return needed;
    }
}
