package io.syncline.provider.dataset;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/** A row as a JSON object: numbers and truths as such, everything else as text, null for what is empty. */
public final class RowJson {

    private final ColumnType[] types;

    /** Quoted once: of a row of many short cells the names are most of the work. */
    private final SerializedString[] names;

    /** For many rows with these columns. */
    public RowJson(List<Column> columns) {
        this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
        this.names = columns.stream()
                .map(column -> new SerializedString(column.name()))
                .toArray(SerializedString[]::new);
    }

    public void write(JsonGenerator json, @Nullable String[] cells) {
        json.writeStartObject();
        for (int i = 0; i < cells.length; i++) {
            json.writeName(names[i]);
            write(json, types[i], cells[i]);
        }
        json.writeEndObject();
    }

    /** Of one row. */
    public static void write(JsonGenerator json, List<Column> columns, @Nullable String[] cells) {
        json.writeStartObject();
        for (int i = 0; i < cells.length; i++) {
            json.writeName(columns.get(i).name());
            write(json, columns.get(i).type(), cells[i]);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ColumnType type, @Nullable String cell) {
        if (cell == null) {
            json.writeNull();
        } else if (type == ColumnType.NUMBER) {
            json.writeNumber(new BigDecimal(cell));
        } else if (type == ColumnType.BOOLEAN) {
            json.writeBoolean(Boolean.parseBoolean(cell));
        } else {
            json.writeString(cell);
        }
    }
}
