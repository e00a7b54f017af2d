package io.syncline.scheduler.catalog;

/**
 * One thing wrong inside a readable document.
 *
 * @param pointer JSON pointer to the member
 * @param detail says how to correct it
 * @param code stable, for programs
 */
public record DocumentError(String pointer, String detail, String code) {

    static final String REQUIRED = "required";
    static final String UNKNOWN_MEMBER = "unknown-member";
    static final String WRONG_TYPE = "wrong-type";
    static final String FOREIGN_LABEL = "foreign-label";
    static final String FOREIGN_SOURCE = "foreign-source";
    static final String INVALID = "invalid-value";
    static final String OUT_OF_RANGE = "out-of-range";
    static final String DUPLICATE = "duplicate";
    static final String NOT_SUPPORTED = "not-supported";
    static final String UNKNOWN_SYSTEM = "unknown-system";
    static final String UNKNOWN_CHANNEL = "unknown-channel";
    static final String UNKNOWN_CALENDAR = "unknown-calendar";
    static final String UNKNOWN_CREDENTIAL = "unknown-credential";
    static final String NOT_APPROVED = "destination-not-approved";
}
