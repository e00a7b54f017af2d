package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Column;
import io.syncline.provider.dataset.Dataset;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Statements of look-ups. Names come from the configuration and were found in the metadata; contents are bound. */
final class LookupSql {

    private final Dataset dataset;
    private final String select;

    LookupSql(Dataset dataset) {
        this.dataset = dataset;
        this.select = "select " + columns(dataset.columns(), "t.") + " from ";
    }

    /** All rows, in no order. */
    String all() {
        return select + dataset.table() + " t";
    }

    String inList(int keys) {
        int parts = dataset.key().size();
        var key = parts == 1 ? "?" : "(" + marks(parts) + ")";
        return all() + " where " + tuple() + " in (" + String.join(", ", Collections.nCopies(keys, key)) + ")";
    }

    String inArray() {
        return all() + " where " + tuple() + " = any(?)";
    }

    /** Joined with one array for each column of the key. */
    String unnested() {
        return join(
                "unnest(" + marks(dataset.key().size()) + ") k(" + numbered(i -> "key_" + i) + ")", i -> "k.key_" + i);
    }

    /** @param keys a table whose columns are {@code key_1} and so on */
    String joined(String keys) {
        return join(keys + " k", i -> "k.key_" + i);
    }

    /** @param column what the n-th column of the key, from 1 on, is compared with */
    String join(String keys, IntFunction<String> column) {
        var on = IntStream.rangeClosed(1, dataset.key().size())
                .mapToObj(i -> "t." + dataset.key().get(i - 1).sqlName() + " = " + column.apply(i))
                .collect(Collectors.joining(" and "));
        return select + keys + " join " + dataset.table() + " t on " + on;
    }

    /** The key's columns as {@code key_1} and so on, of no row. */
    String shapeOfKeys() {
        return "select " + numbered(i -> "t." + dataset.key().get(i - 1).sqlName() + " as key_" + i) + " from "
                + dataset.table() + " t";
    }

    String insert(String keys, int rows) {
        var row = "(" + marks(dataset.key().size()) + ")";
        return "insert into " + keys + " (" + numbered(i -> "key_" + i) + ") values "
                + String.join(", ", Collections.nCopies(rows, row));
    }

    String numbered(IntFunction<String> column) {
        return IntStream.rangeClosed(1, dataset.key().size()).mapToObj(column).collect(Collectors.joining(", "));
    }

    private String tuple() {
        var columns = columns(dataset.key(), "t.");
        return dataset.key().size() == 1 ? columns : "(" + columns + ")";
    }

    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    private static String columns(List<Column> columns, String before) {
        return columns.stream().map(column -> before + column.sqlName()).collect(Collectors.joining(", "));
    }
}
