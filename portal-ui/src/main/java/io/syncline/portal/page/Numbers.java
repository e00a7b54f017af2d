package io.syncline.portal.page;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as the pages write them. */
public final class Numbers {

    private Numbers() {}

    /** With a narrow gap between thousands; "-" for none. */
    public static String grouped(@Nullable Long count) {
        return count == null ? "-" : String.format(Locale.ROOT, "%,d", count).replace(',', '\u00a0');
    }

    /** {@code 1 task}, {@code 3 tasks}. */
    public static String counted(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }
}
