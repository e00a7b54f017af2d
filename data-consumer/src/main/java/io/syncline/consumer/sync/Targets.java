package io.syncline.consumer.sync;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The target tables by dataset and the columns of the extract at hand. */
class Targets {

    private final JdbcTemplate jdbc;

    Targets(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    JdbcTarget of(Dataset dataset, List<String> columns) {
        return new JdbcTarget(jdbc, dataset, columns);
    }
}
