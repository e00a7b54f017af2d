package io.syncline.consumer.sync;

import io.syncline.consumer.csv.FileForm;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Set;
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
 * @param charset of the bytes of its files
 * @param nullTexts texts of fields that mean null, besides the empty one
 * @param mayEmpty whether an extract without rows empties a table that has some; the job fails otherwise
 */
public record Dataset(
        String key,
        @Nullable String source,
        String table,
        @DefaultValue("id") String keyColumn,
        @DefaultValue("UTF-8") Charset charset,
        @DefaultValue List<String> nullTexts,
        @DefaultValue("false") boolean mayEmpty) {

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

    FileForm form() {
        return new FileForm(charset, Set.copyOf(nullTexts));
    }

    String sourceName() {
        return source == null ? key : source;
    }

    String stageTable() {
        return "stage_" + table;
    }
}
