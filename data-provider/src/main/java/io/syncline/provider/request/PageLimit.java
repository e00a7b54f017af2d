package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** {@code ?limit=} of a list: 50 unless said, 1 to 200. */
public final class PageLimit {

    private static final int USUAL = 50;
    private static final int MOST = 200;

    private PageLimit() {}

    /** Adds an error to the problem where the text is no limit. */
    public static int read(@Nullable String text, ProblemException problem) {
        if (text == null) {
            return USUAL;
        }
        if (text.matches("[0-9]{1,9}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        }
        problem.error("parameter", "limit", "is a whole number from 1 to " + MOST, "type");
        return USUAL;
    }
}
