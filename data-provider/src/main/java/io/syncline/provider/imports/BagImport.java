package io.syncline.provider.imports;

import io.syncline.provider.dataset.Cells;
import io.syncline.provider.dataset.Dataset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Replaces the content of a table without a key, within the connection's transaction. The same row may be there more
 * than once, so there is nothing to update: body and table are compared as a whole, however their rows are ordered, and
 * the table is left alone or filled anew. In memory is one batch of rows.
 */
final class BagImport implements NewContent {

    private final Dataset dataset;
    private final int batchRows;
    private final Bag before = new Bag();
    private final Bag after = new Bag();
    private final Optional<PreparedStatement> insert;
    private int batched;

    /** @param wanted what the body holds; the table is written only when it holds something else */
    BagImport(Connection connection, Dataset dataset, Bag wanted, int batchRows) throws SQLException {
        this.dataset = dataset;
        this.batchRows = batchRows;
        try (var statement = connection.prepareStatement(dataset.sql().selectAny())) {
            statement.setFetchSize(batchRows);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    before.add(Cells.read(rows, dataset.columns()));
                }
            }
        }
        if (before.isSameAs(wanted)) {
            insert = Optional.empty();
            return;
        }
        try (var statement = connection.prepareStatement(dataset.sql().deleteAll())) {
            statement.executeUpdate();
        }
        insert = Optional.of(connection.prepareStatement(dataset.sql().insert()));
    }

    @Override
    public void add(ImportRow row) throws SQLException {
        after.add(row.cells());
        if (insert.isPresent()) {
            Cells.bind(insert.get(), 1, dataset.columns(), row.cells());
            insert.get().addBatch();
            if (++batched == batchRows) {
                flush();
            }
        }
    }

    @Override
    public void end() throws SQLException {
        flush();
    }

    private void flush() throws SQLException {
        if (insert.isPresent() && batched > 0) {
            insert.get().executeBatch();
            batched = 0;
        }
    }

    @Override
    public long inserted() {
        return insert.isPresent() ? after.rows() : 0;
    }

    @Override
    public long updated() {
        return 0;
    }

    @Override
    public long deleted() {
        return insert.isPresent() ? before.rows() : 0;
    }

    @Override
    public long unchanged() {
        return insert.isPresent() ? 0 : after.rows();
    }

    @Override
    public void close() throws SQLException {
        if (insert.isPresent()) {
            insert.get().close();
        }
    }
}
