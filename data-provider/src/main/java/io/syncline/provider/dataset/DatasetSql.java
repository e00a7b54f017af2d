package io.syncline.provider.dataset;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The statements over a dataset's table. Its names come from the configuration and were found in the metadata. */
public final class DatasetSql {

    private final Dataset dataset;
    private final String columns;

    DatasetSql(Dataset dataset) {
        this.dataset = dataset;
        this.columns = names(dataset.columns(), ", ", "");
    }

    /** All rows in the order of the key; of all columns without one, so that equal rows give equal files. */
    public String selectAll() {
        return "select " + columns + " from " + dataset.table() + " order by "
                + names(dataset.hasKey() ? dataset.key() : dataset.columns(), ", ", "");
    }

    public String selectKeys() {
        return "select " + names(dataset.key(), ", ", "") + " from " + dataset.table();
    }

    public String selectByKey() {
        return "select " + columns + " from " + dataset.table() + " where " + byKey();
    }

    /** The rows of some keys; the keys' columns are bound one key after the other. */
    public String selectByKeys(int keys) {
        var marks = Collections.nCopies(dataset.key().size(), "?");
        var one = marks.size() == 1 ? "?" : "(" + String.join(", ", marks) + ")";
        var names = names(dataset.key(), ", ", "");
        // Key by key as rows, and not as a chain of conditions: H2 finds the former by the index, the latter row by
        // row.
        return "select " + columns + " from " + dataset.table() + " where "
                + (marks.size() == 1 ? names : "(" + names + ")") + " in ("
                + String.join(", ", Collections.nCopies(keys, one)) + ")";
    }

    public String insert() {
        var marks = String.join(", ", Collections.nCopies(dataset.columns().size(), "?"));
        return "insert into " + dataset.table() + " (" + columns + ") values (" + marks + ")";
    }

    /** Sets all columns but the key's, which are bound last. */
    public String update() {
        return "update " + dataset.table() + " set " + names(valueColumns(), ", ", " = ?") + " where " + byKey();
    }

    public String delete() {
        return "delete from " + dataset.table() + " where " + byKey();
    }

    public String deleteAll() {
        return "delete from " + dataset.table();
    }

    /** All rows in any order. */
    public String selectAny() {
        return "select " + columns + " from " + dataset.table();
    }

    public String count() {
        return "select count(*) from " + dataset.table();
    }

    /** Finds out at start-up whether the table can be read. */
    String probe() {
        return "select " + columns + " from " + dataset.table() + " where 1 = 0";
    }

    public List<Column> valueColumns() {
        return dataset.columns().stream()
                .filter(column -> !dataset.key().contains(column))
                .toList();
    }

    private String byKey() {
        return names(dataset.key(), " and ", " = ?");
    }

    private static String names(List<Column> columns, String between, String after) {
        return columns.stream().map(column -> column.sqlName() + after).collect(Collectors.joining(between));
    }
}
