package io.syncline.consumer.users;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The copies of the view that there are. Every method runs in its caller's transaction. */
class JdbcGenerations {

    private static final String KEPT = """
            select generation from view_generation where state in ('LIVE', 'FILLING') order by generation""";

    private static final String LIVE = "select generation from live_view where view_name = 'users'";

    private final JdbcClient jdbc;

    JdbcGenerations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The generations that changes are applied to, in the order in which everybody writes them. */
    List<Long> kept() {
        return jdbc.sql(KEPT).query(Long.class).list();
    }

    long live() {
        return jdbc.sql(LIVE).query(Long.class).single();
    }
}
