package io.syncline.provider.dataset;

import java.util.List;

/**
 * A dataset as configured, checked against the table's metadata.
 *
 * @param table quoted, with its schema where one is configured
 * @param tableName as configured, for people and messages
 * @param key the columns that identify a row; empty for a dataset that may have the same row more than once
 * @param changes whether whoever writes the table here records each change in the change log
 * @param captured whether its changes are read from the database's log, and not recorded by who writes here
 * @param form of the files that are imported
 */
public record Dataset(
        String name,
        String table,
        String tableName,
        List<Column> columns,
        List<Column> key,
        boolean triggerOnImport,
        String triggerType,
        boolean writtenElsewhere,
        boolean changes,
        boolean captured,
        FileForm form) {

    public boolean hasKey() {
        return !key.isEmpty();
    }

    public List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    public List<String> keyNames() {
        return key.stream().map(Column::name).toList();
    }

    /** Where the key's columns stand among the columns. */
    public int[] keyPositions() {
        return key.stream().mapToInt(columns::indexOf).toArray();
    }

    public DatasetSql sql() {
        return new DatasetSql(this);
    }
}
