package io.syncline.scheduler.run;

import io.syncline.scheduler.store.SqlDialect;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link RunsContract} on tables; each test begins with empty ones. */
abstract class JdbcRunsContract extends RunsContract {

    private static final List<String> TABLES =
            List.of("callback", "call", "journal", "task_run", "run", "run_slot", "run_gate");

    abstract DataSource database();

    private NamedParameterJdbcTemplate jdbc() {
        return new NamedParameterJdbcTemplate(database());
    }

    @BeforeEach
    void emptyTables() {
        TABLES.forEach(table -> jdbc().update("delete from " + table, Map.of()));
    }

    @Override
    RunStore storeOf(String node) {
        return new JdbcRunStore(
                jdbc(),
                SqlDialect.of(database()),
                new TransactionTemplate(new JdbcTransactionManager(database())),
                clock,
                new RunRows(groups),
                node);
    }

    @Override
    List<Move> journal(String runId) {
        return jdbc().query(
                        "select * from journal where run_id = :run order by journal_id",
                        Map.of("run", runId),
                        (row, number) -> new Move(
                                row.getString("run_id"),
                                row.getString("task_run_id"),
                                row.getString("from_state"),
                                row.getString("to_state"),
                                row.getObject("attempt") == null ? null : row.getInt("attempt"),
                                row.getObject("fence") == null ? null : row.getLong("fence"),
                                MoveCause.valueOf(row.getString("cause")),
                                row.getString("detail"),
                                row.getString("actor")));
    }

    @Override
    void freeSlotBehindItsBack(SlotKey key) {
        jdbc().update(
                        "update run_slot set active_run_id = null where group_key = :group and ordering_key = :key",
                        Map.of("group", key.group(), "key", key.orderingKey()));
    }

    @Override
    boolean hasSlot(SlotKey key) {
        return !jdbc().queryForList(
                        "select group_key from run_slot where group_key = :group and ordering_key = :key",
                        Map.of("group", key.group(), "key", key.orderingKey()),
                        String.class)
                .isEmpty();
    }
}
