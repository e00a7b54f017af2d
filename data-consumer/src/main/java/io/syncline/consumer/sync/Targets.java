package io.syncline.consumer.sync;

import io.syncline.consumer.store.SqlDialect;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The target tables by dataset and the columns of the extract at hand. */
class Targets {

    private final JdbcTemplate jdbc;
    private final SqlDialect dialect;

    Targets(JdbcTemplate jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    JdbcTarget of(Dataset dataset, List<String> columns) {
        return dialect == SqlDialect.POSTGRESQL
                ? new PostgresTarget(jdbc, dataset, columns)
                : new JdbcTarget(jdbc, dialect, dataset, columns);
    }
}
