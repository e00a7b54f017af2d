package io.syncline.consumer.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is counted, and by what. */
enum Aggregate {
    RUNWAYS("runways-by-country-and-surface", List.of("country", "surface"), "runways"),
    FREQUENCIES("airport-frequencies-by-type", List.of("type"), "frequencies");

    private final String fileName;
    private final List<String> groupColumns;
    private final String countColumn;

    Aggregate(String fileName, List<String> groupColumns, String countColumn) {
        this.fileName = fileName;
        this.groupColumns = groupColumns;
        this.countColumn = countColumn;
    }

    String fileName() {
        return fileName;
    }

    List<String> groupColumns() {
        return groupColumns;
    }

    List<String> columns() {
        return java.util.stream.Stream.concat(groupColumns.stream(), java.util.stream.Stream.of(countColumn))
                .toList();
    }

    /** One group and how many rows are in it; a null member is a field that the rows leave empty. */
    record Group(List<@Nullable String> members, long rows) {}
}
