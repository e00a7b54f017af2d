package io.syncline.consumer.enrichment;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How files of one kind are read, looked up and written.
 *
 * @param key in the path of the sync call
 * @param columns of a line, in their order
 * @param header whether the first line names the columns
 * @param charset of the bytes; one in which line ends, commas and digits are those of ASCII
 * @param dataset the provider's dataset that is asked
 * @param keyField the dataset's column that holds the ids
 * @param fields the dataset's columns that are added, in this order
 * @param lookUps the columns whose ids are looked up
 * @param lookUpIds ids of one look-up; at most what the provider takes
 * @param lookUpTries how often one look-up is tried before the work fails; pauses double from half a second on
 * @param rowsPerFile most rows of one enriched file
 */
record Enrichment(
        String key,
        List<FileColumn> columns,
        @DefaultValue("false") boolean header,
        @DefaultValue("UTF-8") Charset charset,
        String dataset,
        @DefaultValue("id") String keyField,
        List<String> fields,
        List<LookUp> lookUps,
        @DefaultValue("30000") int lookUpIds,
        @DefaultValue("5") int lookUpTries,
        @DefaultValue("100000") int rowsPerFile) {

    static final String SOURCE_FILE = "source_file";
    static final String SOURCE_LINE = "source_line";

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    Enrichment {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("an enrichment's key has lower-case letters, digits and -: " + key);
        }
        var ascii = "\n\r,\"09AZaz";
        if (!charset.canEncode()
                || !Arrays.equals(ascii.getBytes(charset), ascii.getBytes(StandardCharsets.US_ASCII))) {
            throw new IllegalArgumentException(key + ": lines cannot be told apart in " + charset);
        }
        if (columns.isEmpty() || fields.isEmpty() || lookUps.isEmpty()) {
            throw new IllegalArgumentException(key + " needs columns, fields and look-ups");
        }
        for (var lookUp : lookUps) {
            if (columns.stream()
                    .noneMatch(column -> column.name().equals(lookUp.column())
                            && column.type().isId())) {
                throw new IllegalArgumentException(
                        key + ": only a column of digits or a word is looked up: " + lookUp.column());
            }
        }
        if (lookUpIds < 1 || lookUpTries < 1 || rowsPerFile < 1) {
            throw new IllegalArgumentException(key + ": look-up-ids, look-up-tries and rows-per-file are above zero");
        }
        var written = written(columns, fields, lookUps);
        if (new HashSet<>(written).size() != written.size()) {
            throw new IllegalArgumentException(key + " would write two columns of one name: " + written);
        }
    }

    /** The columns of an enriched file. */
    List<String> writtenColumns() {
        return written(columns, fields, lookUps);
    }

    int place(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException(key + " has no column " + column);
    }

    private static List<String> written(List<FileColumn> columns, List<String> fields, List<LookUp> lookUps) {
        var names = new ArrayList<>(List.of(SOURCE_FILE, SOURCE_LINE));
        columns.forEach(column -> names.add(column.name()));
        columns.stream()
                .filter(column -> column.type() == FileColumn.Type.TIME)
                .forEach(column -> names.add(column.name() + "_utc"));
        for (var lookUp : lookUps) {
            names.add(lookUp.column() + "_found");
            fields.forEach(field -> names.add(lookUp.column() + "_" + field));
        }
        return names;
    }

    /**
     * A column whose ids are looked up.
     *
     * @param unknown what becomes of a line whose id the provider does not have
     */
    record LookUp(String column, @DefaultValue("KEEP") Unknown unknown) {}

    /** What becomes of a line with an id that the provider does not have. */
    enum Unknown {
        /** It is written with {@code false} and empty fields. */
        KEEP,
        /** It is rejected. */
        REJECT
    }
}
