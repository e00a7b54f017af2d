package io.syncline.consumer.enrichment;

/** Why a line is rejected; the codes stand in the rejects file. */
enum Reason {
    /** More or fewer fields than there are columns. */
    COLUMN_COUNT("column-count"),
    /** A quote that is not closed in its line, or text behind a closing quote. */
    BAD_QUOTES("bad-quotes"),
    /** Bytes that are no text in the file's charset, or NUL. */
    NOT_TEXT("not-text"),
    LINE_TOO_LONG("line-too-long"),
    NOT_DIGITS("not-digits"),
    NOT_A_WORD("not-a-word"),
    /** More characters than an id may have. */
    TOO_LONG("too-long"),
    /** None of the texts that the column may have. */
    UNKNOWN_CODE("unknown-code"),
    /** No whole number of seconds, or one that no call lasts. */
    IMPOSSIBLE_DURATION("impossible-duration"),
    UNREADABLE_TIME("unreadable-time"),
    /** A time before the earliest that is possible. */
    CLOCK_NOT_SET("clock-not-set"),
    /** The provider does not have the id, and the column says that such lines are rejected. */
    UNKNOWN_SUBSCRIBER("unknown-subscriber");

    private final String code;

    Reason(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
