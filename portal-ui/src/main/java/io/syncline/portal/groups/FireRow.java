package io.syncline.portal.groups;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires, in its own zone and in the reader's.
 *
 * @param note that the clocks have changed since the fire before; null: they have not
 */
record FireRow(String local, Moment moment, @Nullable String note) {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ENGLISH);

    static List<FireRow> all(Groups.FireTimes times, Moments moments) {
        var rows = new ArrayList<FireRow>();
        ZoneOffset before = null;
        for (var fire : times.items()) {
            var local = local(fire.local());
            var offset = local == null ? null : local.getOffset();
            var note = before != null && offset != null && !offset.equals(before)
                    ? "The clocks change before this one: the offset is %s instead of %s.".formatted(offset, before)
                    : null;
            rows.add(new FireRow(local == null ? fire.local() : LOCAL.format(local), moments.of(fire.at()), note));
            before = offset;
        }
        return rows;
    }

    private static @Nullable OffsetDateTime local(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeParseException other) {
            return null;
        }
    }
}
