package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Column;
import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Oracle's global temporary table {@code lookup_key}, made by the owner of the schema: rows are seen by their session alone
 * and end with its transaction. Without statistics of its own the optimizer samples it.
 */
final class OracleTemporaryTable implements Strategy {

    private static final int PARTS = 4;

    private final BatchedInserts batches;
    private final Reading reading;

    OracleTemporaryTable(BatchedInserts batches, Reading reading) {
        this.batches = batches;
        this.reading = reading;
    }

    @Override
    public Optional<String> refusal(Dataset dataset, int keys) {
        if (dataset.key().size() > PARTS) {
            return Optional.of("the table lookup_key takes keys of at most " + PARTS + " columns");
        }
        return dataset.key().stream().allMatch(column -> isText(column) || column.type() == ColumnType.NUMBER)
                ? Optional.empty()
                : Optional.of("the table lookup_key takes keys of texts and numbers");
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        batches.fill(connection, insert(dataset), keys);
        reading.rows(connection, select(dataset), statement -> {}, found);
    }

    static String insert(Dataset dataset) {
        var columns = IntStream.rangeClosed(1, dataset.key().size())
                .mapToObj(i -> column(dataset.key().get(i - 1), i))
                .collect(Collectors.joining(", "));
        return "insert into lookup_key (" + columns + ") values ("
                + LookupSql.marks(dataset.key().size()) + ")";
    }

    static String select(Dataset dataset) {
        return new LookupSql(dataset).join("lookup_key k", i -> {
            var column = dataset.key().get(i - 1);
            var stored = "k." + column(column, i);
            // A padded column is equal to a text only when that is padded, too.
            return column.type() == ColumnType.FIXED_TEXT && column.maxLength() > 0
                    ? "rpad(" + stored + ", " + column.maxLength() + ")"
                    : stored;
        });
    }

    private static String column(Column column, int place) {
        return (isText(column) ? "text_" : "number_") + place;
    }

    private static boolean isText(Column column) {
        return column.type() == ColumnType.TEXT || column.type() == ColumnType.FIXED_TEXT;
    }
}
