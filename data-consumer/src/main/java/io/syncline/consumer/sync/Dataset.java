package io.syncline.consumer.sync;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A dataset of the provider and the table that keeps its copy; the staging table is {@code stage_} + table.
 *
 * @param key in the path of the sync call
 * @param source the provider's name of it; the key when absent
 * @param table the target table; the columns of the extract plus {@code row_version} and {@code updated_at}
 * @param keyColumn the column of the table that identifies a row
 */
public record Dataset(
        String key,
        @Nullable String source,
        String table,
        @DefaultValue("id") String keyColumn) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,57}");

    public Dataset {
        // The names go into SQL text, so they come from the configuration alone and are plain.
        if (!NAME.matcher(table).matches()) {
            throw new IllegalArgumentException("a table name has lower-case letters, digits and _: " + table);
        }
        if (!NAME.matcher(keyColumn).matches()) {
            throw new IllegalArgumentException("a column name has lower-case letters, digits and _: " + keyColumn);
        }
    }

    String sourceName() {
        return source == null ? key : source;
    }

    String stageTable() {
        return "stage_" + table;
    }
}
