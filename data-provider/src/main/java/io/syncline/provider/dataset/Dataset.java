package io.syncline.provider.dataset;

import java.util.List;

/**
 * A dataset as configured, checked against the table's metadata.
 *
 * @param table quoted, with its schema where one is configured
 */
public record Dataset(
        String name,
        String table,
        List<Column> columns,
        List<Column> key,
        boolean triggerOnImport,
        String triggerType,
        boolean writtenElsewhere) {

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
