package io.syncline.client;

import org.jspecify.annotations.Nullable;

/** This service cannot work as it is set up, and does not start; says what is wrong and how to mend it. */
public final class StartRefusedException extends RuntimeException {

    private final String action;

    /**
     * @param problem what is wrong, a whole sentence without any secret
     * @param action what to do, a whole sentence
     */
    public StartRefusedException(String problem, String action, @Nullable Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    public StartRefusedException(String problem, String action) {
        this(problem, action, null);
    }

    /**
     * A property has a value that makes no sense.
     *
     * @param rule what it must be, such as {@code at least 1}
     */
    public static StartRefusedException property(String name, @Nullable Object value, String rule) {
        return new StartRefusedException(
                "The property " + name + " is " + (value == null ? "empty" : value) + ", but must be " + rule + ".",
                "Correct " + name + " in the configuration.");
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
