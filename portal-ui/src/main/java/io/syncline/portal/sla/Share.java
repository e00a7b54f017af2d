package io.syncline.portal.sla;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A part of a whole as the pages write it: rounded down, so that only all of it is 100 %. */
final class Share {

    private Share() {}

    /** Null of nothing. */
    static @Nullable String percent(long part, long whole) {
        var number = number(part, whole);
        return number == null ? null : number + " %";
    }

    static @Nullable String number(long part, long whole) {
        if (whole == 0) {
            return null;
        }
        long tenths = part * 1000 / whole;
        return tenths % 10 == 0
                ? Long.toString(tenths / 10)
                : String.format(Locale.ROOT, "%d.%d", tenths / 10, tenths % 10);
    }
}
