package io.syncline.provider.dataset;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A row as a JSON object: numbers and truths as such, everything else as text, null for what is empty. */
public final class RowJson {

    private RowJson() {}

    public static void write(JsonGenerator json, List<Column> columns, @Nullable String[] cells) {
        json.writeStartObject();
        for (int i = 0; i < cells.length; i++) {
            var column = columns.get(i);
            var cell = cells[i];
            json.writeName(column.name());
            if (cell == null) {
                json.writeNull();
            } else if (column.type() == ColumnType.NUMBER) {
                json.writeNumber(new BigDecimal(cell));
            } else if (column.type() == ColumnType.BOOLEAN) {
                json.writeBoolean(Boolean.parseBoolean(cell));
            } else {
                json.writeString(cell);
            }
        }
        json.writeEndObject();
    }
}
