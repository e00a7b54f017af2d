package io.syncline.consumer.enrichment;

import io.syncline.consumer.enrichment.FileColumn.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a good line from one that is rejected, and why. Nothing is mended: what is good is as it was. */
final class LineCheck {

    private static final int MOST_ID = 64;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern WORD = Pattern.compile("[!#-+\\--~]+");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final List<Column> columns;

    private record Column(
            FileColumn form, Set<String> oneOf, @Nullable DateTimeFormatter formatter) {}

    /** What a line is found to be. */
    sealed interface Checked {

        /**
         * A line that can be enriched.
         *
         * @param fields as they stand in the line, without quotes
         * @param times those of the columns of times, in their order
         */
        record Good(List<String> fields, List<Instant> times) implements Checked {}

        /** @param column where the trouble is; null when it is the whole line's */
        record Bad(Reason reason, @Nullable String column) implements Checked {}
    }

    LineCheck(Enrichment enrichment) {
        this.columns = enrichment.columns().stream()
                .map(form -> new Column(
                        form, new HashSet<>(form.oneOf()), form.type() == Type.TIME ? form.formatter() : null))
                .toList();
    }

    Checked check(RawLine line) {
        if (line.fault() != null) {
            return new Checked.Bad(line.fault(), null);
        }
        var fields = LineFields.of(line.text());
        if (fields == null) {
            return new Checked.Bad(Reason.BAD_QUOTES, null);
        }
        if (fields.size() != columns.size()) {
            return new Checked.Bad(Reason.COLUMN_COUNT, null);
        }
        var times = new ArrayList<Instant>(1);
        for (int i = 0; i < columns.size(); i++) {
            var reason = fault(columns.get(i), fields.get(i), times);
            if (reason != null) {
                return new Checked.Bad(reason, columns.get(i).form().name());
            }
        }
        return new Checked.Good(fields, times);
    }

    private static @Nullable Reason fault(Column column, String field, List<Instant> times) {
        if (!column.oneOf().isEmpty() && !column.oneOf().contains(field)) {
            return Reason.UNKNOWN_CODE;
        }
        return switch (column.form().type()) {
            case TEXT -> null;
            case DIGITS -> id(DIGITS, field, Reason.NOT_DIGITS);
            case WORD -> id(WORD, field, Reason.NOT_A_WORD);
            case SECONDS ->
                SECONDS.matcher(field).matches()
                                && Long.parseLong(field) <= column.form().most()
                        ? null
                        : Reason.IMPOSSIBLE_DURATION;
            case TIME -> time(column, field, times);
        };
    }

    private static @Nullable Reason id(Pattern form, String field, Reason otherwise) {
        if (!form.matcher(field).matches()) {
            return otherwise;
        }
        return field.length() > MOST_ID ? Reason.TOO_LONG : null;
    }

    private static @Nullable Reason time(Column column, String field, List<Instant> times) {
        if (column.formatter() == null) {
            throw new IllegalStateException("a column of times without a format: " + column.form());
        }
        try {
            var time = column.formatter().parse(field, Instant::from);
            times.add(time);
            var earliest = column.form().notBefore();
            return earliest != null && time.isBefore(earliest) ? Reason.CLOCK_NOT_SET : null;
        } catch (DateTimeException e) {
            return Reason.UNREADABLE_TIME;
        }
    }
}
