package io.syncline.provider.dataset;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which datasets this service serves.
 *
 * @param source the source of the trigger messages that it sends
 * @param datasets the tables behind the paths; nothing else of the database can be reached
 */
@ConfigurationProperties("syncline.provider")
public record ProviderProperties(
        @DefaultValue("/provider") String source,
        @DefaultValue List<DatasetSettings> datasets) {

    /**
     * One dataset.
     *
     * @param name in paths; a lower-case DNS label
     * @param table the table or view, as {@code table} or {@code schema.table}
     * @param key names of the columns that identify a row; none when the same row may be there more than once, which
     *     leaves whole imports and extracts
     * @param columns names on the wire, in file order; all columns of the table under their own lower-case names when
     *     left out
     * @param sqlNames column names in the table, for those that do not follow from the wire name
     * @param triggerOnImport whether each import sends the trigger message without being asked
     * @param triggerType type of that trigger message
     * @param writtenElsewhere whether other programs write the table: then there are no imports, and each extract takes
     *     a new snapshot
     * @param changes whether each change of a row is recorded in the change log, for its feed; who writes the table past
     *     this service leaves no trace there
     * @param captured whether its changes are read from the log of PostgreSQL, because nobody writes it through this
     *     service; it is then written elsewhere and has changes
     * @param charset of the bytes of imported files
     * @param nullTexts texts of cells that mean null in imported files, besides the empty one
     */
    public record DatasetSettings(
            String name,
            String table,
            @DefaultValue List<String> key,
            @DefaultValue List<String> columns,
            @DefaultValue Map<String, String> sqlNames,
            @DefaultValue("false") boolean triggerOnImport,
            @DefaultValue("io.syncline.dataset.imported") String triggerType,
            @DefaultValue("false") boolean writtenElsewhere,
            @DefaultValue("false") boolean changes,
            @DefaultValue("false") boolean captured,
            @DefaultValue("UTF-8") Charset charset,
            @DefaultValue List<String> nullTexts) {

        /** @return the configured name of the column in the table, or null for the one that follows from {@code name} */
        @Nullable
        String sqlName(String column) {
            return sqlNames.get(column);
        }
    }
}
