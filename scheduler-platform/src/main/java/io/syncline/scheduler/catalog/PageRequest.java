package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The query parameters {@code limit} and {@code cursor} of a list. */
public record PageRequest(int limit, @Nullable String cursor) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MOST = 200;

    /** @throws ProblemException 400 when the limit is not a number from 1 to 200 */
    public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
        int number = DEFAULT_LIMIT;
        if (limit != null) {
            try {
                number = Integer.parseInt(limit);
            } catch (NumberFormatException e) {
                number = -1;
            }
            if (number < 1 || number > MOST) {
                throw invalid("limit", "must be a number from 1 to " + MOST);
            }
        }
        return new PageRequest(number, cursor);
    }

    /** A cursor is good for the list that gave it, which {@code list} names with its filters. */
    public static String cursor(String list, String last) {
        byte[] bytes = (Integer.toHexString(list.hashCode()) + " " + last).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The sort value after which this page begins; null at the start of the list. */
    @Nullable
    public String last(String list) {
        if (cursor == null) {
            return null;
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw badCursor();
        }
        String prefix = Integer.toHexString(list.hashCode()) + " ";
        if (!text.startsWith(prefix) || text.length() == prefix.length()) {
            throw badCursor();
        }
        return text.substring(prefix.length());
    }

    public static ProblemException badCursor() {
        return invalid("cursor", "is not one that this list has given; start again without it");
    }

    private static ProblemException invalid(String parameter, String detail) {
        return ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter '" + parameter + "'.")
                .parameterError(parameter, detail, "invalid-value");
    }
}
