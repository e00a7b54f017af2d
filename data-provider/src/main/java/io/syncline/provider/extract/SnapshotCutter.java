package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.dataset.Cells;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads a dataset in one snapshot and cuts it into files; in memory are the rows of one fetch. */
@Component
class SnapshotCutter {

    private final DataSource dataSource;
    private final SqlDialect dialect;
    private final DatabaseClock clock;
    private final DatasetStates states;
    private final ChangeLog changes;
    private final ExtractFolders folders;
    private final ExtractProperties properties;
    private final JsonMapper json;

    SnapshotCutter(
            DataSource dataSource,
            SqlDialect dialect,
            DatabaseClock clock,
            DatasetStates states,
            ChangeLog changes,
            ExtractFolders folders,
            ExtractProperties properties,
            JsonMapper json) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.clock = clock;
        this.states = states;
        this.changes = changes;
        this.folders = folders;
        this.properties = properties;
        this.json = json;
    }

    /**
     * What was cut.
     *
     * @param asOf of the snapshot: of the last import in it, or its own time when the table is written elsewhere
     * @param changesSeq the last number of the change log whose change is in the snapshot for certain; null without a log
     */
    record Cut(
            Instant asOf,
            long rows,
            List<ExtractFile> files,
            @Nullable Long changesSeq) {}

    /** The extract was taken from its worker. */
    static final class GivenUpException extends IOException {}

    /** @param held whether the worker still holds the extract */
    Cut cut(Dataset dataset, Extract extract, BooleanSupplier held) throws SQLException, IOException {
        folders.create(extract);
        try (var connection = dataSource.getConnection()) {
            int isolation = connection.getTransactionIsolation();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(dialect.snapshotIsolation());
            try {
                var asOf = dataset.writtenElsewhere()
                        ? clock.now(connection)
                        : states.asOf(connection, dataset.name()).orElse(extract.asOf());
                var changesSeq = changes.lastWithin(connection, dataset.name());
                var files = files(connection, dataset, extract, held);
                folders.sync(extract);
                return new Cut(
                        asOf,
                        files.stream().mapToLong(ExtractFile::rows).sum(),
                        files,
                        dataset.changes() && changesSeq.isPresent() ? changesSeq.getAsLong() : null);
            } finally {
                connection.rollback();
                connection.setTransactionIsolation(isolation);
                connection.setAutoCommit(true);
            }
        }
    }

    private List<ExtractFile> files(Connection connection, Dataset dataset, Extract extract, BooleanSupplier held)
            throws SQLException, IOException {
        var files = new ArrayList<ExtractFile>();
        try (var statement = connection.prepareStatement(dataset.sql().selectAll())) {
            statement.setFetchSize(properties.fetchRows());
            try (var rows = statement.executeQuery()) {
                boolean more = rows.next();
                // A dataset without rows has one file without rows, so that its columns are known.
                do {
                    var name = extract.format().fileName(dataset.name(), files.size() + 1);
                    more = file(dataset, extract, name, rows, more, files, held);
                } while (more);
            }
        }
        return files;
    }

    private boolean file(
            Dataset dataset,
            Extract extract,
            String name,
            ResultSet rows,
            boolean first,
            List<ExtractFile> files,
            BooleanSupplier held)
            throws SQLException, IOException {
        boolean more = first;
        try (var file = new CompressedFile(dataset, name, extract.format(), folders.open(extract, name), json)) {
            while (more && file.rows() < extract.rowsPerFile()) {
                file.add(Cells.read(rows, dataset.columns()));
                if (file.rows() % 100 == 0 && !held.getAsBoolean()) {
                    throw new GivenUpException();
                }
                more = rows.next();
            }
            files.add(file.end());
        }
        folders.publish(extract, name);
        return more;
    }
}
