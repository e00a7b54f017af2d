package io.syncline.provider.capture;

import io.syncline.provider.dataset.Column;
import io.syncline.provider.dataset.Dataset;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** A row of the log as the texts of its dataset's columns, the same as the table gives them. */
final class RowImage {

    private static final String NOT_IN_THE_LOG = "__debezium_unavailable_value";

    private RowImage() {}

    /** @param old the row before the change, from which long texts that did not change are taken */
    static @Nullable String[] cells(Dataset dataset, Struct row, @Nullable Struct old) {
        var columns = dataset.columns();
        var cells = new @Nullable String[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(dataset, columns.get(i), row, old);
        }
        return cells;
    }

    private static @Nullable String cell(Dataset dataset, Column column, Struct row, @Nullable Struct old) {
        var name = column.sqlName().replace("\"", "");
        var field = row.schema().field(name);
        if (field == null) {
            throw new IllegalStateException(
                    "the log has no column " + name + " of " + dataset.tableName() + "; was the table altered?");
        }
        var content = row.get(field);
        if (NOT_IN_THE_LOG.equals(content)) {
            content = old == null ? null : old.get(name);
            if (content == null || NOT_IN_THE_LOG.equals(content)) {
                throw new IllegalStateException("the log lacks the content of " + name + " of " + dataset.tableName()
                        + "; its replica identity is not full");
            }
        }
        return content == null ? null : text(column, field, content);
    }

    private static @Nullable String text(Column column, Field field, Object content) {
        var text = switch (column.type()) {
            case TEXT, FIXED_TEXT, BOOLEAN -> column.type().canonical(content.toString());
            case NUMBER -> column.type().canonical(new BigDecimal(content.toString()).toPlainString());
            case DAY -> LocalDate.ofEpochDay(((Number) content).longValue()).toString();
            case LOCAL_TIME -> localTime(String.valueOf(field.schema().name()), ((Number) content).longValue());
            case INSTANT -> OffsetDateTime.parse(content.toString()).toInstant().toString();
        };
        return text.isEmpty() ? null : text;
    }

    private static String localTime(String kind, long content) {
        var unit = kind.endsWith("NanoTimestamp")
                ? ChronoUnit.NANOS
                : kind.endsWith("MicroTimestamp") ? ChronoUnit.MICROS : ChronoUnit.MILLIS;
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(content, unit), ZoneOffset.UTC)
                .toString();
    }
}
