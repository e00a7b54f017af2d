package io.syncline.scheduler.run;

import io.syncline.scheduler.run.RunRows.JournalRow;
import io.syncline.scheduler.store.SqlDialect;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

/** Appends one row per state change, in the transaction that makes the change. */
final class Journal {

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;
    private final String node;

    Journal(NamedParameterJdbcOperations jdbc, SqlDialect dialect, String node) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.node = node;
    }

    void append(List<Move> moves, Instant now) {
        RunRows.JOURNAL_INSERT.insert(
                jdbc,
                dialect,
                moves.stream().map(move -> new JournalRow(move, node, now)).toList());
    }
}
