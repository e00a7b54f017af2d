package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Cells;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowId;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.stereotype.Component;

/** Finds the rows of many keys in one snapshot; the connection is given back before the rest of the answer is written. */
@Component
class Lookups {

    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    private final DataSource dataSource;
    private final Strategies strategies;
    private final LookupProperties properties;
    private final LookupMeters meters;

    Lookups(DataSource dataSource, SqlDialect dialect, LookupProperties properties, LookupMeters meters) {
        this.dataSource = dataSource;
        this.properties = properties;
        this.meters = meters;
        this.strategies = new Strategies(dialect, properties.tuning());
        if (properties.strategy() != null) {
            strategies.get(properties.strategy());
        }
    }

    void answer(Dataset dataset, AskedKeys keys, Answer answer) throws IOException {
        var strategy = strategies.choose(
                properties.strategy(), dataset, keys.comparable().size());
        long began = System.nanoTime();
        var outcome = LookupMeters.Outcome.FAILED;
        try {
            long rows = keys.comparable().isEmpty() ? 0 : rows(dataset, keys, strategies.get(strategy), answer);
            for (var ids = keys.notFound().iterator(); ids.hasNext(); ) {
                answer.notFound(ids.next());
            }
            answer.end(rows, keys.size() - rows);
            meters.ids(dataset, rows, keys.size() - rows);
            outcome = LookupMeters.Outcome.COMPLETE;
        } catch (IOException gone) {
            LOG.debug("A caller did not take its answer: {}", gone.getMessage());
            outcome = LookupMeters.Outcome.CUT_OFF;
            throw gone;
        } catch (SQLException failure) {
            var known = new SQLExceptionSubclassTranslator().translate("a look-up by " + strategy, null, failure);
            throw known == null ? new IllegalStateException("A look-up by " + strategy + " failed", failure) : known;
        } finally {
            meters.time(dataset, strategy, outcome, System.nanoTime() - began);
        }
    }

    private long rows(Dataset dataset, AskedKeys keys, Strategy strategy, Answer answer)
            throws SQLException, IOException {
        try (var behind =
                new RowsBehind(answer, System.nanoTime() + properties.timeout().toNanos())) {
            var rows = new FoundAnswers(dataset, keys, behind);
            read(dataset, keys, strategy, rows);
            behind.end();
            return rows.count;
        }
    }

    private void read(Dataset dataset, AskedKeys keys, Strategy strategy, FoundRows rows)
            throws SQLException, IOException {
        try (var connection = dataSource.getConnection()) {
            strategies.inSnapshot(connection, () -> strategy.find(connection, dataset, keys.comparable(), rows));
        }
    }

    /** Answers each row that was asked for, once. */
    private static final class FoundAnswers implements FoundRows {

        private final Dataset dataset;
        private final int[] keyPositions;
        private final AskedKeys keys;
        private final RowsBehind answer;
        private long count;

        FoundAnswers(Dataset dataset, AskedKeys keys, RowsBehind answer) {
            this.dataset = dataset;
            this.keyPositions = dataset.keyPositions();
            this.keys = keys;
            this.answer = answer;
        }

        @Override
        public void row(ResultSet row) throws SQLException, IOException {
            var cells = new @Nullable String[dataset.columns().size()];
            if (!keys.find(id(row, cells))) {
                return;
            }
            Cells.readOthers(row, dataset.columns(), cells);
            answer.row(cells);
            count++;
        }

        private String id(ResultSet row, @Nullable String[] cells) throws SQLException {
            if (keyPositions.length == 1) {
                return part(row, keyPositions[0], cells);
            }
            var parts = new ArrayList<String>(keyPositions.length);
            for (int place : keyPositions) {
                parts.add(part(row, place, cells));
            }
            return RowId.write(parts);
        }

        private String part(ResultSet row, int place, @Nullable String[] cells) throws SQLException {
            var text = dataset.columns().get(place).type().read(row, place + 1);
            cells[place] = text;
            return text == null ? "" : text;
        }
    }
}
